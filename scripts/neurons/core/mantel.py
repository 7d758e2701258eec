"""Mantel's test: do two symmetric matrices of pairs of classes go together, also with a third one held fixed?

The C (C - 1) / 2 pairs are not independent (each class is in C - 1 of them), so a correlation over pairs has no interval
of the usual kind. Under the null hypothesis the classes' names in one matrix tell nothing about those in the other:
rows and columns of one matrix are permuted together (Mantel 1967).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

import numpy as np

from neurons.core.permutation import DRAWS, EXACT, orders, share_as_extreme
from neurons.core.statistics import LEAST_POINTS

LEAST_CLASSES = 4  # with 3 the smallest possible p is 1/6
_AT_ONCE = 2**20  # values of permuted matrices held at a time
_CONSTANT = 1e-12  # variance, of values scaled to variance 1, below which they do not vary
_NOTHING = 1e-9  # residual, of values scaled to variance 1, that is rounding


@dataclass(frozen=True)
class Mantel:
    """Pearson's r over the pairs of classes (partial, where something is held fixed), and its two-sided permutation p.

    `pairs` are those with a value in every matrix, added up over a stack; `note` says what was left out, or why `r` or
    `p` is NaN.
    """

    r: float
    p: float
    pairs: int
    note: str


def _stack(matrix: np.ndarray) -> np.ndarray:
    """Return one matrix (C, C) or several (G, C, C) as (G, C, C) float64, after checking that they are symmetric."""
    stack = np.asarray(matrix, float)
    stack = stack[None] if stack.ndim == 2 else stack
    if stack.ndim != 3 or stack.shape[1] != stack.shape[2]:
        raise ValueError(f"matrices of pairs must be square, not {np.shape(matrix)}")
    if not np.allclose(stack, stack.transpose(0, 2, 1), rtol=1e-9, atol=0, equal_nan=True):
        raise ValueError("a matrix of pairs must be symmetric")
    return stack


def _scaled(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Centre and scale values to mean 0 and variance 1 among some of them; a constant becomes 0."""
    centred = values - values[among].mean()
    sd = np.sqrt((centred[among] ** 2).mean())
    return centred / sd if sd > 1e-12 * np.abs(values[among]).max() else np.where(np.isnan(values), nan, 0.0)


