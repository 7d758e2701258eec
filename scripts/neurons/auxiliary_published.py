"""Setting the tables of all runs beside the values that "Leveraging Neuron Activation Patterns" prints.

Accuracies are in percent here, as in the paper. A run is compared with the published data set and model that it is an
instance of (`published` in its settings, and the kind of its model).
"""

from pathlib import Path

import pandas as pd

from neurons.datasets import SPLITS
from neurons.files import cell
from neurons.patterns import METHODS
from neurons.published import compare_table5
from neurons.tables import write_csv_table, write_markdown, write_table

_CONTROL = (
    "`control` is the same auxiliary model fed the softmax twice: where it gains what `auxiliary` gains, the gain "
    "comes from refitting the softmax and not from the activations."
)
NOTES = {
    1: "Correlation of entropy with the running training accuracy; the published value in brackets. The last rows are "
    "the controls: log(epoch) held fixed, and first differences.",
    2: "Accuracy in percent per iteration (mean over seeds), all layers; the published value in brackets: beside base "
    "the paper's base model, beside auxiliary its boosted one. " + _CONTROL,
    3: "The same data set under several models; accuracy in percent per iteration (mean over seeds), the published "
    "value in brackets. " + _CONTROL,
    4: "Accuracy in percent of the auxiliary model on the last two layers and on the last one, per iteration (mean "
    "over seeds), the published value in brackets, and Pearson's correlation between the two. " + _CONTROL,
}
PUBLISHED = {"base": "{}_accuracy_percent", "auxiliary": "boosted_{}_accuracy_percent"}
PUBLISHED_LAYERS = {
    "base": "{}_accuracy_percent",
    "last2": "boosted_{}_last2_percent",
    "last1": "boosted_{}_last1_percent",
}


