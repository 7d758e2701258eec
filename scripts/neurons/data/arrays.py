"""Reading a data set of arrays from an `.npz` file."""

import zipfile
from math import prod
from pathlib import Path

import numpy as np

from neurons.core.errors import InputError
from neurons.core.memory import check_fits
from neurons.data.dataset import SPLITS

NEEDED = ("x_train", "y_train", "x_test", "y_test")


def _declared(archive: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], np.dtype]:
    """Return shape and dtype of an array off its header, without reading its values.

    Raises
    ------
    ValueError
        If the header is none, or declares other than the archive holds.
    """
    entry = archive.getinfo(f"{name}.npy")
    with archive.open(entry) as stream:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(stream)
        held = entry.file_size - stream.tell()
    if dtype.hasobject:
        raise ValueError(f"{name} holds Python objects")
    if prod(shape) * dtype.itemsize != held:
        raise ValueError(f"{name} declares {prod(shape) * dtype.itemsize} bytes, the file holds {held}")
    return shape, dtype


def array_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a data set's arrays (`x_train`, `y_train`, ..., and `classes` if it is there).

    Raises
    ------
    InputError
        If the file is no `.npz` of plain arrays, lacks one, or declares more bytes than the machine has memory.
    """
    if not path.is_file():
        raise InputError(f"{path}: not a regular file; set the data set's 'path' to an .npz file")
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist()]
            missing = [name for name in NEEDED if name not in names]
            if missing:
                raise InputError(f"{path}: the array '{missing[0]}' is missing; it holds {', '.join(names)}")
            read = [name for name in (*NEEDED, "classes") if name in names]
            declared = {name: _declared(archive, name) for name in read}
    except InputError:
        raise
    except Exception as error:  # numpy lets errors of zipfile, zlib and tokenize through
        raise InputError(f"{path}: not a readable .npz of plain arrays ({error})") from None
    total = sum(prod(shape) * dtype.itemsize for shape, dtype in declared.values())
    check_fits(total, f"{path}: its arrays", "keep fewer images")
    return {name: shape for name, (shape, _) in declared.items()}


def _check_part(path: Path, split: str, images: np.ndarray, labels: np.ndarray) -> None:
    if images.dtype != np.uint8:
        raise InputError(f"{path}: x_{split} is {images.dtype}; pixels must be uint8 from 0 to 255")
    if not np.issubdtype(labels.dtype, np.integer):
        raise InputError(f"{path}: y_{split} is {labels.dtype}; labels must be whole numbers from 0")
    if not len(labels):
        raise InputError(f"{path}: y_{split} is empty; both splits need images of every class")


def _numbered_classes(path: Path, labels: np.ndarray) -> list[str]:
    """Return the numbers of the classes as their names; nothing is allocated by the size of a label."""
    distinct = np.unique(labels)
    for expected, label in enumerate(distinct.tolist()):
        if label != expected:
            raise InputError(
                f"{path}: y_train has {len(distinct)} distinct labels and among them {label}, but not {expected}; "
                f"number the classes from 0 to {len(distinct) - 1}, or name all in an array 'classes'"
            )
    return [str(label) for label in distinct.tolist()]


def _named_classes(path: Path, names: np.ndarray) -> list[str]:
    if names.ndim != 1 or names.dtype.kind not in "USiu":
        raise InputError(f"{path}: classes is {names.dtype} {names.shape}; it must be a list of names")
    try:
        return [name.decode() if isinstance(name, bytes) else str(name) for name in names.tolist()]
    except UnicodeDecodeError:
        raise InputError(f"{path}: classes holds a name that is not UTF-8") from None


def read_npz(dataset: dict, data_dir: Path):
    """Return (images, labels) of train and of test, and the names of the classes, of a data set's `path`.

    Raises
    ------
    InputError
        If the file cannot be read (see `array_shapes`), or its arrays are not of the needed types.
    """
    path = data_dir / dataset["path"]
    held = array_shapes(path)
    try:
        with np.load(path, allow_pickle=False) as archive:
            parts = [(archive[f"x_{split}"], archive[f"y_{split}"].ravel()) for split in SPLITS]
            names = archive["classes"] if "classes" in held else None
    except Exception as error:  # numpy lets errors of zipfile, zlib and tokenize through
        raise InputError(f"{path}: not a readable .npz of plain arrays ({error})") from None
    for split, part in zip(SPLITS, parts):
        _check_part(path, split, *part)
    return *parts, _named_classes(path, names) if names is not None else _numbered_classes(path, parts[0][1])
