"""Snapshots that a user brings in place of training."""

import h5py
import numpy as np
import pytest
import torch
from samples import files_in

from neurons.core.errors import InputError
from neurons.networks.build import build
from neurons.networks.snapshots import import_snapshot, read_snapshot

MLP = {"filters": [], "hidden": [8, 6], "dropout": 0.0}
SETTINGS = {"model": MLP, "training": {"epochs_per_iteration": 2}}


@pytest.fixture
def data(tmp_path):
    """A converted data set of 6 x 6 images in three classes."""
    path = tmp_path / "data.h5"
    with h5py.File(path, "w") as file:
        file.attrs["classes"] = ["a", "b", "c"]
        file["train/images"] = np.zeros((3, 6, 6), np.uint8)
    return path


def imported(tmp_path, data):
    import_snapshot(tmp_path / "weights", data, "mine", 4, 3, SETTINGS, tmp_path / "out" / "03.pt")
    return read_snapshot(tmp_path / "out" / "03.pt")


@pytest.fixture
def given(tmp_path):
    """A writer of `weights/03.pt`; returns its path."""
    (tmp_path / "weights").mkdir()

    def write(content):
        path = tmp_path / "weights" / "03.pt"
        path.write_bytes(content) if isinstance(content, bytes) else torch.save(content, path)
        return path

    return write


def test_weights_become_a_snapshot(tmp_path, data, given):
    weights = build(MLP, (6, 6), 3).state_dict()
    given({"state_dict": {f"module.{name}": tensor for name, tensor in weights.items()}, "epoch": 90})
    state = imported(tmp_path, data)
    assert {key: state[key] for key in ("run", "seed", "iteration", "epoch")} == {
        "run": "mine",
        "seed": 4,
        "iteration": 3,
        "epoch": 6,
    }
    assert all(torch.equal(state["model"][name], tensor) for name, tensor in weights.items())


def without(name):
    return {key: tensor for key, tensor in build(MLP, (6, 6), 3).state_dict().items() if key != name}


@pytest.mark.parametrize(
    "content, message",
    [
        (build(MLP | {"hidden": [5]}, (6, 6), 3).state_dict(), "another architecture: hidden.0.weight"),
        (without("output.bias"), "another architecture: output.bias is none there"),
        (without("") | {"more": torch.zeros(2)}, "another architecture: more is .* there and none in"),
        (without("") | {"output.bias": torch.tensor([0, float("nan"), 0])}, "a weight is not finite; fix the snapshot"),
        (without("") | {"output.bias": torch.tensor([0, float("inf"), 0])}, "a weight is not finite; fix the snapshot"),
        (without("") | {7: torch.zeros(2)}, "not a state dict: its entry 7 is no parameter"),
        ({}, "not a state dict: it holds no parameters"),
        (b"", "not a readable snapshot"),
        (b"some text\n", "not a readable snapshot"),
    ],
)
def test_weights_that_do_not_fit_are_one_line_and_no_snapshot(tmp_path, data, given, content, message):
    given(content)
    with pytest.raises(InputError, match=f"weights/03.pt: .*{message}") as error:
        imported(tmp_path, data)
    assert "\n" not in str(error.value)
    assert files_in(tmp_path) == ["data.h5", "weights/03.pt"]


def test_a_missing_snapshot(tmp_path, data):
    with pytest.raises(InputError, match=r"weights/03.pt: no such file; save it with torch.save"):
        imported(tmp_path, data)
