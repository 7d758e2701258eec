"""Correlation of a neuron measure with accuracy over the iterations of one training."""

from dataclasses import dataclass

import numpy as np

MEASURES = ("pearson", "spearman", "pearson_given_epoch", "pearson_differences")
SWAP_COLUMNS = ("swapped", "own_minus_swapped", "swap_p")  # of the seed swap
# What every table of correlations says of each.
COLUMNS = (
    *("pearson", "spearman", "pearson_low", "pearson_high", "spearman_low", "spearman_high"),
    *("pearson_given_epoch", "pearson_given_epoch_low", "pearson_given_epoch_high"),
    *("pearson_differences", "pearson_differences_low", "pearson_differences_high"),
    *SWAP_COLUMNS,
    *("iterations", "seeds", "seeds_undefined", "note"),
)
LEAST_POINTS = 3
LEAST_SEEDS = 3


@dataclass
class Series:
    """One seed's series over iterations, all (T,): a measure, an accuracy and the epochs they were taken at."""

    measure: np.ndarray
    accuracy: np.ndarray
    epoch: np.ndarray
    seed: int = 0
    names: tuple[str, str] = ("measure", "accuracy")


def is_constant(values: np.ndarray) -> bool:
    """Tell whether a series does not vary beyond rounding."""
    return bool(np.ptp(values) <= 1e-12 * np.abs(values).max()) if len(values) else True


def is_defined(series: Series) -> bool:
    """Tell whether a correlation over a seed's series is defined: long enough, all values known, none constant."""
    both = (np.asarray(series.measure, float), np.asarray(series.accuracy, float))
    return all(len(v) >= LEAST_POINTS and np.isfinite(v).all() and not is_constant(v) for v in both)


def rank(values: np.ndarray) -> np.ndarray:
    """Return the ranks from 1, ties averaged, (T,)."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def pearson(x: np.ndarray, y: np.ndarray) -> float:
    """Return Pearson's correlation of two series (T,); NaN if one is constant."""
    if is_constant(x) or is_constant(y):
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    return float(np.clip(x @ y / np.sqrt((x @ x) * (y @ y)), -1, 1))


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Return Spearman's rank correlation of two series (T,); NaN if one is constant."""
    return pearson(rank(x), rank(y))


def partial_pearson(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> float:
    """Return the correlation of x and y with z held fixed: that of the residuals of straight-line fits on z."""
    if len(x) <= LEAST_POINTS or is_constant(x) or is_constant(y):
        return float("nan")
    design = np.column_stack([np.ones_like(z), z])
    rest_x, rest_y = (v - design @ np.linalg.lstsq(design, v)[0] for v in (x, y))
    if any(np.abs(rest).max() <= 1e-9 * np.abs(v).max() for rest, v in ((rest_x, x), (rest_y, y))):
        return float("nan")
    return pearson(rest_x, rest_y)


def correlate(series: Series) -> tuple[dict[str, float], str]:
    """Return one seed's correlations, and a note where they are not defined.

    `pearson_given_epoch` holds log(epoch) fixed; `pearson_differences` correlates first differences. Both describe; neither
    takes out all of the trend that measure and accuracy share just because training goes on (docs/null_size.md), so no
    verdict rests on them.
    """
    measure, accuracy = np.asarray(series.measure, float), np.asarray(series.accuracy, float)
    epoch, empty = np.asarray(series.epoch, float), dict.fromkeys(MEASURES, float("nan"))
    named = list(zip(series.names, (measure, accuracy)))
    if unknown := [name for name, values in named if np.isnan(values).any()]:
        return empty, f"{unknown[0]} not known"
    if len(measure) < LEAST_POINTS:
        return empty, f"fewer than {LEAST_POINTS} iterations"
    if constant := [name for name, values in named if is_constant(values)]:
        return empty, f"{constant[0]} constant"
    known, enough = epoch.min() >= 1, len(measure) > LEAST_POINTS
    values = {
        "pearson": pearson(measure, accuracy),
        "spearman": spearman(measure, accuracy),
        "pearson_given_epoch": partial_pearson(measure, accuracy, np.log(epoch)) if known else float("nan"),
        "pearson_differences": pearson(np.diff(measure), np.diff(accuracy)) if enough else float("nan"),
    }
    notes = {
        "pearson_given_epoch": "nothing left once log(epoch) is held fixed" if known else "an epoch below 1",
        "pearson_differences": "constant differences" if enough else "too few differences",
    }
    return values, ", ".join(note for name, note in notes.items() if np.isnan(values[name]))
