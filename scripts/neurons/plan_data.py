"""How many images a data set has, and of what shape, without reading them."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from neurons.datasets import SPLITS
from neurons.errors import InputError
from neurons.hdf5 import open_hdf5

# Published sizes: image shape, classes, training and test images.
KNOWN = {
    "digits": ((8, 8), 10, 1797),
    "mnist": ((28, 28), 10, 60_000, 10_000),
    "fashion_mnist": ((28, 28), 10, 60_000, 10_000),
    "cifar10": ((32, 32, 3), 10, 50_000, 10_000),
    "cifar100": ((32, 32, 3), 100, 50_000, 10_000),
}
ABSENT = ((28, 28), 10, 60_000, 10_000)  # what is taken for a folder or file that is not there: MNIST's size


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
        return self.train + self.test

    @property
    def pixels(self) -> int:
        """Bytes of an image: its pixels, times 3 for a colour one."""
        return int(np.prod(self.image_shape))


def _split(total: int, share: float) -> tuple[int, int]:
    """Return the images of train and test, rounded as scikit-learn does."""
    test = int(np.ceil(total * share))
    return total - test, test


def _image_folder(root: Path, dataset: dict) -> tuple | None:
    from PIL import Image

    if not root.is_dir():
        return None
    endings = Image.registered_extensions()
    classes = dataset.get("classes") or sorted(path.name for path in root.iterdir() if path.is_dir())
    images = [
        path
        for name in classes
        if (root / name).is_dir()
        for path in sorted((root / name).iterdir())
        if path.suffix.lower() in endings
    ]
    if not images:
        raise InputError(f"{root}: no image in its class folders; mend the data set's 'path'")
    if "size" in dataset:
        size = tuple(dataset["size"])
    else:
        with Image.open(images[0]) as image:
            size = (image.height, image.width)
    return (*size, 3), len(classes), *_split(len(images), dataset.get("test_share", 0.2))


def _npz(path: Path) -> tuple | None:
    if not path.is_file():
        return None
    shapes = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for split in SPLITS:
                with archive.open(f"x_{split}.npy") as stream:
                    version = np.lib.format.read_magic(stream)
                    read = (
                        np.lib.format.read_array_header_1_0
                        if version == (1, 0)
                        else np.lib.format.read_array_header_2_0
                    )
                    shapes[split] = read(stream)[0]
        with np.load(path, allow_pickle=False) as archive:
            classes = len(archive["classes"]) if "classes" in archive else int(archive["y_train"].max()) + 1
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: not a readable .npz with x_train, y_train and x_test ({error})") from None
    return shapes["train"][1:], classes, shapes["train"][0], shapes["test"][0]


def size_of(name: str, dataset: dict, data_dir: Path) -> Data:
    """Return the size of data set `name` of a configuration (resolved), from its raw data where they are to be asked.

    Raises
    ------
    InputError
        If a folder holds no image, or an `.npz` file cannot be read.
    """
    source, known = dataset["source"], "published size"
    if source == "digits":
        shape, classes, total = KNOWN[source]
        found = (shape, classes, *_split(total, dataset.get("test_share", 0.2)))
    elif source in KNOWN:
        found = KNOWN[source]
    else:
        path = data_dir / dataset["path"]
        found, known = (_image_folder(path, dataset) if source == "image_folder" else _npz(path)), f"{path}"
        if found is None:
            shape, *rest = ABSENT
            found = ((*dataset.get("size", shape), 3), *rest)
            known = f"assumed, since {path} is not there"
    shape, classes, train, test = found
    shape = tuple(shape[:2]) if dataset.get("grayscale") else tuple(shape)
    return Data(shape, classes, train, test, f"{name}: {train:,} + {test:,} images of {_size_text(shape)}, {known}")


def _size_text(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def size_of_dump(path) -> tuple[Data, tuple[int, ...]]:
    """Return the size of the data set behind a dump made elsewhere, and the neurons of its layers.

    Images are taken as having no pixel: an imported run has none.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    with open_hdf5(path) as file:
        layers = [str(name) for name in file.attrs["layers"]]
        counts = [len(file[f"{split}/labels"]) if split in file else 0 for split in SPLITS]
        widths = tuple(_width(file, layer) for layer in layers)
        return Data((0, 0), len(file.attrs["classes"]), *counts, f"{path}"), widths


def _width(file: h5py.File, layer: str) -> int:
    return file[f"train/layers/{layer}"].shape[1]
