"""Every table of the papers for the reproduction page: published value, ours, difference, and the control beside it."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from neurons.core.formats import MISSING, number, swap_text, with_published
from neurons.data.dataset import SPLITS
from neurons.published.claims import Run, find_run, tables_of
from neurons.published.evidence import chosen, limited


@dataclass(frozen=True)
class Table:
    """A table to show, in texts; without rows the note alone."""

    title: str
    note: str
    rows: pd.DataFrame


def _compared(head: str, published: str, ours: str, difference: str) -> dict[str, str]:
    """Return the three cells of a figure, their names after `head`."""
    return {f"{head}published": published, f"{head}ours": ours, f"{head}difference": difference}


def correlations(full: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return correlations with the running accuracy beside the published ones, and their control."""
    rows = []
    for row in chosen(full, {"accuracy": "running"}).to_dict("records"):
        cells = {key: row[key] for key in keys}
        for name, short in (("pearson", "PCC"), ("spearman", "SCC")):
            published, difference = number(row[f"published_{name}"]), number(row[f"difference_{name}"], sign="+")
            cells |= _compared(f"{short} ", published, limited(row, name), difference)
        rows.append(cells | {"own - swapped": swap_text(row["own_minus_swapped"], row["swap_p"])})
    return pd.DataFrame(rows)


def accuracies(full: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1 of the communities study, in percent."""
    rows = []
    for row in full.to_dict("records"):
        cells = {"run": row["run"], "hidden layers": row["hidden_layers"], "epochs": row["epochs"]}
        for title, name in (("training", "running_accuracy_percent"), ("testing", "test_accuracy_percent")):
            published, difference = number(row[f"published_{name}"]), number(row[f"difference_{name}"], sign="+")
            cells |= _compared(f"{title} ", published, number(row[name]), difference)
        rows.append(cells)
    return pd.DataFrame(rows)


def overlaps(full: pd.DataFrame) -> pd.DataFrame:
    """Return Table 2 of the communities study: ours with the published count and the difference in brackets."""
    known = full[full["published_neurons"].notna()]
    text = [
        with_published(number(ours, 0), number(theirs, 0), number(ours - theirs, 0, "+"))
        for ours, theirs in zip(known["neurons"], known["published_neurons"])
    ]
    grid = known.assign(text=text).pivot(index=["run", "iteration", "class_i"], columns="class_j", values="text")
    return grid.reset_index().rename(columns={"class_i": "class"})


def sizes(full: pd.DataFrame, correlation: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return Table 3 of the communities study for layer 2 and the first seed, with its correlation and control.

    `correlation` holds the runs' own correlations of the mean size; runs without one are left out.
    """
    first = full["seed"] == full.groupby("run")["seed"].transform("min")
    second = full[(full["layer"] == 2) & first & full["run"].isin(list(correlation))]
    names = [name for name in second if name.startswith("community_")]
    rows = []
    for row in second.to_dict("records"):
        (follows,) = chosen(correlation[row["run"]], {"layer": 2, "accuracy": "running"}).to_dict("records")
        cells = {"run": row["run"], "iteration": row["iteration"]}
        cells |= {f"C{n}": number(row[name], 0) for n, name in enumerate(names[:8], start=1)}
        cells |= {"neurons a community": number(row["nodes_per_community"], 1), "PCC": limited(follows, "pearson")}
        rows.append(cells | {"own - swapped": swap_text(follows["own_minus_swapped"], follows["swap_p"])})
    return pd.DataFrame(rows)


def series(full: pd.DataFrame) -> pd.DataFrame:
    """Return the series of Figure 1 that are published, beside ours (the mean over seeds)."""
    if "published_entropy_bits" not in full:
        return pd.DataFrame()
    quantities = (
        ("entropy, bits: ", "entropy_bits", 1, 0),
        ("training, %: ", "running_accuracy", 100, 2),
        ("testing, %: ", "test_accuracy", 100, 2),
    )
    rows = []
    for row in full[full["published_entropy_bits"].notna()].to_dict("records"):
        cells = {"run": row["run"], "iteration": row["iteration"]}
        for head, name, scale, digits in quantities:
            ours, theirs = scale * row[name], scale * row[f"published_{name}"]
            difference = number(ours - theirs, digits, "+")
            cells |= _compared(head, number(theirs, digits), number(ours, digits), difference)
        rows.append(cells)
    return pd.DataFrame(rows)


def iterations(full: pd.DataFrame, run: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return accuracies of one run per iteration, in percent, the published value and the difference in brackets."""
    rows = full[(full["run"] == run) & full["column"].isin(columns)]
    text = [
        with_published(number(ours), number(theirs, 1), number(ours - theirs, sign="+"))
        for ours, theirs in zip(rows["percent"], rows["published_percent"])
    ]
    grid = rows.assign(text=text, head=rows["split"] + " " + rows["column"])
    grid = grid.pivot(index="iteration", columns="head", values="text").rename_axis(columns=None)
    return grid.filter([f"{split} {column}" for split in SPLITS for column in columns]).reset_index()


def improvements(printed: pd.DataFrame, runs: list[Run], results: Path) -> pd.DataFrame:
    """Return the average improvement in points for every published cell, and for our runs that the paper has not."""
    known = {(row["dataset"], row["model"]) for row in printed.to_dict("records")}
    others = [run for run in runs if "auxiliary" in run.studies and (run.published, run.model) not in known]
    unprinted = [{"table": MISSING, "dataset": run.published, "model": run.model, "layers": "all"} for run in others]
    rows = []
    for cell in [*printed.to_dict("records"), *unprinted]:
        run = find_run(runs, "auxiliary", cell["dataset"], cell["model"])
        tables = tables_of([run] if run else [], results, "auxiliary", "improvement").values()
        ours = {(row["layers"], row["split"]): row for table in tables for row in table.to_dict("records")}
        for split in SPLITS:
            first = {"table": cell["table"], "data": cell["dataset"], "model": cell["model"], "layers": cell["layers"]}
            row = ours.get((cell["layers"], split))
            rows.append(first | {"split": split} | _improvement(row, cell.get(f"{split}_points", float("nan"))))
    return pd.DataFrame(rows).fillna("")


def _improvement(row: dict | None, theirs: float) -> dict[str, str]:
    """Return the cells of one improvement: the published one, and the figures and control of our row, if there is one."""
    published = number(theirs, 1, "+")
    if row is None:
        return {"published": published, "ours": "not run"}
    difference = number(row["auxiliary_points"] - theirs, sign="+")
    return _compared("", published, limited(row, "auxiliary_points", sign="+"), difference) | {
        "control": limited(row, "control_points", sign="+"),
        "ours less control": limited(row, "difference", 3, "+"),
    }


def figures(full: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that the co-activation paper quotes, and ours without a published value."""
    rows = []
    for row in full.fillna({"figure": ""}).to_dict("records"):
        cells = {name: row[name] for name in ("run", "figure", "quantity")}
        published, ours = number(row["published"], 6, kind="g"), number(row["value"], 4, kind="g")
        rows.append(cells | _compared("", published, ours, number(row["difference"], 4, "+", "g")))
    return pd.DataFrame(rows)


def class_communities(full: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1 of the co-activation study, ours above the published one, with the mean over Louvain runs."""
    columns = {"dataset": "data", "source": "source", "community": "community", "classes": "classes"}
    modularities = {"modularity": "modularity", "modularity_mean": "mean of the Louvain runs"}
    texts = {title: [number(value, 3) for value in full[name]] for name, title in modularities.items()}
    return full[list(columns)].rename(columns=columns).assign(**texts)
