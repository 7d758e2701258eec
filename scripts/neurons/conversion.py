"""Converting data sets: every source is read into one HDF5 form."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from neurons.datasets import SPLITS, check_labels
from neurons.downloads import SOURCES
from neurons.errors import InputError
from neurons.hdf5 import create_hdf5

BLOCK = 8192  # images converted to gray at once


def read_idx(path: Path) -> np.ndarray:
    """Read an IDX file of unsigned bytes (MNIST's format), plain or gzipped.

    Raises
    ------
    InputError
        If the file is not IDX or is cut short.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as stream:
            raw = stream.read()
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({error}); delete it and run again") from None
    if len(raw) < 4 or raw[:3] != b"\0\0\x08" or len(raw) < 4 + 4 * raw[3]:
        raise InputError(f"{path}: not an IDX file of bytes")
    shape = np.frombuffer(raw, ">u4", count=raw[3], offset=4)
    data = np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3])
    if data.size != shape.prod():
        raise InputError(f"{path}: cut short: {data.size} bytes where its header says {shape.prod()}")
    return data.reshape(shape)


def _read_mnist(dataset: dict, data_dir: Path):
    source = SOURCES[dataset["source"]]
    folder = data_dir / source.folder
    arrays = []
    for archive in source.archives:
        path = folder / archive.name
        arrays.append(read_idx(path if path.exists() else path.with_suffix("")))
    if dataset["source"] == "mnist":
        classes = [str(digit) for digit in range(10)]
    else:
        classes = [
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ]
    return arrays[:2], arrays[2:], classes


def _read_cifar(dataset: dict, data_dir: Path):
    from torchvision.datasets import CIFAR10, CIFAR100

    loader = CIFAR10 if dataset["source"] == "cifar10" else CIFAR100
    try:  # torchvision checks the MD5 of every batch before it is unpickled
        train, test = (loader(data_dir, train=split, download=False) for split in (True, False))
    except RuntimeError:
        folder = data_dir / SOURCES[dataset["source"]].folder
        raise InputError(f"{folder}: files are missing or have the wrong checksum; delete it and run again") from None
    return (train.data, np.array(train.targets)), (test.data, np.array(test.targets)), train.classes


def _split(images: np.ndarray, labels: np.ndarray, dataset: dict):
    """Cut off a stratified, seeded test set."""
    from sklearn.model_selection import train_test_split

    share = dataset.get("test_share", 0.2)
    try:
        train, test = train_test_split(
            np.arange(len(labels)), test_size=share, random_state=dataset.get("split_seed", 0), stratify=labels
        )
    except ValueError as error:
        raise InputError(f"{len(labels)} images cannot be split with test_share {share}: {error}") from None
    train.sort(), test.sort()
    return (images[train], labels[train]), (images[test], labels[test])


def _read_digits(dataset: dict, data_dir: Path):
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.rint(digits.images * (255 / 16)).astype(np.uint8)
    return *_split(images, digits.target, dataset), [str(name) for name in digits.target_names]


def _read_image_folder(dataset: dict, data_dir: Path):
    from PIL import Image, UnidentifiedImageError

    root = data_dir / dataset["path"]
    classes = dataset.get("classes") or sorted(p.name for p in root.iterdir() if p.is_dir())
    if len(classes) < 2:
        raise InputError(f"{root}: {len(classes)} class folders; one sub-folder of images per class is needed")
    mode = "L" if dataset.get("grayscale") else "RGB"
    size = tuple(reversed(dataset["size"])) if "size" in dataset else None
    images, labels = [], []
    for label, name in enumerate(classes):
        if not (root / name).is_dir():
            raise InputError(f"{root / name}: no such class folder; mend the list 'classes' or the path")
        for path in sorted(p for p in (root / name).iterdir() if p.suffix.lower() in Image.registered_extensions()):
            try:
                with Image.open(path) as image:
                    image = image.convert(mode)
                    images.append(np.asarray(image if size in (None, image.size) else image.resize(size)))
            except (UnidentifiedImageError, OSError) as error:
                raise InputError(f"{path}: not a readable image ({error}); mend or delete it") from None
            if images[-1].shape != images[0].shape:
                shapes = f"{images[-1].shape[:2]} and {images[0].shape[:2]}"
                raise InputError(f"{path}: images differ in size ({shapes}); set the data set's key 'size'")
            labels.append(label)
    counts = np.bincount(labels, minlength=len(classes))
    if counts.min() < 2:
        raise InputError(
            f"{root / classes[int(counts.argmin())]}: {counts.min()} images; every class needs two or more"
        )
    return *_split(np.stack(images), np.array(labels), dataset), classes


