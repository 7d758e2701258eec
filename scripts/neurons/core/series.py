"""Series over iterations: matching a measure with the accuracies of the same seed and iteration."""

import pandas as pd

from neurons.core.statistics import Series, correlate_seeds

ACCURACIES = ("running", "train", "test")


def series_by_seed(rows: pd.DataFrame, target: str, name: str) -> list[Series]:
    """Return a series per seed, in order of the iterations, of rows with seed, iteration, epoch, value and the target.

    `name` is the measure's, for notes.
    """
    names = (name, target.replace("_", " "))
    return [
        Series(group["value"].to_numpy(float), group[target].to_numpy(float), group["epoch"].to_numpy(), seed, names)
        for seed, group in rows.sort_values(["seed", "iteration"]).groupby("seed")
    ]


def correlation_rows(measure: pd.DataFrame, accuracy: pd.DataFrame, name: str, labels: dict) -> list[dict]:
    """Return a row per accuracy: its labels, then the shared columns of `statistics.correlate_seeds`.

    The measure (seed, iteration, value) is matched with the accuracies (seed, iteration, epoch, ...).
    """
    rows, kinds = (
        measure.merge(accuracy, on=["seed", "iteration"]),
        [k for k in ACCURACIES if f"{k}_accuracy" in accuracy],
    )
    return [
        {**labels, "accuracy": kind, **correlate_seeds(series_by_seed(rows, f"{kind}_accuracy", name))}
        for kind in kinds
    ]


def layer_numbers(frame: pd.DataFrame) -> dict[str, int]:
    """Number the layers from 1 in the order in which a frame names them."""
    return {name: number for number, name in enumerate(dict.fromkeys(frame["layer"]), start=1)}