def long_form(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return a run's table as rows (iteration, split, column, percent, seeds), the mean over its seeds."""
    rows = []
    for split in SPLITS:
        for name in names:
            if f"{name}_{split}" in table:
                mean = 100 * table.groupby("iteration")[f"{name}_{split}"].mean()
                rows += [(iteration, split, name, value) for iteration, value in mean.items()]
    frame = pd.DataFrame(rows, columns=["iteration", "split", "column", "percent"])
    return frame.assign(seeds=table["seed"].nunique())


def beside(ours: pd.DataFrame, published: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Join the published percentages to rows (dataset, model, iteration, split, column), and the difference."""
    parts = [
        published[["dataset", "model", "iteration"]].assign(
            split=split, column=name, published_percent=published[form.format(split)]
        )
        for split in SPLITS
        for name, form in columns.items()
    ]
    keys = ["dataset", "model", "iteration", "split", "column"]
    full = ours.merge(pd.concat(parts, ignore_index=True), on=keys, how="left")
    return full.assign(difference=full["percent"] - full["published_percent"])


def _text(value: float, printed: float, digits: int = 1, sign: str = "") -> str:
    form = f"{{:{sign}.{digits}f}}"
    return (form.format(value) if value == value else "–") + (
        f" ({form.format(printed)})" if printed == printed else ""
    )


def average_rows(full: pd.DataFrame, boosted: tuple[str, ...]) -> pd.DataFrame:
    """Return the average improvement over base in points, ours and the paper's, per run, split and boosted column.

    Ours is over all iterations; the paper's over those that it prints.
    """
    rows = []
    for (run, split), own in full.groupby(["run", "split"], sort=False):
        ours = own.pivot(index="iteration", columns="column", values="percent")
        theirs = own.pivot(index="iteration", columns="column", values="published_percent")
        for name in boosted:
            if name in ours:
                points = (ours[name] - ours["base"]).mean()
                rows.append((run, split, name, points, (theirs[name] - theirs["base"]).mean()))
    return pd.DataFrame(rows, columns=["run", "split", "column", "points", "published_points"])


def arrange(full: pd.DataFrame, average: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Put rows into the paper's arrangement: a row an iteration, columns by run, split and method, averages last."""
    shown = full[full["column"].isin(columns)]
    text = [_text(*pair) for pair in zip(shown["percent"], shown["published_percent"])]
    head = shown["run"] + " " + shown["split"] + " " + shown["column"]
    order = [f"{r} {s} {c}" for r in full["run"].unique() for s in SPLITS for c in columns]
    grid = shown.assign(text=text, head=head).pivot(index="iteration", columns="head", values="text")
    grid = grid[[name for name in order if name in grid]].rename_axis(columns=None)
    gains = {
        f"{row.run} {row.split} {row.column}": _text(row.points, row.published_points, 2, "+")
        for row in average.itertuples()
    }
    grid.index = grid.index.astype(str)
    return (
        pd.concat([grid, pd.DataFrame([gains], index=["average improvement"])])
        .fillna("")
        .reset_index(names="iteration")[["iteration", *grid.columns]]
    )


def _stack(tables: dict[str, pd.DataFrame], runs: dict[str, tuple], columns: tuple[str, ...]) -> pd.DataFrame:
    parts = [
        long_form(table, columns).assign(run=run, dataset=runs[run][0], model=runs[run][1])
        for run, table in tables.items()
    ]
    stacked = pd.concat(parts, ignore_index=True)
    front = ["run", "dataset", "model"]
    return stacked[front + [name for name in stacked if name not in front]]


def compare_table2(tables: dict[str, pd.DataFrame], runs: dict[str, tuple], published: pd.DataFrame):
    """Five methods per iteration of every run; `runs` gives each one's published data set and model."""
    full = beside(_stack(tables, runs, METHODS), published, PUBLISHED)
    average = average_rows(full, ("auxiliary", "control"))
    return full, arrange(full, average, METHODS), average


def compare_table3(tables, runs, published):
    """The runs of data sets that several models were trained on (all runs, where there is no such data set)."""
    models = pd.DataFrame([(run, *runs[run]) for run in tables], columns=["run", "dataset", "model"])
    several = models.groupby("dataset")["model"].transform("nunique") > 1
    chosen = models[several | ~several.any()].sort_values(["dataset", "model"], kind="stable")
    full = beside(_stack({run: tables[run] for run in chosen["run"]}, runs, METHODS), published, PUBLISHED)
    average = average_rows(full, ("auxiliary", "control"))
    return full, arrange(full, average, ("base", "auxiliary", "control")), average


def compare_table4(tables, runs, published):
    """Last two layers against the last one."""
    columns = ("base", "last2", "last1", "control")
    full = beside(_stack(tables, runs, columns), published, PUBLISHED_LAYERS)
    average = average_rows(full, ("last2", "last1", "control"))
    return full, arrange(full, average, columns), average


def add_correlations(shown: pd.DataFrame, correlations: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Add Table 4's last row: Pearson's correlation between the last2 and last1 columns of each run and split."""
    values = {"iteration": "pearson last2, last1"}
    for run, table in correlations.items():
        for row in table[(table["layers_a"] == "last2") & (table["layers_b"] == "last1")].itertuples():
            values[f"{run} {row.split} last2"] = cell(round(row.pearson, 4)) if row.pearson == row.pearson else row.note
    return pd.concat([shown, pd.DataFrame([values])], ignore_index=True).fillna("")[list(shown)]


def compare(number: int, paths: dict, runs: dict[str, tuple], folder: Path, output, correlations: dict) -> None:
    """Write one table of all runs beside its published values: `output.csv`, `.average`, `.html` and `.markdown`.

    Parameters
    ----------
    paths : the runs' own tables, by run name (Table 3 is made of the runs' Tables 2).
    runs : the published data set and model that each run is compared with, by run name.
    folder : where the published values lie.
    correlations : the runs' own `table4_correlation.csv`, by run name; used by Table 4.
    """
    tables = {run: pd.read_csv(path) for run, path in paths.items()}
    published = pd.read_csv(folder / f"auxiliary_table{number}.csv")
    title = f"Table {number}, all runs beside the published values"
    if number == 1:
        # A data set and a model make one name, which both sides are joined on.
        published["dataset"] = published["dataset"] + " " + published["model"]
        full, shown = compare_table5(tables, {run: " ".join(pair) for run, pair in runs.items()}, published)
        average = pd.DataFrame(columns=["run", "split", "column", "points", "published_points"])
    else:
        full, shown, average = {2: compare_table2, 3: compare_table3, 4: compare_table4}[number](
            tables, runs, published
        )
    if number == 4:
        shown = add_correlations(shown, {run: pd.read_csv(path) for run, path in correlations.items()})
    write_table(full, output.csv, output.html, title)
    write_csv_table(average, output.average)
    write_markdown(shown, output.markdown, title, NOTES[number])
