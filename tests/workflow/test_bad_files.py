"""Missing, damaged, foreign and hostile files: one line that says what is wrong, and nothing left of the job."""

import pickle
import shutil
from pathlib import Path

import h5py
import hdf5plugin  # noqa: F401 - reads the dumps' compression
import numpy as np
import pytest
import torch

from running import refused


def write_npz(path, y_train) -> None:
    images = np.zeros((len(y_train), 4, 4), np.uint8)
    labels = np.array(y_train)
    names = np.array(["first", "second", "third"])
    np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels, classes=names)


DATASETS = {
    "no-folder": ({"source": "mnist"}, "fetch_dataset", ["MNIST", "not there", "download"]),
    "no-archive": ({"source": "cifar10"}, "fetch_dataset", ["cifar-10", "not there", "download"]),
    "no-file": ({"source": "npz", "path": "none.npz"}, "fetch_dataset", ["none.npz", "not there"]),
    "no-images": ({"source": "image_folder", "path": "images"}, "convert_dataset", ["images", "class folders"]),
    "outside": ({"source": "npz", "path": "outside.npz"}, "convert_dataset", ["label 3", "outside the 3 classes"]),
    "negative": ({"source": "npz", "path": "negative.npz"}, "convert_dataset", ["label -1", "outside"]),
    "without": ({"source": "npz", "path": "without.npz"}, "convert_dataset", ["class 1", "no sample"]),
    "no-archive-at-all": ({"source": "npz", "path": "text.npz"}, "convert_dataset", ["text.npz", "not a readable"]),
    "floats": ({"source": "npz", "path": "floats.npz"}, "convert_dataset", ["floats.npz", "uint8"]),
}


@pytest.fixture(scope="module")
def bad_data(new_place):
    """All bad data sets in one call of Snakemake."""
    place = new_place("bad-data")
    data = place / "raw"
    (data / "images").mkdir(parents=True)
    write_npz(data / "outside.npz", [0, 1, 2, 3])
    write_npz(data / "negative.npz", [0, 1, 2, -1])
    write_npz(data / "without.npz", [0, 0, 2, 2])
    (data / "text.npz").write_text("no archive")
    floats = np.zeros((3, 4, 4))
    np.savez(data / "floats.npz", x_train=floats, y_train=np.arange(3), x_test=floats, y_test=np.arange(3))
    config = {
        "data_dir": "raw",
        "download": False,
        "datasets": {name: dataset for name, (dataset, _, _) in DATASETS.items()},
        "runs": {"tiny": {"dataset": "outside"}},
    }
    before = place.files("raw")
    outcome = place.run(config, "--keep-going", *(f"results/data/{name}.h5" for name in DATASETS))
    assert place.files("raw") == before
    return place, outcome


@pytest.mark.parametrize("name", DATASETS)
def test_bad_data_are_refused(bad_data, name):
    _, rule, words = DATASETS[name]
    refused(*bad_data, f"logs/{rule}/{name}.log", f"results/data/{name}.h5", words)


def remove(path):
    path.unlink()


