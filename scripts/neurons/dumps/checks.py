"""What the attributes and arrays of a dump must be; nothing is allocated by a size that a file only declares."""

from math import ceil, prod

import h5py
import numpy as np

from neurons.core.errors import InputError
from neurons.core.memory import check_fits
from neurons.data.dataset import check_names

SUM_TOLERANCE = 0.01  # how far a row of probabilities may sum from 1: float16 and many classes
LARGEST_CHUNK = 2**30  # bytes
KINDS = {"iu": "whole numbers", "f": "floats"}  # numpy's kinds of numbers


def _plain(value):
    """Return a number as Python prints it, without numpy's name for its type."""
    return value.item() if isinstance(value, np.generic) else value


def text_of(value) -> str:
    """Return an attribute's text, whether HDF5 holds it as text or as bytes."""
    return value.decode(errors="surrogateescape") if isinstance(value, bytes) else str(value)


def read_attribute(file: h5py.File, key: str, path):
    """Return a root attribute.

    Raises
    ------
    InputError
        If it is missing or of a type that cannot be read.
    """
    if key not in file.attrs:
        raise InputError(f"{path}: not an activation dump: the root attribute '{key}' is missing")
    try:
        return file.attrs[key]
    except (OSError, TypeError, ValueError) as error:
        raise InputError(f"{path}: the root attribute '{key}' cannot be read ({error}); write it again") from None


def read_names(file: h5py.File, key: str, path) -> list[str]:
    """Return the names that a root attribute lists (`classes`, `layers`).

    Raises
    ------
    InputError
        If it is no list of one or more names, or a name cannot be written or is given twice.
    """
    value = read_attribute(file, key, path)
    if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype.kind not in "OSUiu":
        raise InputError(f"{path}: the root attribute '{key}' is {_plain(value)!r}, should be a list of names")
    if not len(value):
        raise InputError(f"{path}: the root attribute '{key}' is empty: the dump has no {key}")
    names = [text_of(name) for name in value.tolist()]
    check_names(names, f"{path}: {key}:")
    return names


def read_number(file: h5py.File, key: str, path) -> int:
    """Return a root attribute that is a whole number from 0.

    Raises
    ------
    InputError
        If it is not.
    """
    value = read_attribute(file, key, path)
    if not isinstance(value, int | np.integer) or value < 0:
        raise InputError(f"{path}: the root attribute '{key}' is {_plain(value)!r}, should be a whole number from 0")
    return int(value)


def read_share(file: h5py.File, key: str, path) -> float | None:
    """Return an optional root attribute that is a share, from 0 to 1, or None.

    Raises
    ------
    InputError
        If it is not.
    """
    if key not in file.attrs:
        return None
    value = read_attribute(file, key, path)
    if not isinstance(value, int | float | np.integer | np.floating) or not 0 <= value <= 1:
        raise InputError(f"{path}: the root attribute '{key}' is {_plain(value)!r}, should be a share from 0 to 1")
    return float(value)


def _check_stored(dataset: h5py.Dataset, where: str) -> None:
    """Refuse an array that the file declares and does not hold, or holds in too large pieces."""
    size, chunks = prod(dataset.shape) * dataset.dtype.itemsize, dataset.chunks
    if dataset.is_virtual:
        raise InputError(f"{where}: the array lies in other files; write its values into the dump itself")
    if chunks is None:
        held, wanted, unit = dataset.id.get_storage_size(), size, "bytes"
    else:
        wanted = prod(ceil(n / step) for n, step in zip(dataset.shape, chunks))
        held, unit = dataset.id.get_num_chunks(), "chunks"
        if prod(chunks) * dataset.dtype.itemsize > LARGEST_CHUNK:
            raise InputError(f"{where}: chunks of {chunks} are over {LARGEST_CHUNK >> 30} GiB; write chunks of some MB")
    if held < wanted:
        raise InputError(f"{where}: declared as {dataset.shape}, but only {held} of {wanted} {unit} are in the file")


def check_array(group: h5py.Group, name: str, kind: str, shape: tuple, where: str) -> h5py.Dataset:
    """Return an array of a split after checking its form, without reading it.

    Parameters
    ----------
    kind : the key of `KINDS` that its type must be of.
    shape : what its shape must be; None stands for any size.

    Raises
    ------
    InputError
        If it is missing, null, of another type or shape, or not all in the file.
    """
    try:
        dataset = group[name]
    except (KeyError, OSError):  # absent, or a link that leads nowhere
        raise InputError(f"{where}: not an activation dump: '{name}' is missing") from None
    where = f"{where}/{name}"
    if not isinstance(dataset, h5py.Dataset) or dataset.shape is None:
        raise InputError(f"{where}: not an array of {KINDS[kind]}")
    if (
        dataset.dtype.kind not in kind
        or dataset.ndim != len(shape)
        or any(given != wanted for given, wanted in zip(dataset.shape, shape) if wanted is not None)
    ):
        wanted = ", ".join("any" if size is None else str(size) for size in shape)
        raise InputError(f"{where}: {dataset.dtype} {dataset.shape}, should be {KINDS[kind]} ({wanted})")
    _check_stored(dataset, where)
    return dataset


def check_label_count(labels: h5py.Dataset, where: str) -> None:
    """Refuse more labels (N,) than fit into memory: they are the only array that is read as a whole."""
    check_fits(16 * len(labels), f"{where}: {len(labels)} labels", "write fewer samples")


def check_activations(values: np.ndarray, where: str, what: str = "an activation") -> None:
    """Refuse activations (B, n) that are NaN, infinite or negative."""
    if values.size and not (values.min() >= 0 and np.isfinite(values.max())):
        if np.isnan(values).any():
            kind = "NaN"
        else:
            kind = "infinite (float16 ends at 65504)" if np.isinf(values).any() else "negative (not a ReLU's output)"
        raise InputError(f"{where}: {what} is {kind}; fix the model or the dump")


def check_probabilities(values: np.ndarray, where: str, start: int = 0) -> None:
    """Refuse class probabilities (B, C), of rows from `start` on, that are none; logits are told as such."""
    if not np.isfinite(values).all():
        raise InputError(f"{where}: a class probability is NaN or infinite; fix the model or the dump")
    sums = values.sum(axis=1, dtype=np.float64)
    wrong = (values.min(axis=1) < 0) | (values.max(axis=1) > 1 + SUM_TOLERANCE) | (np.abs(sums - 1) > SUM_TOLERANCE)
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError(
            f"{where}: row {start + row} of the probabilities is no distribution (from {values[row].min():.6g} to "
            f"{values[row].max():.6g}, sum {sums[row]:.6g}); if these are logits, softmax them before they are written"
        )
