"""Every table of the papers for the reproduction page: published value, ours, difference, and the control beside it."""

from collections.abc import Sequence
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


def _compared(head: str, rows: pd.DataFrame, name: str, digits: int = 2, texts: Sequence[str] = ()) -> dict:
    """Return the three columns of a quantity, their names after `head`; `texts` are ours with limits, where there are any."""
    return {
        f"{head}published": [number(value, digits) for value in rows[f"published_{name}"]],
        f"{head}ours": texts or [number(value, digits) for value in rows[name]],
        f"{head}difference": [number(value, digits, "+") for value in rows[f"difference_{name}"]],
    }


def correlations(full: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return correlations with the running accuracy beside the published ones, and their control."""
    running = chosen(full, {"accuracy": "running"})
    table, rows = running[keys], running.to_dict("records")
    for name, short in (("pearson", "PCC"), ("spearman", "SCC")):
        table = table.assign(**_compared(f"{short} ", running, name, texts=[limited(row, name) for row in rows]))
    return table.assign(**{"own - swapped": [swap_text(row["own_minus_swapped"], row["swap_p"]) for row in rows]})


def accuracies(full: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1 of the communities study, in percent."""
    table = full[["run", "hidden_layers", "epochs"]].rename(columns={"hidden_layers": "hidden layers"})
    training, testing = (f"{kind}_accuracy_percent" for kind in ("running", "test"))
    return table.assign(**_compared("training ", full, training), **_compared("testing ", full, testing))


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
    known = full[full["published_entropy_bits"].notna()]
    table = known[["run", "iteration"]]
    for head, name, scale, digits in quantities:
        values = scale * known[[name, f"published_{name}"]]
        values[f"difference_{name}"] = values[name] - values[f"published_{name}"]
        table = table.assign(**_compared(head, values, name, digits))
    return table


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
    return {
        "published": published,
        "ours": limited(row, "auxiliary_points", sign="+"),
        "difference": number(row["auxiliary_points"] - theirs, sign="+"),
        "control": limited(row, "control_points", sign="+"),
        "ours less control": limited(row, "difference", 3, "+"),
    }


def figures(full: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that the co-activation paper quotes, and ours without a published value."""
    return (
        full[["run", "figure", "quantity"]]
        .fillna("")
        .assign(
            published=[number(value, 6, kind="g") for value in full["published"]],
            ours=[number(value, 4, kind="g") for value in full["value"]],
            difference=[number(value, 4, "+", "g") for value in full["difference"]],
        )
    )


def class_communities(full: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1 of the co-activation study, ours above the published one, with the mean over Louvain runs."""
    columns = {"dataset": "data", "source": "source", "community": "community", "classes": "classes"}
    modularities = {"modularity": "modularity", "modularity_mean": "mean of the Louvain runs"}
    texts = {title: [number(value, 3) for value in full[name]] for name, title in modularities.items()}
    return full[list(columns)].rename(columns=columns).assign(**texts)
