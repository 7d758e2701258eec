"""Data sets in converted form: HDF5 groups `train` and `test`, each `images` uint8 (N, H, W[, 3]) and `labels` (N,)."""

import h5py
import numpy as np

from neurons.errors import InputError

SPLITS = ("train", "test")
SPAN = 8192  # rows read at once when scattered rows are picked


def check_labels(labels: np.ndarray, n_classes: int, where: str) -> np.ndarray:
    """Return the number of samples per class, (n_classes,).

    Raises
    ------
    InputError
        If a label lies outside the classes, or a class has no sample.
    """
    if len(labels) and (labels.min() < 0 or labels.max() >= n_classes):
        wrong = labels.min() if labels.min() < 0 else labels.max()
        raise InputError(f"{where}: label {wrong} lies outside the {n_classes} classes (0 to {n_classes - 1})")
    counts = np.bincount(labels, minlength=n_classes)
    if counts.min() == 0:
        raise InputError(f"{where}: class {int(counts.argmin())} has no sample; every class needs at least one")
    return counts


def mixed(labels: np.ndarray, seed: int, split: str) -> np.ndarray:
    """Return `labels` permuted at random; each split of a seed has its own permutation."""
    return np.random.default_rng([seed, SPLITS.index(split)]).permutation(labels)


def take_rows(images: h5py.Dataset, rows: np.ndarray) -> np.ndarray:
    """Return `images[rows]` for rows in any order, reading at most `SPAN` neighbouring rows at once."""
    out = np.empty((len(rows), *images.shape[1:]), images.dtype)
    order = np.argsort(rows, kind="stable")
    ascending, start = rows[order], 0
    while start < len(rows):
        first = ascending[start]
        stop = int(np.searchsorted(ascending, first + SPAN))
        out[order[start:stop]] = images[first : ascending[stop - 1] + 1][ascending[start:stop] - first]
        start = stop
    return out


def read_labels(file: h5py.File, split: str, mixing: str, seed: int) -> np.ndarray:
    """Return the labels (N,) of a split, permuted by `seed` when `mixing` is 'mixed'."""
    labels = file[f"{split}/labels"][:]
    return mixed(labels, seed, split) if mixing == "mixed" else labels
