"""What the published base accuracies of the auxiliary study are of: our methods beside them, and the released series."""

from pathlib import Path

import pandas as pd

from neurons.core.formats import number
from neurons.core.statistics import LEAST_POINTS, pearson
from neurons.data.dataset import SPLITS
from neurons.published.agreement import rms
from neurons.published.beside import published_values

CANDIDATES = ("base", "pattern", "proposed")  # methods that use no auxiliary model
MEANING = {"base": "the model's own accuracy", "pattern": "argmax(P U*)", "proposed": "argmax of Y_proposed (Eq. 16)"}
RELEASED = {"train": "evaluated_train_accuracy", "test": "test_accuracy"}


def base_distances(full: pd.DataFrame) -> pd.DataFrame:
    """Return how far our methods are from the published base, a row per run and split with any.

    `full` is Table 2 of all runs, in percent. Columns: run, dataset, split, `{method}_rms` (points) and `{method}_pearson`
    over the iterations that the paper prints, nearest (the method of least rms).
    """
    rows = []
    for (run, dataset, split), part in full.groupby(["run", "dataset", "split"], sort=False):
        printed = part[part["column"] == "base"].set_index("iteration")["published_percent"].dropna()
        if printed.empty:
            continue
        row, distances = {"run": run, "dataset": dataset, "split": split}, {}
        for method in CANDIDATES:
            ours = part[part["column"] == method].set_index("iteration")["percent"].reindex(printed.index).dropna()
            pair = ours.to_numpy(float), printed[ours.index].to_numpy(float)
            row[f"{method}_rms"] = rms(pair[0] - pair[1])
            row[f"{method}_pearson"] = pearson(*pair) if len(ours) >= LEAST_POINTS else float("nan")
            if len(ours):
                distances[method] = row[f"{method}_rms"]
        rows.append(row | {"nearest": min(distances, key=distances.get, default="")})
    names = [f"{method}_{what}" for method in CANDIDATES for what in ("rms", "pearson")]
    return pd.DataFrame(rows, columns=["run", "dataset", "split", *names, "nearest"])


def boosted_and_released(folder: Path) -> pd.DataFrame:
    """Return the published boosted accuracies of MNIST against the released ones of the plain model, a row per split.

    Columns: split, pearson over the iterations, points (mean of boosted less released).
    """
    released = published_values(folder, "communities_mnist_series").set_index("iteration")
    printed = published_values(folder, "auxiliary_table2")
    boosted = printed[(printed["dataset"] == "mnist") & (printed["model"] == "fcnn")].set_index("iteration")
    rows = []
    for split in SPLITS:
        theirs = boosted[f"boosted_{split}_accuracy_percent"]
        plain = 100 * released[RELEASED[split]].reindex(theirs.index)
        rows.append((split, pearson(theirs.to_numpy(), plain.to_numpy()), float((theirs - plain).mean())))
    return pd.DataFrame(rows, columns=["split", "pearson", "points"])


def sentences(distances: pd.DataFrame, released: pd.DataFrame) -> str:
    """Return what follows from both tables, in a sentence per run."""
    told = []
    for run, part in distances.groupby("run", sort=False):
        nearest = part["nearest"].unique()
        distances_by_split = "; ".join(
            f"{row['split']} {number(row[row['nearest'] + '_rms'])}, to our base {number(row['base_rms'])}"
            for row in part.to_dict("records")
            if row["nearest"]
        )
        names = " and ".join(f"`{name}`" for name in nearest if name)
        end = "."
        if len(nearest) == 1 and nearest[0] not in ("base", ""):
            end = f": it is {MEANING[nearest[0]]} and not {MEANING['base']}, and the published gain is over that."
        start = f"The published base beside {run} is nearest to our {names}"
        told.append(f"{start} (rms in points: {distances_by_split}){end}")
    if len(distances) and (distances["dataset"] == "mnist").any():
        figures = ", ".join(
            f"{row['split']} r = {number(row['pearson'], 3)} and {number(row['points'], 2, '+')} points on average"
            for row in released.to_dict("records")
        )
        told.append(
            "The published boosted accuracies of MNIST go with the accuracies of the plain model that the authors released "
            f"({figures})."
        )
    return " ".join(told)


def arranged(distances: pd.DataFrame) -> pd.DataFrame:
    """Return the distances in texts, rms in points and Pearson's correlation in brackets."""
    rows = []
    for row in distances.to_dict("records"):
        figures = {name: f"{number(row[f'{name}_rms'])} ({number(row[f'{name}_pearson'])})" for name in CANDIDATES}
        cells = {f"our `{name}`": text for name, text in figures.items()}
        rows.append({"run": row["run"], "split": row["split"], **cells, "nearest": row["nearest"]})
    return pd.DataFrame(rows)
