"""The tables of all runs beside the values that "On the Evolution of Neuron Communities" prints.

The paper prints the running training accuracy, so `running` is what its figures are set beside.
"""

from functools import partial
from pathlib import Path

import pandas as pd

from neurons.core.formats import cell, number, with_published
from neurons.published.beside import join_published, numbered_tables, published_values, stack_runs

_PAIR, _SWAP = ("pearson", "spearman"), ("own_minus_swapped", "swap_p")
_SERIES = {  # our columns and those of the published series
    "entropy_bits": "entropy_bits",
    "running_accuracy": "running_train_accuracy",
    "train_accuracy": "evaluated_train_accuracy",
    "test_accuracy": "test_accuracy",
}


def accuracies_beside(tables: dict, labels: dict, published: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1: architectures and accuracies, in percent."""
    ours = stack_runs(tables, labels)
    for kind in ("running", "train", "test"):
        ours[f"{kind}_accuracy_percent"] = 100 * ours[f"{kind}_accuracy"]
    ours = ours.drop(columns=[name for name in ours if name.endswith(("_accuracy", "_accuracy_sd"))])
    values = {"running_accuracy_percent": "train_accuracy_percent", "test_accuracy_percent": "test_accuracy_percent"}
    return join_published(ours, published, ["dataset"], values)


def accuracies_arranged(full: pd.DataFrame) -> pd.DataFrame:
    """Return a row per run with its accuracies in texts."""
    arranged = full[["run", "image_size", "hidden_layers", "output_layer", "epochs"]].copy()
    for title, kind in (("training", "running"), ("testing", "test")):
        columns = (full[f"{part}{kind}_accuracy_percent"] for part in ("", "published_", "difference_"))
        arranged[f"{title} accuracy (%)"] = [
            with_published(number(ours), f"published {number(theirs)}", number(difference, sign="+"))
            for ours, theirs, difference in zip(*columns)
        ]
    return arranged


def overlaps_beside(tables: dict, labels: dict, published: pd.DataFrame) -> pd.DataFrame:
    """Return Table 2: `shared` of layer 1, first seed; the paper prints MNIST only."""
    ours = stack_runs(tables, labels)
    first = ours["seed"] == ours.groupby("run")["seed"].transform("min")
    ours = ours[(ours["layer"] == 1) & (ours["matrix"] == "shared") & first]
    keys = ["dataset", "iteration", "class_i", "class_j"]
    return join_published(ours, published.assign(dataset="mnist"), keys, {"neurons": "unique_neurons"})


def overlaps_arranged(full: pd.DataFrame) -> pd.DataFrame:
    """Return a matrix of classes per run and iteration."""
    pairs = zip(full["neurons"], full["published_neurons"])
    grid = full.assign(text=[with_published(cell(ours), number(theirs, 0)) for ours, theirs in pairs])
    grid = grid.pivot(index=["run", "iteration", "class_i"], columns="class_j", values="text")
    return grid.reset_index().rename(columns={"class_i": "class"}).fillna("")


def sizes_beside(tables: dict, labels: dict, published: None) -> pd.DataFrame:
    """Return Table 3: sizes of the communities, and the correlation of their mean size; the paper prints no numbers."""
    return stack_runs(tables, labels)


def sizes_arranged(full: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of layer 2, or of the only layer where there is one."""
    rows = full[full["layer"] == full.groupby("run")["layer"].transform("max").clip(upper=2)]
    sizes = [name for name in full if name.startswith("community_")]
    return rows[["run", "seed", "iteration", *sizes, "nodes_per_community", "pearson_running"]]


def correlations_beside(
    tables: dict, labels: dict, published: pd.DataFrame, keys: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return Tables 4 to 6 (and Table 1 of the auxiliary study): correlations with accuracy, a row per value of the keys."""
    published, values = published.assign(accuracy="running"), {name: name for name in _PAIR}
    return join_published(stack_runs(tables, labels), published, ["dataset", *keys, "accuracy"], values)


def class_entropy_beside(tables: dict, labels: dict, published: pd.DataFrame) -> pd.DataFrame:
    """Return Table 6: entropy against accuracy, per class (numbered from 1 in the paper, from 0 here)."""
    published = published.assign(**{"class": published["class"] - 1})
    return correlations_beside(tables, labels, published, ("class",))


def _figures(row, names: tuple[str, ...]) -> str:
    return " / ".join(number(getattr(row, name, None)) for name in names)


def _grid(full: pd.DataFrame, index: str, columns: list[str], blocks: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return the rows of the running accuracy as a grid of texts, a set of rows per block: one measure or a pair."""
    running = full[full["accuracy"] == "running"]
    head = running[columns].astype(str).agg(" L".join, axis=1)
    parts = []
    for label, names in blocks.items():
        printed = tuple(f"published_{name}" for name in names)
        text = [with_published(_figures(row, names), _figures(row, printed)) for row in running.itertuples()]
        grid = running.assign(text=text, head=head, **{index: running[index].astype(str) + label})
        order = {"index": grid[index].unique(), "columns": head.unique()}
        parts.append(grid.pivot(index=index, columns="head", values="text").reindex(**order))
    return pd.concat(parts).fillna("").rename_axis(columns=None).reset_index()


def entropy_arranged(full: pd.DataFrame) -> pd.DataFrame:
    """Return a row per correlation and control, a column per run."""
    blocks = {"PCC": ("pearson",), "SCC": ("spearman",), "own - swapped / p": _SWAP}
    return _grid(full.assign(measure=""), "measure", ["run"], blocks)


NOTE_ENTROPY = (
    "Correlation of entropy with the running training accuracy; the published value in brackets. The last row is the "
    "control: how much more entropy goes with the own accuracy than with that of the other seeds' networks, and the p of "
    "the seed swap, from four seeds on."
)
TABLES = numbered_tables(
    "communities",
    (
        "Accuracy in percent after the last epoch, mean over seeds; training accuracy is the running one, which is what "
        "the paper prints.",
        accuracies_beside,
        accuracies_arranged,
    ),
    (
        "Neurons of layer 1 that a pair of classes shares (diagonal: neurons of this class only), first seed; the "
        "published count in brackets.",
        overlaps_beside,
        overlaps_arranged,
    ),
    (
        "Sizes of the eight largest Louvain communities of layer 2 and Pearson's correlation of vertices per community "
        "with the running training accuracy. The paper's text does not print the numbers of this table.",
        sizes_beside,
        sizes_arranged,
    ),
    (
        "Pearson / Spearman correlation of modularity with the running training accuracy; the published pair in "
        "brackets. The last rows are the control: how much more a modularity goes with the own accuracy than with that of "
        "the other seeds' networks, and the p of the seed swap, from four seeds on.",
        partial(correlations_beside, keys=("layer", "metric")),
        partial(_grid, index="metric", columns=["run", "layer"], blocks={"": _PAIR, ", own - swapped / p": _SWAP}),
    ),
    (NOTE_ENTROPY, correlations_beside, entropy_arranged),
    (
        "Pearson / Spearman correlation of a class's entropy with its running training accuracy; the published pair in "
        "brackets.",
        class_entropy_beside,
        partial(_grid, index="class", columns=["run"], blocks={"": _PAIR}),
    ),
    unprinted=(3,),
)


def series_beside(tables: dict, labels: dict, folder: Path) -> pd.DataFrame:
    """Return Figure 1's series of all runs, the mean over seeds, beside the published series where there is one."""
    means = {
        run: table.groupby("iteration", as_index=False)
        .mean()
        .drop(columns="seed")
        .assign(seeds=table["seed"].nunique())
        for run, table in tables.items()
    }
    whole = stack_runs(means, labels)
    files = {name: f"communities_{name.replace('-', '_')}_series" for name in whole["dataset"].unique()}
    known = {name: file for name, file in files.items() if (folder / f"{file}.csv").exists()}
    if printed := [published_values(folder, file).assign(dataset=name) for name, file in known.items()]:
        whole = join_published(whole, pd.concat(printed), ["dataset", "iteration"], _SERIES, differences=False)
    rest = [name for name in whole if name not in ("run", "seeds", "dataset")]
    return whole[["run", "seeds", *rest]]
