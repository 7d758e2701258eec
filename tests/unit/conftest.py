"""Small arrays and files that the unit tests are made on. Nothing in here uses the library."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from samples import relu_values


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def root() -> Path:
    """The project's own folder."""
    return Path(__file__).parents[2]


@pytest.fixture
def small_dump(tmp_path, rng):
    """A writer of dumps in the contract's form, by h5py alone; returns (path, arrays).

    3 classes of 5, 1 and 4 training samples (2 each in the test split), layers of 6 and 4 neurons unless told.
    """

    def write(name="01.h5", widths=None, dtype="f4", chunks=None, test=True, change=None, **attributes):
        path, widths = tmp_path / name, widths or {"dense_1": 6, "dense_2": 4}
        labels = {"train": np.repeat([0, 1, 2], [5, 1, 4])} | ({"test": np.repeat([0, 1, 2], 2)} if test else {})
        arrays = {}
        for split, own in labels.items():
            outputs = rng.random((len(own), 3)).astype("f4")
            arrays[f"{split}/labels"], arrays[f"{split}/index"] = own, rng.permutation(len(own))
            arrays[f"{split}/probabilities"] = outputs / outputs.sum(axis=1, keepdims=True)
            for layer, width in widths.items():
                arrays[f"{split}/layers/{layer}"] = relu_values(rng, len(own), width).astype(dtype)
        if change:
            change(arrays)
        root = {"run": "tiny", "seed": 0, "iteration": 1, "epoch": 1, "classes": ["a", "b", "c"], "layers": [*widths]}
        with h5py.File(path, "w") as file:
            for key, value in (root | attributes).items():
                if value is not None:
                    file.attrs[key] = value
            for key, value in arrays.items():
                shape = (chunks, value.shape[1]) if chunks and "layers" in key else None
                file.create_dataset(key, data=value, chunks=shape)
        return path, arrays

    return write


@pytest.fixture
def small_data(tmp_path, rng):
    """A converted data set of 41 training and 23 test images of 4 x 5 pixels in 3 classes; returns (path, arrays)."""
    path, arrays = tmp_path / "data.h5", {}
    with h5py.File(path, "w") as file:
        file.attrs["name"], file.attrs["classes"] = "toy", ["a", "b", "c"]
        for split, n in (("train", 41), ("test", 23)):
            labels = rng.permutation(np.arange(n) % 3)
            images = rng.integers(0, 120, (n, 4, 5)) + 60 * labels[:, None, None]
            arrays[f"{split}/images"], arrays[f"{split}/labels"] = images.astype(np.uint8), labels
        for key, value in arrays.items():
            file[key] = value
    return path, arrays
