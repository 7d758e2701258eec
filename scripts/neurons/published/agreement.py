"""How far every run of the communities study is from what the paper prints: the evidence on which settings it was made with.

The released series (MNIST) and the printed tables are two witnesses; they are told apart, since they may be of different
trainings.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from neurons.core.correlation import mean_known
from neurons.core.formats import MISSING, number
from neurons.published import communities
from neurons.published.beside import join_published, published_values

TITLE = "Agreement of every run with the published values, by its settings"
NOTE = (
    "Series: root mean square distance over the iterations of our mean over seeds to the series that the authors released "
    "(MNIST), accuracies in points, entropy in bits. Tables 4, 5, 6: of the published correlations with the running accuracy "
    "(Pearson's and Spearman's) how many have our sign, and the root mean square difference of the values. Table 2: the "
    "same of the change from the first to the last iteration, per pair of classes and class, and the root mean square "
    "difference of the counts at both, ours the mean over seeds."
)
# What of the series is compared, by column: our name of it, and the unit of the distance in ours.
SERIES = {
    "running_rms_points": ("running_accuracy", 100),
    "train_rms_points": ("train_accuracy", 100),
    "test_rms_points": ("test_accuracy", 100),
    "entropy_rms_bits": ("entropy_bits", 1),
}
TABLES = ("table2", "table4", "table4_layer1", "table5", "table6")
SETTINGS = ("dropout", "optimizer", "batch_size", "top_neurons", "select_by", "seeds")
COLUMNS = (
    *("run", "dataset", *SETTINGS, *SERIES),
    *(f"{table}_{name}" for table in TABLES for name in ("signs", "cells", "rms")),
)


def rms(differences) -> float:
    """Return the root mean square of differences, those that are not known left out; NaN if none is known."""
    return float(np.sqrt(mean_known(np.asarray(differences, float) ** 2)))


def signs(ours, published) -> tuple[int, int]:
    """Return how many values have the sign of the published ones, and of how many: of those that are published and not 0.

    A value of ours that is 0 or not defined has no sign, and so does not agree.
    """
    theirs = np.sign(np.asarray(published, float))
    signed = ~np.isnan(theirs) & (theirs != 0)
    return int((np.sign(np.asarray(ours, float)) == theirs)[signed].sum()), int(signed.sum())


def _compared(name: str, ours, published, differences=None) -> dict:
    """Return a table's three cells; without any published value there are none."""
    agreeing, cells = signs(ours, published)
    if np.isnan(np.asarray(published, float)).all():
        return {}
    distance = rms(np.asarray(ours, float) - np.asarray(published, float) if differences is None else differences)
    return {f"{name}_signs": agreeing, f"{name}_cells": cells, f"{name}_rms": distance}


def _correlations(name: str, rows: pd.DataFrame) -> dict:
    """Return the cells of a table of correlations, of its rows of one run."""
    pairs = [(rows[measure], rows[f"published_{measure}"]) for measure in ("pearson", "spearman")]
    return _compared(name, *(np.concatenate(part) for part in zip(*pairs)))


def overlap_beside(table: pd.DataFrame, dataset: str, published: pd.DataFrame) -> pd.DataFrame:
    """Return Table 2's `shared` neurons of layer 1, the mean over seeds, a row per pair of classes i <= j.

    Columns: neurons and published_neurons at the iterations that the paper prints (it prints MNIST only), by iteration.
    """
    chosen = table[(table["layer"] == 1) & (table["matrix"] == "shared") & (table["class_i"] <= table["class_j"])]
    keys = ["iteration", "class_i", "class_j"]
    mean = chosen.groupby(keys, as_index=False)["neurons"].mean().assign(dataset=dataset)
    beside = join_published(mean, published.assign(dataset="mnist"), ["dataset", *keys], {"neurons": "unique_neurons"})
    beside = beside[beside["published_neurons"].notna()]
    return beside.pivot(index=["class_i", "class_j"], columns="iteration", values=["neurons", "published_neurons"])


def _overlap(wide: pd.DataFrame) -> dict:
    """Return the cells of Table 2 of one run, none without both of the iterations that the paper prints."""
    if wide.empty or wide["neurons"].shape[1] < 2:
        return {}
    ours, theirs = (wide[name].iloc[:, -1] - wide[name].iloc[:, 0] for name in ("neurons", "published_neurons"))
    return _compared("table2", ours, theirs, (wide["neurons"] - wide["published_neurons"]).to_numpy().ravel())


