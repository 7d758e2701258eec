"""Data sets in converted form: HDF5 groups `train` and `test`, each `images` uint8 (N, H, W[, 3]) and `labels` (N,)."""

from unicodedata import category

import h5py
import numpy as np

from neurons.core.errors import InputError, choose

SPLITS = ("train", "test")
SPAN = 8192  # rows read, or mapped, at once when scattered rows are picked


def check_labels(labels: np.ndarray, n_classes: int, where: str) -> np.ndarray:
    """Return the number of samples per class, (n_classes,).

    Raises
    ------
    InputError
        If there is none, a label lies outside the classes, or a class has no sample.
    """
    if not len(labels):
        raise InputError(f"{where}: no samples; every class needs at least one")
    if labels.min() < 0 or labels.max() >= n_classes:
        wrong = labels.min() if labels.min() < 0 else labels.max()
        raise InputError(f"{where}: label {wrong} lies outside the {n_classes} classes (0 to {n_classes - 1})")
    counts = np.bincount(labels.astype(np.int64), minlength=n_classes)
    if counts.min() == 0:
        raise InputError(f"{where}: class {int(counts.argmin())} has no sample; every class needs at least one")
    return counts


def check_names(names: list[str], what: str) -> None:
    """Refuse names (of `what`, such as a class) that files and tables cannot hold, or that stand for two things.

    Raises
    ------
    InputError
        For a name that is not UTF-8, holds a control character, or is given twice.
    """
    seen = set()
    for name in names:
        # Cs: lone surrogates, which stand for bytes that are not UTF-8.
        if any(category(character) in ("Cc", "Cs") for character in name):
            raise InputError(f"{what} {ascii(name)}: the name holds a control character or is not UTF-8; rename it")
        if name in seen:
            raise InputError(f"{what} '{name}': the name is given twice; rename one")
        seen.add(name)


def mixed(labels: np.ndarray, seed: int, split: str) -> np.ndarray:
    """Return `labels` permuted at random; each split of a seed has its own permutation."""
    return np.random.default_rng([seed, SPLITS.index(split)]).permutation(labels)


LABELS = {"given": lambda labels, seed, split: labels, "mixed": mixed}


def _as_stored(images: h5py.Dataset) -> np.ndarray | None:
    """Return an array as the file holds it, mapped and not read; None where it is in pieces or may be written to.

    A map of its own for each call leaves nothing in this process's memory: what was touched of a map counts until it goes.
    """
    offset, file = images.id.get_offset(), images.file
    if offset is None or images.chunks or images.external or (file.driver, file.mode) != ("sec2", "r"):
        return None
    return np.asarray(np.memmap(file.filename, images.dtype, "r", offset, images.shape))


def take_rows(images: h5py.Dataset | np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return `images[rows]` for rows in any order, out of at most `SPAN` neighbouring rows at once: just the wanted ones are
    read where the array lies in one piece, all of them else.
    """
    if isinstance(images, np.ndarray):
        return images[rows]
    out = np.empty((len(rows), *images.shape[1:]), images.dtype)
    order = np.argsort(rows, kind="stable")
    ascending, start = rows[order], 0
    while start < len(rows):
        first = ascending[start]
        stop = int(np.searchsorted(ascending, first + SPAN))
        stored = _as_stored(images)
        span = (images if stored is None else stored)[first : ascending[stop - 1] + 1]
        out[order[start:stop]] = span[ascending[start:stop] - first]
        start = stop
    return out


def read_labels(file: h5py.File, split: str, mixing: str, seed: int) -> np.ndarray:
    """Return the labels (N,) of a split, permuted by `seed` when `mixing` is 'mixed'."""
    return choose(LABELS, mixing, "labels")(file[f"{split}/labels"][:], seed, split)


def stratified_rows(counts: np.ndarray, size: int, seed: int) -> np.ndarray:
    """Return about `size` row numbers of a split sorted by class, ascending, each class in its share, seeded.

    Shares are rounded by largest remainder, so that exactly min(size, N) rows are drawn.
    """
    size = min(size, int(counts.sum()))
    quota = counts * size / counts.sum()
    taken = np.floor(quota).astype(int)
    taken[np.argsort(taken - quota, kind="stable")[: size - taken.sum()]] += 1
    starts, rng = np.cumsum(counts) - counts, np.random.default_rng(seed)
    return np.concatenate([s + np.sort(rng.choice(n, k, replace=False)) for s, n, k in zip(starts, counts, taken)])


def stratified_subset(labels: np.ndarray, size: int, seed: int) -> np.ndarray:
    """Return min(size, N) sample numbers of labels (N,) in any order, ascending, each class in its share, seeded."""
    order = np.argsort(labels, kind="stable")
    return np.sort(order[stratified_rows(np.bincount(labels), size, seed)])


def stratified_split(images: np.ndarray, labels: np.ndarray, dataset: dict):
    """Return (images, labels) of train and of test, cut off by a data set's `test_share` and `split_seed`, class by class.

    Raises
    ------
    InputError
        If there are too few images.
    """
    from sklearn.model_selection import train_test_split

    share = dataset.get("test_share", 0.2)
    try:
        train, test = train_test_split(
            np.arange(len(labels)), test_size=share, random_state=dataset.get("split_seed", 0), stratify=labels
        )
    except ValueError as error:
        where = dataset.get("path", dataset.get("source", "the data set"))
        raise InputError(
            f"{where}: {len(labels)} images cannot be split with test_share {share}: {error}; add images, or set "
            "the data set's 'test_share'"
        ) from None
    train.sort(), test.sort()
    return (images[train], labels[train]), (images[test], labels[test])
