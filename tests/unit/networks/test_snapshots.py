import os
import pickle
import zipfile

import numpy as np
import pytest
import torch
from torchvision.models import get_model, inception_v3

from neurons.core.errors import InputError
from neurons.networks.build import build
from neurons.networks.snapshots import load_pretrained, load_weights, read_snapshot, read_weights

SETTINGS = {"filters": [], "hidden": [7, 5], "dropout": 0.5}


@pytest.fixture
def snapshot(tmp_path):
    torch.save({"model": build(SETTINGS, (4, 4), 3).state_dict(), "run": "toy", "epoch": 2}, tmp_path / "01.pt")
    return tmp_path / "01.pt"


def test_read_snapshot(snapshot):
    state = read_snapshot(snapshot)
    assert (state["run"], state["epoch"]) == ("toy", 2)
    assert state["model"]["hidden.0.weight"].shape == (7, 16)


class Attack:
    """Unpickling it would create a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


def test_pickled_code_is_refused_and_not_run(tmp_path):
    torch.save({"model": {}, "extra": Attack(tmp_path / "attacked")}, tmp_path / "01.pt")
    with pytest.raises(InputError, match="01.pt: refused: it holds pickled code"):
        read_snapshot(tmp_path / "01.pt")
    assert not (tmp_path / "attacked").exists()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_snapshot_cut_short(snapshot, share):
    whole = snapshot.read_bytes()
    snapshot.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError, match="01.pt: not a readable snapshot"):
        read_snapshot(snapshot)


@pytest.mark.parametrize("missing", [1, 10, 500])
def test_a_snapshot_that_lacks_its_end(snapshot, missing):
    snapshot.write_bytes(snapshot.read_bytes()[:-missing])
    with pytest.raises(InputError, match="01.pt: not a readable snapshot"):
        read_snapshot(snapshot)


@pytest.mark.parametrize("content", [b"", b"garbage garbage"])
def test_not_a_file_of_torch(tmp_path, content):
    (tmp_path / "01.pt").write_bytes(content)
    with pytest.raises(InputError, match="01.pt: not a readable snapshot"):
        read_snapshot(tmp_path / "01.pt")


def test_no_snapshot(tmp_path):
    with pytest.raises(InputError, match="01.pt: no such file"):
        read_snapshot(tmp_path / "01.pt")


def test_weights_that_are_no_tensors():
    with pytest.raises(InputError, match="hidden.0.weight is none there"):
        load_weights(build(SETTINGS, (4, 4), 3), {"hidden.0.weight": 3}, "01.pt")


@pytest.mark.parametrize("content", [[1, 2], {"weights": {}}, torch.zeros(3)])
def test_not_a_snapshot(tmp_path, content):
    torch.save(content, tmp_path / "01.pt")
    with pytest.raises(InputError, match="not a snapshot of this workflow"):
        read_snapshot(tmp_path / "01.pt")


@pytest.mark.parametrize(
    "settings, parameter",
    [
        ({"hidden": [7, 6]}, r"hidden.1.weight is \(5, 7\) there and \(6, 7\) in"),
        ({"hidden": [7]}, r"output.weight is \(3, 5\) there and \(3, 7\) in"),
        ({"hidden": [7, 5, 3]}, "hidden.2.weight is none there"),
        ({"filters": [2]}, "convolutions.0.weight is none there"),
    ],
)
def test_another_architecture_is_refused_by_parameter(snapshot, settings, parameter):
    model = build(SETTINGS | settings, (4, 4), 3)
    with pytest.raises(InputError, match=f"01.pt: a snapshot of another architecture: {parameter}"):
        load_weights(model, read_snapshot(snapshot)["model"], snapshot)


def test_load_weights(snapshot):
    model, weights = build(SETTINGS, (4, 4), 3), read_snapshot(snapshot)["model"]
    load_weights(model, weights, snapshot)
    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())


def test_local_weight_file(tmp_path):
    torch.manual_seed(0)
    made = get_model("resnet18", weights=None, num_classes=7)
    torch.save(made.state_dict(), tmp_path / "w.pth")
    model = build({"name": "resnet18"}, (32, 32, 3), 4)
    load_pretrained(model, tmp_path / "w.pth")
    assert torch.equal(model.state_dict()["conv1.weight"], made.state_dict()["conv1.weight"])
    assert model.state_dict()["fc.weight"].shape == (4, 512)
    torch.save(made, tmp_path / "code.pth")
    with pytest.raises(InputError, match="pickled code"):
        load_pretrained(model, tmp_path / "code.pth")
    torch.save({"a": 1}, tmp_path / "other.pth")
    with pytest.raises(InputError, match="not a state dict"):
        load_pretrained(model, tmp_path / "other.pth")
    with pytest.raises(InputError, match="another architecture"):
        load_pretrained(build({"name": "resnet50"}, (32, 32, 3), 4), tmp_path / "w.pth")


def test_weight_file_with_auxiliary_heads(tmp_path):
    made = inception_v3(weights=None, num_classes=10, aux_logits=True, init_weights=False)
    torch.save(made.state_dict(), tmp_path / "w.pth")
    model = build({"name": "inception_v3"}, (75, 75, 3), 10)
    load_pretrained(model, tmp_path / "w.pth")
    np.testing.assert_array_equal(model.state_dict()["fc.weight"], made.fc.weight.detach())


def not_zipped(content, path):
    torch.save(content, path, _use_new_zipfile_serialization=False)


@pytest.mark.parametrize("write", [torch.save, not_zipped])
@pytest.mark.parametrize("key", [None, "model", "state_dict", "model_state_dict"])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_imported_weights_are_read_in_all_their_forms(tmp_path, write, key, prefix):
    weights = build(SETTINGS, (4, 4), 3).state_dict()
    content = {prefix + name: tensor for name, tensor in weights.items()}
    write({key: content, "epoch": 3} if key else content, tmp_path / "01.pt")
    read = read_weights(tmp_path / "01.pt")
    assert list(read) == list(weights)
    assert all(torch.equal(read[name], tensor) for name, tensor in weights.items())


@pytest.mark.parametrize("write", [torch.save, not_zipped])
@pytest.mark.parametrize(
    "content, message",
    [
        ({1: torch.zeros(2)}, "its entry 1 is no parameter"),
        ({("a", "b"): torch.zeros(2)}, "is no parameter"),
        ({"a": torch.zeros(2), "epoch": 3}, "its entry 'epoch' is no parameter"),
        ({"model": {}}, "it holds no parameters"),
        ({}, "it holds no parameters"),
        ([torch.zeros(2)], "but list"),
        (torch.zeros(2), "but Tensor"),
        (None, "but NoneType"),
        ("weights", "but str"),
    ],
)
def test_what_is_no_state_dict_is_refused(tmp_path, write, content, message):
    write(content, tmp_path / "01.pt")
    with pytest.raises(InputError, match=f"01.pt: not a state dict.*{message}; save it with torch.save") as error:
        read_weights(tmp_path / "01.pt")
    assert "\n" not in str(error.value)


CONTENTS = {
    "empty": b"",
    "text": b"these are no weights\n" * 100,
    "pickle": pickle.dumps({"a": 1}),
    "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(500),
    "zip of others": None,
    "old form, cut": b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19",
    "old form, damaged": b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19" + b"\xff" * 300,
}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("read, remedy", [(read_snapshot, "delete it and run again"), (read_weights, "save it with")])
def test_files_that_are_no_snapshots_are_one_line(tmp_path, name, read, remedy):
    path = tmp_path / "01.pt"
    if CONTENTS[name] is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("notes.txt", "no weights")
    else:
        path.write_bytes(CONTENTS[name])
    with pytest.raises(
        InputError, match=f"01.pt: (not a readable snapshot|refused: it holds pickled code).*; {remedy}"
    ) as error:
        read(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
@pytest.mark.parametrize("read", [read_snapshot, read_weights])
def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path, make, read):
    make(tmp_path / "01.pt")
    with pytest.raises(InputError, match="01.pt: not a regular file"):
        read(tmp_path / "01.pt")


@pytest.mark.parametrize("made", [lambda t: t.to("meta"), lambda t: t.to_sparse()], ids=["meta", "sparse"])
def test_weights_without_plain_values_are_refused(made):
    model = build(SETTINGS, (4, 4), 3)
    weights = {name: made(tensor) for name, tensor in model.state_dict().items()}
    with pytest.raises(InputError, match="01.pt: its weights cannot be taken over"):
        load_weights(model, weights, "01.pt")