def _settings(run: dict) -> dict:
    """Return the settings of a run that the table shows; those of a training that was made elsewhere are not known."""
    training, model = run.get("training", {}), run.get("model", {})
    rate = None if {"name", "module"} & set(model) else model.get("dropout")
    known = {name: training.get(name) for name in ("optimizer", "batch_size")}
    return {"dropout": rate, **known, **run["graph"], "seeds": len(run["seeds"])}


def agreement(tables: dict[str, dict], labels: dict, settings: dict[str, dict], folder: Path) -> pd.DataFrame:
    """Return a row (`COLUMNS`) per run on a data set of which the paper prints something.

    Parameters
    ----------
    tables : the runs' own tables by run name, under `table2`, `table4`, `table5`, `table6` and `figure1`.
    labels : the published data set of each run, under `dataset`.
    settings : `graph` and `seeds` of each run, and its `model` and `training` where it was trained here.
    folder : the published values.
    """
    joined = {f"table{n}": communities.TABLES[n].compare(tables[f"table{n}"], labels, folder) for n in (4, 5, 6)}
    series = communities.series_beside(tables["figure1"], labels, folder)
    overlaps, rows = published_values(folder, "communities_table2"), []
    for run, setting in settings.items():
        of_run = {name: part[(part["run"] == run) & (part["accuracy"] == "running")] for name, part in joined.items()}
        curves, dataset = series[series["run"] == run], labels[run]["dataset"]
        cells = {
            column: rms(scale * (curves[name] - curves[f"published_{name}"]))
            for column, (name, scale) in SERIES.items()
            if f"published_{name}" in curves and curves[f"published_{name}"].notna().any()
        }
        cells |= _overlap(overlap_beside(tables["table2"][run], dataset, overlaps))
        of_run["table4_layer1"] = of_run["table4"][of_run["table4"]["layer"] == 1]
        for name, part in of_run.items():
            cells |= _correlations(name, part)
        if cells:
            rows.append({"run": run, "dataset": dataset} | _settings(setting) | cells)
    counts = {f"{name}_{kind}": "Int64" for name in TABLES for kind in ("signs", "cells")} | {"batch_size": "Int64"}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(counts)


def _heading(name: str) -> str:
    return name.replace("table", "Table ").replace("_layer1", ", layer 1")


def arranged(full: pd.DataFrame) -> pd.DataFrame:
    """Return a row per run in texts: settings, distances to the series, signs and distance by table."""
    rows = []
    for row in full.astype(object).to_dict("records"):
        known = {name: MISSING if pd.isna(row[name]) else str(row[name]) for name in SETTINGS}
        cells = {
            "run": row["run"],
            "dropout": known["dropout"],
            "training": f"{known['optimizer']}, {known['batch_size']}",
            "graph": f"{known['top_neurons']} by {known['select_by']}",
            "seeds": known["seeds"],
        }
        for column in SERIES:
            name, _, unit = column.rpartition("_rms_")
            cells[f"{name}, {unit}"] = number(row[column], 0 if unit == "bits" else 2)
        for name in TABLES:
            agreeing, of = row[f"{name}_signs"], row[f"{name}_cells"]
            cells[_heading(name)] = MISSING if pd.isna(of) else f"{agreeing} of {of}; {number(row[f'{name}_rms'])}"
        rows.append(cells)
    return pd.DataFrame(rows, columns=None if rows else ["run", *SETTINGS])


def nearest(full: pd.DataFrame) -> str:
    """Return, in a sentence per data set of several runs, which is nearest to each of the series and tables."""
    sentences = []
    for dataset, part in full.reset_index(drop=True).groupby("dataset", sort=False):
        if len(part) == 1:
            continue
        named = []
        names = {column: column.replace("_rms_", " series, rms in ") for column in SERIES}
        names |= {f"{name}_rms": f"{_heading(name)}, rms" for name in TABLES}
        for column, name in names.items():
            if part[column].notna().any():
                best = part.loc[part[column].astype(float).idxmin()]
                named.append(f"{name}: {best['run']} ({number(best[column])})")
        for name in TABLES:
            shares = part[f"{name}_signs"].astype(float) / part[f"{name}_cells"].astype(float)
            if shares.max() > 0:
                tied = part.loc[shares == shares.max(), "run"]
                named.append(f"{_heading(name)}, signs: {', '.join(tied)} ({number(100 * shares.max(), 0)} %)")
        sentences.append(f"Nearest on {dataset}: {'; '.join(named)}.")
    return " ".join(sentences)
