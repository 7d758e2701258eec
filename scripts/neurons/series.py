"""Series over iterations: matching a measure with the accuracies of the same seed and iteration."""

import pandas as pd

from neurons.correlation import Series, correlate_seeds

ACCURACIES = ("running", "train", "test")


def _pairs(measure: pd.DataFrame, accuracy: pd.DataFrame, kind: str, name: str) -> list[Series]:
    """Match a measure (seed, iteration, value) with an accuracy (seed, iteration, epoch, ...), a series per seed."""
    merged = measure.merge(accuracy, on=["seed", "iteration"]).sort_values(["seed", "iteration"])
    return [
        Series(
            group["value"].to_numpy(),
            group[f"{kind}_accuracy"].to_numpy(float),
            group["epoch"].to_numpy(),
            seed,
            (name, f"{kind} accuracy"),
        )
        for seed, group in merged.groupby("seed")
    ]


def correlation_rows(measure: pd.DataFrame, accuracy: pd.DataFrame, name: str, labels: dict) -> list[dict]:
    """Return a row per accuracy: its labels, then the shared columns of `correlation`."""
    kinds = [kind for kind in ACCURACIES if f"{kind}_accuracy" in accuracy]
    return [{**labels, "accuracy": kind, **correlate_seeds(_pairs(measure, accuracy, kind, name))} for kind in kinds]


def layer_numbers(frame: pd.DataFrame) -> dict[str, int]:
    """Number the layers from 1 in the order in which a frame names them."""
    return {name: number for number, name in enumerate(dict.fromkeys(frame["layer"]), start=1)}
