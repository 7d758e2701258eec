"""Setting the tables of all runs beside the values that "On the Evolution of Neuron Communities" prints.

Each `compare_table*` takes the runs' own tables, by run name, and `published`, a frame of the printed values, and
returns two frames: every cell with its published value and the difference (for CSV), and the paper's own arrangement
(for Markdown).
The paper prints the running training accuracy, so `running` is what its figures stand beside.
"""

from pathlib import Path

import pandas as pd

from neurons.files import cell
from neurons.tables import write_markdown, write_table

NOTES = {
    1: "Accuracy in percent after the last epoch, mean over seeds; training accuracy is the running one, which is what "
    "the paper prints.",
    2: "Neurons of layer 1 that a pair of classes shares (diagonal: neurons of this class only), first seed; the "
    "published count in brackets.",
    3: "Sizes of the eight largest Louvain communities of layer 2 and Pearson's correlation of vertices per community "
    "with the running training accuracy. The paper's text does not print the numbers of this table.",
    4: "Pearson / Spearman correlation of modularity with the running training accuracy; the published pair in "
    "brackets. The last rows are the control: Pearson's with log(epoch) held fixed, which is what is left of the "
    "relation once the shared trend is taken out.",
    5: "Correlation of entropy with the running training accuracy; the published value in brackets. The last rows are "
    "the controls: log(epoch) held fixed, and first differences.",
    6: "Pearson / Spearman correlation of a class's entropy with its running training accuracy; the published pair in "
    "brackets.",
}


def _short(value) -> str:
    return "–" if value is None or value != value else f"{value:.2f}"


def _pair(row, *names: str) -> str:
    return " / ".join(_short(getattr(row, name)) for name in names)


def _collect(tables: dict[str, pd.DataFrame], names: dict[str, str]) -> pd.DataFrame:
    """Stack the runs' tables with columns run and dataset (the published name a run is compared with)."""
    return pd.concat([t.assign(run=run, dataset=names[run]) for run, t in tables.items()], ignore_index=True)


def _beside(ours: pd.DataFrame, published: pd.DataFrame, keys: list[str], values: dict[str, str]) -> pd.DataFrame:
    """Join the published values (ours -> published column) to our rows, and add the differences, ours less theirs."""
    renamed = published[[*keys, *values.values()]].rename(columns={v: f"published_{k}" for k, v in values.items()})
    joined = ours.merge(renamed, on=keys, how="left")
    for name in values:
        joined[f"difference_{name}"] = joined[name] - joined[f"published_{name}"]
    front = ["run", "dataset"]
    return joined[front + [name for name in joined if name not in front]]


def compare_table1(tables, names, published):
    """Architectures and accuracies, in percent."""
    ours = _collect(tables, names)
    for kind in ("running", "train", "test"):
        ours[f"{kind}_accuracy_percent"] = 100 * ours[f"{kind}_accuracy"]
    ours = ours.drop(columns=[name for name in ours if name.endswith(("_accuracy", "_accuracy_sd"))])
    values = {"running_accuracy_percent": "train_accuracy_percent", "test_accuracy_percent": "test_accuracy_percent"}
    full = _beside(ours, published, ["dataset"], values)
    shown = full[["run", "image_size", "hidden_layers", "output_layer", "epochs"]].copy()
    for title, name in (
        ("training accuracy", "running_accuracy_percent"),
        ("testing accuracy", "test_accuracy_percent"),
    ):
        shown[f"{title} (%)"] = [
            f"{_short(a)} (published {_short(b)}, {c:+.2f})" if c == c else _short(a)
            for a, b, c in zip(full[name], full[f"published_{name}"], full[f"difference_{name}"])
        ]
    return full, shown


def compare_table2(tables, names, published):
    """Overlap of class sets: `shared` of layer 1, first seed; the paper prints MNIST only."""
    ours = _collect(tables, names)
    ours = ours[
        (ours["layer"] == 1)
        & (ours["matrix"] == "shared")
        & (ours["seed"] == ours.groupby("run")["seed"].transform("min"))
    ]
    published = published.assign(dataset="mnist")
    full = _beside(ours, published, ["dataset", "iteration", "class_i", "class_j"], {"neurons": "unique_neurons"})
    texts = [
        f"{cell(a)} ({cell(int(b))})" if b == b else cell(a) for a, b in zip(full["neurons"], full["published_neurons"])
    ]
    shown = full.assign(text=texts).pivot(index=["run", "iteration", "class_i"], columns="class_j", values="text")
    return full, shown.reset_index().rename(columns={"class_i": "class"}).fillna("")