def _correlations(x: np.ndarray, y: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return Pearson's r of each row of x with that of y, both (P, N), over the `known` pairs; NaN where constant."""
    count = known.sum(axis=1)
    mean_x, mean_y = ((v * known).sum(axis=1, keepdims=True) / np.maximum(count, 1)[:, None] for v in (x, y))
    x, y = (x - mean_x) * known, (y - mean_y) * known
    products = [np.einsum("pn,pn->p", a, b) for a, b in ((x, y), (x, x), (y, y))]
    varies = (count >= LEAST_POINTS) & (np.minimum(products[1], products[2]) > _CONSTANT * count)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(varies, products[0] / np.sqrt(products[1] * products[2]), nan)


def _given(xy: np.ndarray, xz: np.ndarray, yz: np.ndarray) -> np.ndarray:
    """Return the partial correlation of x and y given z from the three plain ones."""
    rest = np.clip((1 - xz**2) * (1 - yz**2), 0, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rest > _CONSTANT, (xy - xz * yz) / np.sqrt(rest), nan)


def _statistic(values: list[np.ndarray], i: np.ndarray, j: np.ndarray) -> Callable | str:
    """Return the function of orders (P, C) that gives their r (P,), or the reason why there is none.

    `values` are those of x, y and, if there is one, the matrix held fixed, (N,) each, of the pairs i, j.
    """
    known = np.all([~np.isnan(v) for v in values], axis=0)
    if known.sum() < LEAST_POINTS + len(values) - 2:
        return "too few pairs"
    values = [_scaled(v, known) for v in values]
    if any((v[known] == 0).all() for v in values):
        return "a matrix is constant"
    if len(values) == 3:
        # All have mean 0 and variance 1 over the known pairs.
        rest = [v - (v * values[2])[known].mean() * values[2] for v in values[:2]]
        if min(np.abs(r[known]).max() for r in rest) <= _NOTHING:
            return "nothing left once the third matrix is held fixed"
        values[0] = _scaled(rest[0], known)
    moved = np.full((j.max() + 1,) * 2, nan)
    moved[i, j] = moved[j, i] = values[0]

    def statistic(order: np.ndarray) -> np.ndarray:
        permuted = moved[order[:, i], order[:, j]]
        mask = ~np.isnan(permuted) & np.all([~np.isnan(v) for v in values[1:]], axis=0)
        rows = [np.where(mask, v, 0) for v in (permuted, *values[1:])]
        if len(values) == 2:
            return _correlations(*rows, mask)
        return _given(*(_correlations(rows[a], rows[b], mask) for a, b in ((0, 1), (0, 2), (1, 2))))

    return statistic


def mantel(x: np.ndarray, y: np.ndarray, fixed: np.ndarray | None = None, draws: int = DRAWS, seed: int = 0) -> Mantel:
    """Correlate two symmetric (C, C) matrices over the pairs of classes, and test by permuting the classes of one.

    All orders of the classes are taken up to 7 classes, `draws` seeded ones beyond. The diagonals are not used. Where a
    pair has no value (NaN) in a matrix, it is left out for the observed order and for each other one after permuting, by
    the same rule; so the test stays exact.

    Parameters
    ----------
    x, y : the matrices to correlate; the classes of `x` are permuted. Stacks (G, C, C), of several networks on the same
        classes, say, are correlated matrix by matrix: `r` is the mean, and each order is applied to the whole stack, so
        that the classes stay what is permuted, and the networks do not count as independent of one another.
    fixed : a third matrix, or stack, to hold fixed. Then r is the partial correlation, and what is permuted are the
        residuals of `x` given `fixed` (double semi-partialling: Dekker, Krackhardt and Snijders 2007), so that the link
        between `x` and `fixed` does not count as one between `x` and `y`.

    Raises
    ------
    ValueError
        If a matrix is not square and symmetric, or their sizes differ.
    """
    stacks = [_stack(matrix) for matrix in (x, y, *([] if fixed is None else [fixed]))]
    if len({stack.shape[1] for stack in stacks}) > 1:
        raise ValueError(f"matrices of {' and '.join(str(stack.shape[1]) for stack in stacks)} classes")
    stacks = np.broadcast_arrays(*stacks)
    classes = stacks[0].shape[1]
    i, j = np.triu_indices(classes, 1)
    groups = [[stack[group][i, j] for stack in stacks] for group in range(len(stacks[0]))]
    pairs = sum(int(np.all([~np.isnan(v) for v in values], axis=0).sum()) for values in groups)
    total = len(i) * len(groups)
    notes = [f"{total - pairs} of {total} pairs have no value"] if pairs < total else []
    outcomes = [_statistic(values, i, j) for values in groups]
    reasons = [reason for reason in outcomes if isinstance(reason, str)]
    notes += [f"{reasons.count(reason)} of {len(groups)}: {reason}" for reason in dict.fromkeys(reasons)]
    statistics = [statistic for statistic in outcomes if not isinstance(statistic, str)]

    def mean(order: np.ndarray) -> np.ndarray:
        return np.mean([statistic(order) for statistic in statistics], axis=0)

    r = float(mean(np.arange(classes)[None])[0]) if statistics else nan
    if np.isnan(r):
        return Mantel(nan, nan, pairs, "; ".join(notes or ["not defined"]))
    if classes < LEAST_CLASSES:
        return Mantel(r, nan, pairs, "; ".join([*notes, f"no p below {LEAST_CLASSES} classes"]))
    every = orders(classes, draws, seed)
    step = max(1, _AT_ONCE // len(i))
    drawn = np.concatenate([mean(every[start : start + step]) for start in range(0, len(every), step)])
    return Mantel(r, share_as_extreme(drawn, r, 1.0, classes <= EXACT), pairs, "; ".join(notes))
