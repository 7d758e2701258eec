"""Training of the CNNs, with all options on: resuming gives the same bytes."""

import h5py
import numpy as np
import pytest
import torch
from samples import ALL_OPTIONS as OPTIONS

from neurons.training import loop as training
from neurons.training.loop import train

CPU = torch.device("cpu")


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.h5"
    rng = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        file.attrs["classes"] = ["a", "b", "c"]
        for split, n in (("train", 40), ("test", 12)):
            file[f"{split}/images"] = rng.integers(0, 256, (n, 12, 12, 3), np.uint8)
            file[f"{split}/labels"] = np.arange(n) % 3
    return path


def run(data, folder, options=OPTIONS):
    paths = [folder / "snapshots" / f"{i:02d}.pt" for i in range(options["iterations"] + 1)]
    settings = {"model": {"name": "shufflenet_v2_x0_5"}, "training": options, "labels": "given"}
    train(data, "r", settings, 0, paths, folder / "history.csv", folder / "classes.csv", "code", CPU)
    return {path.name: path.read_bytes() for path in [*paths, folder / "history.csv", folder / "classes.csv"]}


def test_resumed_training_gives_the_same_bytes(data, tmp_path, monkeypatch):
    torch.set_num_threads(1)
    whole = run(data, tmp_path / "whole")
    real, epochs = training.train_epoch, []

    def killed(*args, **kwargs):
        if len(epochs) == 2:
            raise KeyboardInterrupt
        epochs.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(training, "train_epoch", killed)
    with pytest.raises(KeyboardInterrupt):
        run(data, tmp_path / "resumed")
    monkeypatch.setattr(training, "train_epoch", real)
    assert run(data, tmp_path / "resumed") == whole


def test_last_batch_of_one_joins_the_one_before_where_batches_are_normalised():
    assert [len(batch) for batch in training._batches(27, 13, True, CPU)] == [13, 14]
    assert [len(batch) for batch in training._batches(27, 13, False, CPU)] == [13, 13, 1]