def cut_short(path):
    with open(path, "r+b") as stream:
        stream.truncate(path.stat().st_size // 2)


def make_foreign(path):
    path.unlink()
    with h5py.File(path, "w") as file:
        file["x"] = np.zeros(3)


def put(value: float):
    def edit(path):
        with h5py.File(path, "r+") as file:
            file["train/layers/dense_2"][5, 3] = value

    return edit


def shuffle_rows(path):
    with h5py.File(path, "r+") as file:
        file["test/labels"][0] = 9


def forget_class(path):
    with h5py.File(path, "r+") as file:
        labels = file["train/labels"][:]
        file["train/labels"][:] = np.where(labels == 4, 5, labels)


def rename(path):
    with h5py.File(path, "r+") as file:
        file.attrs["iteration"] = 2


DUMPS = {
    "gone": (remove, ["01.h5", "no such dump"]),
    "cut": (cut_short, ["01.h5", "not a readable HDF5 file"]),
    "foreign": (make_foreign, ["01.h5", "not an activation dump", "'run' is missing"]),
    "nan": (put(float("nan")), ["train, layer dense_2", "NaN"]),
    "infinite": (put(float("inf")), ["train, layer dense_2", "infinite"]),
    "negative": (put(-1.0), ["train, layer dense_2", "negative"]),
    "unsorted": (shuffle_rows, ["test", "not sorted by class"]),
    "classless": (forget_class, ["train", "class 4 has no sample"]),
    "misnamed": (rename, ["01.h5", "'iteration' is 2"]),
}


@pytest.fixture(scope="module")
def bad_dumps(new_place, finished_run):
    """All bad dumps in one call of Snakemake."""
    finished, _ = finished_run
    place = new_place("bad-dumps")
    for name, (damage, _) in DUMPS.items():
        (place / name).mkdir(parents=True)
        dump = place / name / "01.h5"
        shutil.copyfile(finished / "results/tiny/seed-0/activations/01.h5", dump)
        damage(dump)
    config = {"runs": {name: {"activations": name, "training": {"iterations": 1}} for name in DUMPS}}
    targets = [f"results/{name}/seed-0/activations/01.h5" for name in DUMPS]
    return place, place.run(config, "--keep-going", *targets)


@pytest.mark.parametrize("name", DUMPS)
def test_bad_dumps_are_refused(bad_dumps, name):
    log, target = f"logs/import_activations/{name}/seed-0/01.log", f"results/{name}/seed-0/activations/01.h5"
    refused(*bad_dumps, log, target, DUMPS[name][1])
    assert not (bad_dumps[0] / target).is_symlink()


def test_a_layer_with_fewer_neurons_than_wanted_gives_all_with_a_warning(finished_copy, tiny, alter):
    finished_copy.make(alter(tiny, graph={"top_neurons": 10}), "results/tiny/seed-0/graphs/01.h5")
    log = (finished_copy / "logs/build_graphs/tiny/seed-0/01.log").read_text()
    assert "warning" in log and "dense_2" in log and "8 neurons" in log and "dense_1" not in log
    with h5py.File(finished_copy / "results/tiny/seed-0/graphs/01.h5") as graphs:
        assert [graphs[name].attrs["top_neurons"] for name in ("dense_1", "dense_2")] == [10, 8]


def test_a_loss_that_is_not_finite_names_the_epoch(finished_copy, tiny, alter):
    config = alter(tiny, training={"iterations": 3, "optimizer": "sgd", "learning_rate": 1e30})
    outcome = finished_copy.run(config, "results/tiny/seed-0/snapshots/03.pt")
    words = ["loss is", "epoch 1", "training.learning_rate"]
    refused(finished_copy, outcome, "logs/train_model/tiny/seed-0.log", "results/tiny/seed-0/snapshots/03.pt", words)
    assert not (finished_copy / "results/tiny/seed-0/history.csv").exists()


class Hostile:
    """Unpickled carelessly, this makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def save_bare(snapshot, path) -> None:
    path.write_bytes(pickle.dumps(snapshot))


@pytest.mark.parametrize(
    "save, words",
    [(torch.save, ["refused", "code"]), (save_bare, ["not a readable snapshot"])],
    ids=["torch", "pickle"],
)
def test_a_snapshot_with_code_in_it_is_refused_and_the_code_does_not_run(finished_copy, tiny, save, words):
    mark, target = finished_copy / "the-code-ran", "results/tiny/seed-0/activations/02.h5"
    save({"model": Hostile(mark)}, finished_copy / "results/tiny/seed-0/snapshots/02.pt")
    outcome = finished_copy.run(tiny, target)
    log = "logs/dump_activations/tiny/seed-0/02.log"
    refused(finished_copy, outcome, log, target, ["snapshots/02.pt", *words])
    assert not mark.exists()
