"""How many images a data set has, and of what shape, without reading them."""

from dataclasses import dataclass
from math import ceil, prod
from pathlib import Path

import numpy as np

from neurons.core.errors import InputError
from neurons.data.arrays import array_shapes
from neurons.data.images import listed_images
from neurons.data.sources import SOURCES

ABSENT = ((28, 28), 10, 60_000, 10_000)  # what is assumed of a folder or file that does not exist: MNIST's size


@dataclass(frozen=True)
class Data:
    """Size of a data set: image shape (H, W[, 3]), classes, images of both splits, and where all that is known from."""

    image_shape: tuple[int, ...]
    classes: int
    train: int
    test: int
    source: str

    @property
    def samples(self) -> int:
        """Images of both splits."""
        return self.train + self.test

    @property
    def pixels(self) -> int:
        """Bytes of an image: its pixels, times 3 for a colour one."""
        return prod(self.image_shape)


def _image_folder(root: Path, dataset: dict) -> tuple:
    from PIL import Image

    classes, images = listed_images(root, dataset)
    if not images:
        raise InputError(f"{root}: no image in its class folders; fix the data set's 'path'")
    with Image.open(images[0]) as image:
        size = dataset.get("size", (image.height, image.width))
    return (*size, 3), len(classes), len(images), 0


def _npz(path: Path, dataset: dict) -> tuple:
    shapes = array_shapes(path)
    if "classes" in shapes:
        classes = shapes["classes"][0]
    else:
        with np.load(path, allow_pickle=False) as archive:
            classes = len(np.unique(archive["y_train"]))
    return shapes["x_train"][1:], classes, shapes["x_train"][0], shapes["x_test"][0]


def size_of(name: str, dataset: dict, data_dir: Path) -> Data:
    """Return the size of data set `name` of a configuration (resolved), from its raw data where it is not published.

    Raises
    ------
    InputError
        If a folder holds no image, or an `.npz` file cannot be read.
    """
    published = SOURCES[dataset["source"]].size
    if published:
        (shape, classes, train, test), known = vars(published).values(), "published size"
    else:
        path, read = data_dir / dataset["path"], {"image_folder": _image_folder, "npz": _npz}[dataset["source"]]
        known = str(path) if path.exists() else f"assumed, since {path} does not exist"
        absent = ((*dataset.get("size", ABSENT[0]), 3), *ABSENT[1:])
        shape, classes, train, test = read(path, dataset) if path.exists() else absent
    if not test:  # not split yet; scikit-learn rounds the test's share up
        test = ceil(train * dataset.get("test_share", 0.2))
        train -= test
    train = min(train, dataset.get("train_samples", train))
    shape = tuple(shape[:2]) if dataset.get("grayscale") else tuple(shape)
    text = " x ".join(map(str, shape))
    return Data(shape, classes, train, test, f"{name}: {train:,} + {test:,} images of {text}, {known}")
