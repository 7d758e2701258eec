"""The boosted model, written and read back: its accuracy is the table's."""

import h5py
import numpy as np
import pytest
import torch

from neurons.auxiliary.boosted import BoostedClassifier, write_boosted
from neurons.auxiliary.model import write_auxiliary
from neurons.auxiliary.probabilities import write_patterns
from neurons.core.errors import InputError
from neurons.dumps.write import dump
from neurons.networks.build import build
from neurons.networks.plain import initialise
from neurons.networks.snapshots import import_snapshot

CPU = torch.device("cpu")
OPTIONS = {"epochs": 20, "batch_size": 16, "learning_rate": 0.01, "dropout": 0.0}
OWN = """
from torch import nn

def mine(image_shape, classes):
    return nn.Sequential(nn.Flatten(), nn.Linear(36, 8), nn.ReLU(), nn.Linear(8, classes))
"""
MLP = {"filters": [], "hidden": [8, 6], "dropout": 0.0}


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(0)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file.attrs["classes"] = ["a", "b", "c"]
        for split, n in (("train", 120), ("test", 90)):
            labels = np.arange(n) % 3
            file[f"{split}/labels"] = labels
            file[f"{split}/images"] = (rng.integers(0, 120, (n, 6, 6)) + 60 * labels[:, None, None]).astype(np.uint8)
    return tmp_path / "data.h5"


def boosted(folder, data, model_settings):
    model = build(model_settings, (6, 6), 3)
    torch.manual_seed(1)
    initialise(model, 1)
    torch.save(model.state_dict(), folder / "01.pt")
    settings = {"model": model_settings, "labels": "given", "dumps": {"dtype": "float32"}}
    settings["training"] = {"epochs_per_iteration": 2}
    import_snapshot(folder, data, "r", 0, 1, settings, folder / "snapshot.pt")
    dump(folder / "snapshot.pt", data, settings, "x", folder / "dump.h5", CPU)
    write_patterns(folder / "dump.h5", folder / "p.h5", ["all", "last1"])
    write_auxiliary([folder / "p.h5"], OPTIONS, 0, [folder / "01.csv"], folder / "models.pt", CPU)
    write_boosted(
        folder / "snapshot.pt", folder / "p.h5", folder / "models.pt", data, model_settings, folder / "boosted.pt"
    )
    lines = (folder / "01.csv").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("all,auxiliary,test,")).split(",")[-1])


@pytest.mark.parametrize("settings", [MLP, MLP | {"filters": [4]}], ids=["mlp", "convnet"])
def test_accuracy_equals_the_tables(tmp_path, data, settings):
    expected = boosted(tmp_path, data, settings)
    model = BoostedClassifier.load(tmp_path / "boosted.pt")
    with h5py.File(data) as file:
        images, labels = torch.from_numpy(file["test/images"][:]), torch.from_numpy(file["test/labels"][:])
    probabilities = model(images)
    torch.testing.assert_close(probabilities.sum(1), torch.ones(90))
    assert (probabilities.argmax(1) == labels).double().mean().item() == pytest.approx(expected, abs=1e-6)
    torch.testing.assert_close(model(images.float() / 255), probabilities)
    torch.testing.assert_close(torch.cat([model(images[d : d + 1]) for d in range(90)]), probabilities)
    torch.load(tmp_path / "boosted.pt", weights_only=True)


def test_own_model_is_passed_in_and_no_code_is_run(tmp_path, data):
    (tmp_path / "own.py").write_text(OWN)
    settings = {"module": str(tmp_path / "own.py"), "builder": "mine"}
    boosted(tmp_path, data, settings)
    (tmp_path / "own.py").write_text("raise SystemExit('run')")
    with pytest.raises(InputError, match="pass it as base="):
        BoostedClassifier.load(tmp_path / "boosted.pt")
    (tmp_path / "own.py").write_text(OWN)
    model = BoostedClassifier.load(tmp_path / "boosted.pt", base=build(settings, (6, 6), 3))
    assert model(torch.zeros(2, 6, 6, dtype=torch.uint8)).shape == (2, 3)


def test_damaged_file_is_refused(tmp_path):
    (tmp_path / "b.pt").write_bytes(b"no")
    with pytest.raises(InputError, match=r"b\.pt"):
        BoostedClassifier.load(tmp_path / "b.pt")
