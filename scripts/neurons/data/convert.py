"""Converting data sets: every source is read into one HDF5 form."""

import gzip
import zlib
from math import prod
from pathlib import Path

import numpy as np

from neurons.core.errors import InputError
from neurons.core.hdf5 import create_hdf5
from neurons.data.arrays import read_npz
from neurons.data.dataset import SPLITS, check_labels, check_names, stratified_split, stratified_subset
from neurons.data.images import read_image_folder
from neurons.data.sources import SOURCES

BLOCK = 8192  # images converted to gray at once
IDX_TYPES = {b"\0\0\x08": "u1", b"\0\0\x0c": ">i4"}  # by a file's first three bytes


def read_idx(path: Path) -> np.ndarray:
    """Read an IDX file of unsigned bytes or of 32-bit integers (MNIST's format), plain or gzipped.

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
    if len(raw) < 4 or raw[:3] not in IDX_TYPES or len(raw) < 4 + 4 * raw[3]:
        raise InputError(f"{path}: not an IDX file of bytes or 32-bit integers")
    shape = [int(size) for size in np.frombuffer(raw, ">u4", count=raw[3], offset=4)]
    dtype, start = np.dtype(IDX_TYPES[raw[:3]]), 4 + 4 * raw[3]
    given, wanted = len(raw) - start, prod(shape) * dtype.itemsize
    if given != wanted:
        raise InputError(f"{path}: cut short: {given} bytes where its header says {wanted}")
    return np.frombuffer(raw, dtype, offset=start).reshape(shape)


def _read_idx_source(dataset: dict, data_dir: Path):
    source = SOURCES[dataset["source"]]
    paths = (data_dir / source.folder / archive.name for archive in source.archives)
    arrays = [read_idx(path if path.exists() else path.with_suffix("")) for path in paths]
    # QMNIST's labels have further columns (the writer, ...).
    parts = [
        (images, labels if labels.ndim == 1 else labels[:, 0]) for images, labels in zip(arrays[::2], arrays[1::2])
    ]
    return *parts, list(source.classes)


def _read_cifar(dataset: dict, data_dir: Path):
    import torchvision.datasets

    source = SOURCES[dataset["source"]]
    loader = getattr(torchvision.datasets, source.torchvision)
    try:  # torchvision checks the MD5 of every batch before it is unpickled
        train, test = (loader(data_dir, train=split, download=False) for split in (True, False))
    except RuntimeError:
        raise InputError(
            f"{data_dir / source.folder}: files are missing or have the wrong checksum; delete it and run again"
        ) from None
    return (train.data, np.array(train.targets)), (test.data, np.array(test.targets)), train.classes


def _read_digits(dataset: dict, data_dir: Path):
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.rint(digits.images * (255 / 16)).astype(np.uint8)
    return *stratified_split(images, digits.target, dataset), [str(name) for name in digits.target_names]


READERS = {
    "digits": _read_digits,
    "idx": _read_idx_source,
    "cifar": _read_cifar,
    "folder": read_image_folder,
    "npz": read_npz,
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


def _subset(images: np.ndarray, labels: np.ndarray, dataset: dict, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Return `train_samples` of the training images, each class in its share, drawn by `train_samples_seed`."""
    size = dataset["train_samples"]
    if size > len(labels):
        raise InputError(
            f"{where}: train_samples is {size}, and there are {len(labels)} images; lower it or leave it out"
        )
    rows = stratified_subset(labels.astype(np.int64), size, dataset.get("train_samples_seed", 0))
    return images[rows], labels[rows]


def convert(name: str, dataset: dict, data_dir, output) -> None:
    """Write data set `name` to HDF5: groups `train` and `test`, each `images` uint8 (N, H, W[, 3]) and `labels`.

    Raises
    ------
    InputError
        If a file is damaged or the arrays do not fit together.
    """
    train, test, classes = READERS[SOURCES[dataset["source"]].reader](dataset, Path(data_dir))
    check_names(classes, f"data set {name}: class")
    if len(classes) < 2:
        raise InputError(f"data set {name}: {len(classes)} class; a classifier needs two or more")
    with create_hdf5(output) as file:
        file.attrs["name"] = name
        file.attrs["classes"] = classes
        for split, (images, labels) in zip(SPLITS, (train, test)):
            where = f"data set {name}, {split}"
            if len(images) != len(labels) or images.ndim not in (3, 4) or images.ndim == 4 and images.shape[3] != 3:
                raise InputError(
                    f"{where}: images {images.shape} and labels {labels.shape} do not fit (N, H, W[, 3]) and (N,)"
                )
            if not images[:1].size:
                raise InputError(f"{where}: images {images.shape} have no pixel")
            if images.shape[1:] != train[0].shape[1:]:
                raise InputError(f"{where}: images are {images.shape[1:]}, those of train {train[0].shape[1:]}")
            check_labels(labels, len(classes), where)
            if split == "train" and "train_samples" in dataset:
                images, labels = _subset(images, labels, dataset, where)
                check_labels(labels, len(classes), f"{where}, train_samples {len(labels)}")
            file[f"{split}/images"] = to_gray(images) if dataset.get("grayscale") else images
            file[f"{split}/labels"] = labels.astype(np.int64)