def _read_npz(dataset: dict, data_dir: Path):
    path = data_dir / dataset["path"]
    try:
        with np.load(path, allow_pickle=False) as archive:
            missing = [key for key in ("x_train", "y_train", "x_test", "y_test") if key not in archive]
            if missing:
                raise InputError(f"{path}: the array '{missing[0]}' is missing; it holds {', '.join(archive.files)}")
            parts = [(archive[f"x_{split}"], archive[f"y_{split}"].ravel()) for split in SPLITS]
            names = [str(name) for name in archive["classes"]] if "classes" in archive else None
    except InputError:
        raise
    except Exception as error:  # numpy lets errors of zipfile, zlib and tokenize through
        raise InputError(f"{path}: not a readable .npz of plain arrays ({error})") from None
    for split, (images, labels) in zip(SPLITS, parts):
        if images.dtype != np.uint8:
            raise InputError(f"{path}: x_{split} is {images.dtype}; pixels must be uint8 from 0 to 255")
        if not np.issubdtype(labels.dtype, np.integer):
            raise InputError(f"{path}: y_{split} is {labels.dtype}; labels must be whole numbers from 0")
        if not len(labels):
            raise InputError(f"{path}: y_{split} is empty")
    return *parts, names or [str(c) for c in range(int(parts[0][1].max()) + 1)]


_READERS = {
    "digits": _read_digits,
    "mnist": _read_mnist,
    "fashion_mnist": _read_mnist,
    "cifar10": _read_cifar,
    "cifar100": _read_cifar,
    "image_folder": _read_image_folder,
    "npz": _read_npz,
}


def to_gray(images: np.ndarray) -> np.ndarray:
    """Convert (N, H, W, 3) uint8 images to (N, H, W) by the luma of ITU-R 601-2; gray ones are returned as they are."""
    if images.ndim == 3:
        return images
    weights = np.array([19595, 38470, 7471], np.uint32)  # Pillow's integer weights, of 65536
    blocks = [
        ((images[start : start + BLOCK] @ weights + 32768) >> 16).astype(np.uint8)
        for start in range(0, len(images), BLOCK)
    ]
    return np.concatenate(blocks)


def convert(name: str, dataset: dict, data_dir, output) -> None:
    """Write data set `name` to HDF5: groups `train` and `test`, each `images` uint8 (N, H, W[, 3]) and `labels`.

    Raises
    ------
    InputError
        If a file is damaged or the arrays do not fit together.
    """
    *parts, classes = _READERS[dataset["source"]](dataset, Path(data_dir))
    with create_hdf5(output) as file:
        file.attrs["name"] = name
        file.attrs["classes"] = [str(c) for c in classes]
        for split, (images, labels) in zip(SPLITS, parts):
            where = f"data set {name}, {split}"
            if len(images) != len(labels) or images.ndim not in (3, 4) or images.ndim == 4 and images.shape[3] != 3:
                raise InputError(
                    f"{where}: images {images.shape} and labels {labels.shape} do not fit (N, H, W[, 3]) and (N,)"
                )
            if images.shape[1:] != parts[0][0].shape[1:]:
                raise InputError(f"{where}: images are {images.shape[1:]}, those of train {parts[0][0].shape[1:]}")
            check_labels(labels, len(classes), where)
            file[f"{split}/images"] = to_gray(images) if dataset.get("grayscale") else images
            file[f"{split}/labels"] = labels.astype(np.int64)
