"""Sizes of data sets, told before they are converted, against what conversion makes of them."""

import h5py
import numpy as np
import pytest
from PIL import Image

from neurons.core.errors import InputError
from neurons.data.convert import convert
from neurons.data.size import size_of


@pytest.fixture
def images(tmp_path):
    """A folder of two classes, 7 and 4 colour images of 6 x 5, and a file that is no image."""
    for name, n in (("cat", 7), ("dog", 4)):
        (tmp_path / "raw" / name).mkdir(parents=True)
        (tmp_path / "raw" / name / "notes.txt").write_text("none")
        for i in range(n):
            Image.new("RGB", (5, 6), (i, 0, 0)).save(tmp_path / "raw" / name / f"{i}.png")
    return tmp_path


@pytest.fixture
def arrays(tmp_path):
    labels = np.array([0, 1, 2] * 4)
    pixels = np.zeros((12, 4, 3), np.uint8)
    np.savez(tmp_path / "own.npz", x_train=pixels, y_train=labels, x_test=pixels[:5], y_test=labels[:5])
    return tmp_path


@pytest.mark.parametrize(
    "dataset",
    [
        {"source": "digits"},
        {"source": "digits", "test_share": 0.33},
        {"source": "digits", "train_samples": 400},
        {"source": "image_folder", "path": "raw", "test_share": 0.3},
        {"source": "image_folder", "path": "raw", "size": [3, 2], "grayscale": True, "test_share": 0.5},
        {"source": "npz", "path": "own.npz"},
    ],
)
def test_sizes_are_those_of_the_converted_data(images, arrays, dataset):
    convert("own", dataset, images, images / "own.h5")
    told = size_of("own", dataset, images)
    with h5py.File(images / "own.h5") as file:
        shapes = [file[f"{split}/images"].shape for split in ("train", "test")]
        assert (told.train, *told.image_shape) == shapes[0] and told.test == shapes[1][0]
        assert told.classes == len(file.attrs["classes"])
        assert told.pixels * told.samples == file["train/images"].nbytes + file["test/images"].nbytes
    assert "assumed" not in told.source


def test_what_is_not_there_is_assumed_and_said(tmp_path):
    told = size_of("plants", {"source": "image_folder", "path": "raw", "size": [64, 48]}, tmp_path)
    assert told.image_shape == (64, 48, 3) and told.train == 60_000
    assert "assumed" in told.source and str(tmp_path / "raw") in told.source


def test_a_damaged_file_is_one_line(tmp_path):
    (tmp_path / "own.npz").write_bytes(b"none")
    with pytest.raises(InputError, match=r"own\.npz: not a readable"):
        size_of("own", {"source": "npz", "path": "own.npz"}, tmp_path)
    (tmp_path / "raw/cat").mkdir(parents=True)
    with pytest.raises(InputError, match="raw: no image in its class folders"):
        size_of("own", {"source": "image_folder", "path": "raw"}, tmp_path)
