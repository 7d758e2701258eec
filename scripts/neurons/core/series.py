"""Series over iterations: matching a measure with the accuracies of the same seed and iteration."""

from collections.abc import Iterator

import pandas as pd

from neurons.core.correlation import correlate_seeds
from neurons.core.statistics import Series, correlate

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


def _matched(measure: pd.DataFrame, accuracy: pd.DataFrame, name: str) -> Iterator[tuple[str, list[Series]]]:
    """Yield each accuracy there is with the seeds' series of the measure and of it."""
    rows = measure.merge(accuracy, on=["seed", "iteration"])
    for kind in ACCURACIES:
        if f"{kind}_accuracy" in accuracy:
            yield kind, series_by_seed(rows, f"{kind}_accuracy", name)


def correlation_rows(measure: pd.DataFrame, accuracy: pd.DataFrame, name: str, labels: dict) -> list[dict]:
    """Return a row per accuracy: its labels, then the shared columns of `correlation.correlate_seeds`.

    The measure (seed, iteration, value) is matched with the accuracies (seed, iteration, epoch, ...).
    """
    return [{**labels, "accuracy": kind, **correlate_seeds(seeds)} for kind, seeds in _matched(measure, accuracy, name)]


def seed_rows(measure: pd.DataFrame, accuracy: pd.DataFrame, name: str, labels: dict) -> list[dict]:
    """Return a row per accuracy and seed with Pearson's correlation; otherwise as `correlation_rows`."""
    return [
        {**labels, "accuracy": kind, "seed": series.seed, "pearson": correlate(series)[0]["pearson"]}
        for kind, seeds in _matched(measure, accuracy, name)
        for series in seeds
    ]


def layer_numbers(frame: pd.DataFrame) -> dict[str, int]:
    """Number the layers from 1 in the order in which a frame names them."""
    return {name: number for number, name in enumerate(dict.fromkeys(frame["layer"]), start=1)}
