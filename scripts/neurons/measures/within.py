"""Question 1: does a measure go with accuracy within a training, beyond what every network does at that epoch?"""

import numpy as np
import pandas as pd

from neurons.core.correlation import mean_known
from neurons.core.formats import counted, named, with_limits
from neurons.core.intervals import benjamini_hochberg, correlation_limits, undefined_seeds
from neurons.core.permutation import LEAST_SWAPPED, SWAP_COLUMNS, swap_columns
from neurons.core.series import series_by_seed
from neurons.core.statistics import LEAST_POINTS, Series, is_defined, pearson
from neurons.measures.names import column_of, limited_columns

TARGETS = ("test_accuracy", "gap")
LEVEL = 0.05  # of the seed swap, corrected for the number of measures
COLUMNS = (
    *("layer", "measure", "target", *limited_columns("own"), *SWAP_COLUMNS, "swap_p_adjusted"),
    *("iterations", "seeds", "note"),
)


def _row(seeds: list[Series]) -> dict:
    own = np.array([pearson(one.measure, one.accuracy) if is_defined(one) else np.nan for one in seeds])
    points = len(seeds[0].measure)
    limits = correlation_limits(own, max(points, LEAST_POINTS))
    row = dict(zip(limited_columns("own"), (mean_known(own), *limits)))
    swap = swap_columns(seeds)
    notes = [undefined_seeds(own, [series.seed for series in seeds]), swap.pop("note")]
    return row | swap | {"iterations": points, "seeds": len(seeds), "note": "; ".join(note for note in notes if note)}


def _of_accuracy(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have a correlation with test accuracy."""
    return table[(table["target"] == "test_accuracy") & table["own"].notna()]


def answer(table: pd.DataFrame, run: str) -> str:
    """Return what a table of correlations within a training supports, in a sentence."""
    rows = _of_accuracy(table)
    seeds = int(table["seeds"].max())
    if rows["swap_p_adjusted"].isna().all():
        return (
            f"{run}: we cannot tell yet: with {counted(seeds, 'seed')} a measure that follows accuracy and one that only "
            f"follows time look alike; the seed swap needs {LEAST_SWAPPED}."
        )
    beyond = (rows["swap_p_adjusted"] <= LEVEL) & (rows["own_minus_swapped"] * np.sign(rows["own"]) > 0)
    drifting = ~beyond & ((rows["own_low"] > 0) | (rows["own_high"] < 0))
    strongest = rows.loc[rows["own"].abs().idxmax()]
    return (
        f"{run}: of {len(rows)} measures by layer, {int(beyond.sum())} go with a network's own test accuracy beyond that "
        f"of the other {seeds - 1} seeds' networks{named(_labels(rows[beyond]))}; {int(drifting.sum())} more correlate with "
        f"it only as they do with any other network's. The strongest, {_labels(strongest.to_frame().T)[0]}, has "
        f"{strongest['own']:+.2f} with its own accuracy and {strongest['swapped']:+.2f} with that of others "
        f"(p {strongest['swap_p_adjusted']:.3f}; {seeds} seeds can miss what is small)."
    )


NOTES = (
    "Pearson's correlation of a measure with test accuracy over the iterations of a training, the mean over seeds with 95 % "
    "limits (Fisher's z); the same with the test accuracy of the other seeds' networks (swapped); their difference, and the p "
    "of the seed swap after Benjamini and Hochberg over the table. The strongest first."
)


def arranged(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of correlations within a training for people, the strongest own correlation first."""
    rows = _of_accuracy(table).sort_values("own", key=np.abs, ascending=False, kind="stable", ignore_index=True)
    own = rows[list(limited_columns("own"))].itertuples(index=False, name=None)
    return pd.DataFrame(
        {
            "measure": _labels(rows),
            "own": [with_limits(*values, sign="+") for values in own],
            "swapped": rows["swapped"].map("{:+.2f}".format),
            "own - swapped": rows["own_minus_swapped"].map("{:+.2f}".format),
            "p": rows["swap_p_adjusted"].map("{:.3f}".format, na_action="ignore"),
        }
    )


def _labels(rows: pd.DataFrame) -> list[str]:
    return [column_of(measure, layer) for measure, layer in zip(rows["measure"], rows["layer"])]


def within_table(measures: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return how every measure and layer goes with accuracy and generalisation gap over the iterations (`COLUMNS`).

    `own`: mean over seeds of Pearson's r, with limits over seeds (Fisher's z); `swapped`: the same with the targets of
    the other seeds; `swap_p`: the seed swap's; `swap_p_adjusted`: after Benjamini and Hochberg over the whole table.

    Parameters
    ----------
    measures : seed, iteration, layer, measure, value. Iterations without a history (00) are left out.
    history : seed, iteration, epoch, train_accuracy, test_accuracy.
    """
    history = history.assign(gap=history["train_accuracy"] - history["test_accuracy"])  # both with dropout off
    merged = measures.merge(history, on=["seed", "iteration"])
    rows = [
        {"layer": layer, "measure": name, "target": target} | _row(series_by_seed(group, target, name))
        for (name, layer), group in merged.groupby(["measure", "layer"], sort=False)
        for target in TARGETS
    ]
    table = pd.DataFrame(rows, columns=[column for column in COLUMNS if column != "swap_p_adjusted"])
    table["swap_p_adjusted"] = benjamini_hochberg(table["swap_p"].to_numpy(float))
    return table[list(COLUMNS)]