def compare_table3(tables, names, published):
    """Community sizes of layer 2 (of the only layer where there is one), and the correlation of mean community size."""
    ours = _collect(tables, names)
    shown = ours[ours["layer"] == ours.groupby("run")["layer"].transform(lambda layer: min(2, layer.max()))]
    sizes = [name for name in ours if name.startswith("community_")]
    shown = shown[["run", "seed", "iteration", *sizes, "nodes_per_community", "pearson_running"]]
    front = ["run", "dataset"]
    return ours[front + [name for name in ours if name not in front]], shown


def _arrange(full: pd.DataFrame, index: str, columns: list[str], values: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Put `running` rows into the paper's grid; each entry of `values` makes a set of rows of pairs of figures."""
    running = full[full["accuracy"] == "running"]
    blocks = []
    for label, shown in values.items():
        text = []
        for row in running.itertuples():
            printed = [name for name in (f"published_{s}" for s in shown) if name in full]
            known = printed and getattr(row, printed[0]) == getattr(row, printed[0])
            text.append(_pair(row, *shown) + (f" ({_pair(row, *printed)})" if known else ""))
        head = running[columns].astype(str).agg(" L".join, axis=1) if len(columns) > 1 else running[columns[0]]
        grid = running.assign(text=text, head=head)
        grid[index] = grid[index].astype(str) + label
        order = {"index": grid[index].unique(), "columns": grid["head"].unique()}
        blocks.append(grid.pivot(index=index, columns="head", values="text").reindex(**order))
    return pd.concat(blocks).fillna("").rename_axis(columns=None).reset_index()


_SERIES = {
    "entropy_bits": "published_entropy_bits",
    "running_train_accuracy": "published_running_accuracy",
    "evaluated_train_accuracy": "published_train_accuracy",
    "test_accuracy": "published_test_accuracy",
}
_BOTH = {"pearson": "pearson", "spearman": "spearman"}


def _printed(published: pd.DataFrame) -> pd.DataFrame:
    """Mark the paper's correlations as those with the running accuracy."""
    return published.assign(accuracy="running")


def compare_table4(tables, names, published):
    """Modularity against accuracy, per layer."""
    full = _beside(_collect(tables, names), _printed(published), ["dataset", "layer", "metric", "accuracy"], _BOTH)
    rows = {"": ("pearson", "spearman"), ", given log(epoch)": ("pearson_given_epoch",)}
    return full, _arrange(full, "metric", ["run", "layer"], rows)


def compare_table5(tables, names, published):
    """Entropy against accuracy."""
    full = _beside(_collect(tables, names), _printed(published), ["dataset", "accuracy"], _BOTH)
    rows = {"PCC": ("pearson",), "SCC": ("spearman",), "PCC given log(epoch)": ("pearson_given_epoch",)}
    rows["PCC of differences"] = ("pearson_differences",)
    return full, _arrange(full.assign(measure=""), "measure", ["run"], rows)


def compare_table6(tables, names, published):
    """Entropy against accuracy, per class (numbered from 1 in the paper, from 0 here)."""
    published = _printed(published).assign(**{"class": published["class"] - 1})
    full = _beside(_collect(tables, names), published, ["dataset", "class", "accuracy"], _BOTH)
    return full, _arrange(full, "class", ["run"], {"": ("pearson", "spearman")})


COMPARE = {
    1: compare_table1,
    2: compare_table2,
    3: compare_table3,
    4: compare_table4,
    5: compare_table5,
    6: compare_table6,
}


def series_beside(series: dict[str, pd.DataFrame], names: dict[str, str], folder: Path) -> pd.DataFrame:
    """Return Figure 1's series of all runs, the mean over seeds, beside the published series where there is one."""
    blocks = []
    for run, frame in series.items():
        mean = frame.drop(columns="seed").groupby("iteration", as_index=False).mean()
        printed = folder / f"communities_{names[run].replace('-', '_')}_series.csv"
        if printed.exists():
            published = pd.read_csv(printed).rename(columns=_SERIES)
            mean = mean.merge(published[["iteration", *_SERIES.values()]], on="iteration", how="left")
        blocks.append(mean.assign(run=run, seeds=frame["seed"].nunique()))
    whole = pd.concat(blocks, ignore_index=True)
    return whole[["run", "seeds", *(name for name in whole if name not in ("run", "seeds"))]]


def compare(number: int, paths: dict, names: dict[str, str], folder: Path, output) -> None:
    """Write one table of all runs beside its published values as `output.csv`, `output.html` and `output.markdown`.

    Parameters
    ----------
    paths : the runs' own tables, by run name.
    names : the published name that each run is compared with, by run name.
    folder : where the published values lie; the paper prints no numbers for Table 3.
    """
    printed = folder / f"communities_table{number}.csv"
    published = pd.read_csv(printed) if printed.exists() else None
    full, shown = COMPARE[number]({run: pd.read_csv(path) for run, path in paths.items()}, names, published)
    title = f"Table {number}, all runs beside the published values"
    write_table(full, output.csv, output.html, title)
    write_markdown(shown, output.markdown, title, NOTES[number])
