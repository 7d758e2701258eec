"""The tables of all runs beside the values that "Leveraging Neuron Activation Patterns" prints.

Accuracies are in percent here, as in the paper. A run is compared with the published data set and model that it is an
instance of (`published` in its settings, and the kind of its model): `labels` holds both, by run name.
"""

from functools import partial

import pandas as pd

from neurons.auxiliary.probabilities import METHODS
from neurons.core.formats import cell, is_missing, number, with_published
from neurons.data.dataset import SPLITS
from neurons.published.beside import join_published, numbered_tables, stack_runs
from neurons.published.communities import NOTE_ENTROPY, correlations_beside, entropy_arranged

_CONTROL = (
    "`control` is the same auxiliary model fed the softmax twice: where it gains what `auxiliary` gains, the gain "
    "comes from refitting the softmax and not from the activations."
)
# Our columns that the paper prints too, and its columns for a split.
_BOOSTED = {"base": "{}_accuracy_percent", "auxiliary": "boosted_{}_accuracy_percent"}
_LAYERS = {"base": _BOOSTED["base"], "last2": "boosted_{}_last2_percent", "last1": "boosted_{}_last1_percent"}
LAYER_COLUMNS = (*_LAYERS, "control")
_LONG = ["iteration", "split", "column", "layers"]
_WITHOUT_LAYERS = ("base", "control")  # methods that use no activations


def layers_of(column: str, layers: str) -> str:
    """Return the layers that a column's accuracies use: `layers` of a method, in Table 4 the column's own, or none."""
    return "" if column in _WITHOUT_LAYERS else layers if column in METHODS else column


def of_layers(table: pd.DataFrame, by_layers: pd.DataFrame | None, layers: str | None) -> pd.DataFrame:
    """Return a run's table of methods with `auxiliary` on the layers that are published, where the run has those.

    `table` holds the methods on the run's first layer choice, which its column `layers` names; `by_layers` the auxiliary
    model's accuracies on each choice, in columns `{layers}_{split}`. The column `auxiliary_layers` is added.
    """
    first = table["layers"].iloc[0]
    if by_layers is None or layers in (None, first) or f"{layers}_train" not in by_layers:
        return table.assign(auxiliary_layers=first)
    keys, names = ["seed", "iteration"], {f"{layers}_{split}": f"auxiliary_{split}" for split in SPLITS}
    other = by_layers.set_index(keys).filter(list(names)).rename(columns=names)
    return table.drop(columns=list(other)).join(other, on=keys, how="inner").assign(auxiliary_layers=layers)


