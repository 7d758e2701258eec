"""Question 1: does a measure go with accuracy within a training, beyond what every network does at that epoch?"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from neurons.core.correlation import mean_known
from neurons.core.intervals import benjamini_hochberg, correlation_limits, undefined_seeds
from neurons.core.permutation import SWAP_COLUMNS, swap_columns
from neurons.core.series import series_by_seed
from neurons.core.statistics import LEAST_POINTS, Series, is_defined, pearson

TARGETS = ("test_accuracy", "gap")
COLUMNS = (
    "layer",
    "measure",
    "target",
    "own",
    "own_low",
    "own_high",
    *SWAP_COLUMNS,
    "swap_p_adjusted",
    "iterations",
    "seeds",
    "note",
)


def with_gap(history: pd.DataFrame) -> pd.DataFrame:
    """Return a history with the generalisation gap, `gap` = training less test accuracy (both with dropout off)."""
    return history.assign(gap=history["train_accuracy"] - history["test_accuracy"])


def own_correlation(series: Series) -> float:
    """Return Pearson's r of a seed's measure with its own target; NaN if one is unknown, constant or too short."""
    return pearson(series.measure, series.accuracy) if is_defined(series) else float("nan")


def _row(seeds: list[Series]) -> dict:
    own = np.array([own_correlation(series) for series in seeds])
    points = len(seeds[0].measure)
    limits = correlation_limits(own, max(points, LEAST_POINTS))
    row = dict(zip(("own", "own_low", "own_high"), (mean_known(own), *limits)))
    swap = swap_columns(seeds)
    notes = [undefined_seeds(own, [series.seed for series in seeds]), swap.pop("note")]
    return row | swap | {"iterations": points, "seeds": len(seeds), "note": "; ".join(note for note in notes if note)}


def within_table(measures: pd.DataFrame, history: pd.DataFrame, targets: Iterable[str] = TARGETS) -> pd.DataFrame:
    """Return how every measure and layer goes with accuracy and generalisation gap over the iterations (`COLUMNS`).

    `own`: mean over seeds of Pearson's r, with limits over seeds (Fisher's z); `swapped`: the same with the targets of
    the other seeds; `swap_p`: the seed swap's; `swap_p_adjusted`: after Benjamini and Hochberg over the whole table.

    Parameters
    ----------
    measures : seed, iteration, layer, measure, value. Iterations without a history (00) are left out.
    history : seed, iteration, epoch, train_accuracy, test_accuracy.
    """
    merged = measures.merge(with_gap(history), on=["seed", "iteration"])
    rows = [
        {"layer": layer, "measure": name, "target": target} | _row(series_by_seed(group, target, name))
        for (name, layer), group in merged.groupby(["measure", "layer"], sort=False)
        for target in targets
    ]
    table = pd.DataFrame(rows, columns=[column for column in COLUMNS if column != "swap_p_adjusted"])
    table["swap_p_adjusted"] = benjamini_hochberg(table["swap_p"].to_numpy(float))
    return table[list(COLUMNS)]