def mean_percent(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return a run's table as rows (iteration, split, column, layers, percent, seeds): the mean over so many seeds."""
    first, boosted = (table[name].iloc[0] if name in table else "" for name in ("layers", "auxiliary_layers"))
    parts = []
    for split in SPLITS:
        for name in names:
            if f"{name}_{split}" in table:
                part = table.groupby("iteration")[f"{name}_{split}"].agg(percent="mean", seeds="count").reset_index()
                layers = layers_of(name, boosted if name == "auxiliary" else first)
                parts.append(part.assign(percent=100 * part["percent"], split=split, column=name, layers=layers))
    return pd.concat(parts, ignore_index=True)[[*_LONG, "percent", "seeds"]]


def percent_beside(
    tables: dict, labels: dict, published: pd.DataFrame, names: tuple[str, ...], printed: dict[str, str]
) -> pd.DataFrame:
    """Return a row per run, iteration, split and column of `names`, with the published percentages of `printed`.

    Ours and theirs are set beside each other on the same layers only; `published` says in `layers` which theirs are on.
    """
    ours = stack_runs({run: mean_percent(table, names) for run, table in tables.items()}, labels)
    keys = ["dataset", "model", "iteration"]
    parts = [
        published[keys].assign(
            split=split,
            column=name,
            layers=[layers_of(name, layers) for layers in published.get("layers", pd.Series("", published.index))],
            percent=published[form.format(split)],
        )
        for split in SPLITS
        for name, form in printed.items()
    ]
    full = join_published(ours, pd.concat(parts), ["dataset", "model", *_LONG], {"percent": "percent"})
    return full.rename(columns={"difference_percent": "difference"})


def entropy_of_model_beside(tables: dict, labels: dict, published: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1: entropy against accuracy; data set and model make one name, which both sides are joined on."""
    names = {run: {"dataset": f"{label['dataset']} {label['model']}"} for run, label in labels.items()}
    return correlations_beside(tables, names, published.assign(dataset=published["dataset"] + " " + published["model"]))


def methods_beside(
    tables: dict, labels: dict, published: pd.DataFrame, by_layers: dict[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return Table 2: five methods, `auxiliary` on the layers that the published column of this data set and model holds.

    `by_layers`: the runs' own Table 4, by run name.
    """
    known = published.drop_duplicates(["dataset", "model"]).set_index(["dataset", "model"])["layers"].to_dict()
    chosen = {
        run: of_layers(table, (by_layers or {}).get(run), known.get((labels[run]["dataset"], labels[run]["model"])))
        for run, table in tables.items()
    }
    return percent_beside(chosen, labels, published, METHODS, _BOOSTED)


def models_beside(
    tables: dict, labels: dict, published: pd.DataFrame, by_layers: dict[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return Table 3: the runs of data sets that several models were trained on, or all where there is no such."""
    models = pd.DataFrame.from_dict({run: labels[run] for run in tables}, orient="index")
    several = models.groupby("dataset")["model"].transform("nunique") > 1
    chosen = models[several | ~several.any()].sort_values(["dataset", "model"], kind="stable").index
    return methods_beside({run: tables[run] for run in chosen}, labels, published, by_layers)


def average_improvement(full: pd.DataFrame, boosted: tuple[str, ...]) -> pd.DataFrame:
    """Return the average improvement over base in points, ours and the paper's, per run, split and boosted column.

    Ours is over all iterations; the paper's over those that it prints. Without boosted columns there are no rows.
    """
    rows = []
    for (run, split), group in full.groupby(["run", "split"], sort=False) if boosted else ():
        ours = group.pivot(index="iteration", columns="column", values="percent")
        theirs = group.pivot(index="iteration", columns="column", values="published_percent")
        for name in boosted:
            if name in ours:
                points = (ours[name] - ours["base"]).mean()
                rows.append((run, split, name, points, (theirs[name] - theirs["base"]).mean()))
    return pd.DataFrame(rows, columns=["run", "split", "column", "points", "published_points"])


def percent_arranged(full: pd.DataFrame, columns: tuple[str, ...], boosted: tuple[str, ...]) -> pd.DataFrame:
    """Return a row per iteration, columns by run, split and method, and a last row of average improvements."""
    rows = full[full["column"].isin(columns)]
    pairs = zip(rows["percent"], rows["published_percent"])
    text = [with_published(number(ours, 1), number(theirs, 1)) for ours, theirs in pairs]
    head = rows["run"] + " " + rows["split"] + " " + rows["column"]
    order = [f"{run} {split} {name}" for run in full["run"].unique() for split in SPLITS for name in columns]
    grid = rows.assign(text=text, head=head).pivot(index="iteration", columns="head", values="text")
    grid = grid.filter(order).rename_axis(columns=None)
    gains = {
        f"{row.run} {row.split} {row.column}": with_published(
            number(row.points, sign="+"), number(row.published_points, sign="+")
        )
        for row in average_improvement(full, boosted).itertuples()
    }
    grid.index = grid.index.astype(str)
    whole = pd.concat([grid, pd.DataFrame([gains], index=["average improvement"], columns=grid.columns)])
    return whole.fillna("").reset_index(names="iteration")


def with_correlations(arranged: pd.DataFrame, correlations: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the arrangement of Table 4 with the runs' Pearson correlations of last2 and last1 as its last row.

    `correlations`: the runs' own `table4_correlation.csv`, by run name.
    """
    row = {"iteration": "pearson last2, last1"}
    for run, table in correlations.items():
        for pair in table[(table["layers_a"] == "last2") & (table["layers_b"] == "last1")].itertuples():
            value = pair.note if is_missing(pair.pearson) else cell(round(pair.pearson, 4))
            row[f"{run} {pair.split} last2"] = value
    return pd.concat([arranged, pd.DataFrame([row])], ignore_index=True).fillna("")[list(arranged)]


# The columns that a table is about, beside base: what its average improvements are of.
BOOSTED = {2: ("auxiliary", "control"), 3: ("auxiliary", "control"), 4: LAYER_COLUMNS[1:]}
BY_LAYERS = (2, 3)  # tables whose published columns are not all on the same layers
TABLES = numbered_tables(
    "auxiliary",
    (NOTE_ENTROPY, entropy_of_model_beside, entropy_arranged),
    (
        "Accuracy in percent per iteration (mean over seeds); the published value in brackets: beside base "
        "the paper's base model, beside auxiliary its boosted one, ours on the layers that the published column holds (for "
        "ResNet-50 the last two: it equals Table 4 cell by cell). " + _CONTROL,
        methods_beside,
        partial(percent_arranged, columns=METHODS, boosted=BOOSTED[2]),
    ),
    (
        "The same data set under several models; accuracy in percent per iteration (mean over seeds), the published "
        "value in brackets; the published ResNet-50 is that of the last layer. " + _CONTROL,
        models_beside,
        partial(percent_arranged, columns=METHODS, boosted=BOOSTED[3]),
    ),
    (
        "Accuracy in percent of the auxiliary model on the last two layers and on the last one, per iteration (mean "
        "over seeds), the published value in brackets, and Pearson's correlation between the two. " + _CONTROL,
        partial(percent_beside, names=LAYER_COLUMNS, printed=_LAYERS),
        partial(percent_arranged, columns=LAYER_COLUMNS, boosted=BOOSTED[4]),
    ),
)
