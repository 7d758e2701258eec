"""Every table of the papers for the reproduction page: published value, ours, difference, and the control beside it."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from neurons.datasets import SPLITS
from neurons.reproduction_claims import Run, find_run
from neurons.reproduction_criteria import chosen, number, shown
from neurons.verdicts import Estimate


@dataclass(frozen=True)
class Table:
    """A table to show, in texts; without rows the note alone."""

    title: str
    note: str
    rows: pd.DataFrame


def limits(row: dict, name: str) -> Estimate:
    """Return a figure of a table's row with its limits over seeds, as far as it has any."""
    return Estimate(*(row[key] for key in (name, f"{name}_low", f"{name}_high")))


def correlations(full: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return correlations with the running accuracy beside the published ones, and their control."""
    rows = []
    for row in chosen(full, {"accuracy": "running"}).to_dict("records"):
        own = {key: row[key] for key in keys}
        for name, short in (("pearson", "PCC"), ("spearman", "SCC")):
            own[f"{short} published"] = number(row[f"published_{name}"])
            own[f"{short} ours"] = shown(limits(row, name))
            own[f"{short} difference"] = number(row[f"difference_{name}"], sign="+")
        rows.append(own | {"PCC given log(epoch)": shown(limits(row, "pearson_given_epoch"))})
    return pd.DataFrame(rows)


def accuracies(full: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1 of the communities study, in percent."""
    rows = []
    for row in full.itertuples():
        own = {"run": row.run, "hidden layers": row.hidden_layers, "epochs": row.epochs}
        for title, name in (("training", "running_accuracy_percent"), ("testing", "test_accuracy_percent")):
            own[f"{title} published"] = number(getattr(row, f"published_{name}"))
            own[f"{title} ours"] = number(getattr(row, name))
            own[f"{title} difference"] = number(getattr(row, f"difference_{name}"), sign="+")
        rows.append(own)
    return pd.DataFrame(rows)


def overlaps(full: pd.DataFrame) -> pd.DataFrame:
    """Return Table 2 of the communities study: ours with the published count and the difference in brackets."""
    known = full[full["published_neurons"].notna()]
    text = [f"{a:.0f} ({b:.0f}, {a - b:+.0f})" for a, b in zip(known["neurons"], known["published_neurons"])]
    grid = known.assign(text=text).pivot(index=["run", "iteration", "class_i"], columns="class_j", values="text")
    return grid.reset_index().rename(columns={"class_i": "class"})


def sizes(full: pd.DataFrame, correlation: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return Table 3 of the communities study for layer 2 and the first seed, with its correlation and control."""
    own = full[(full["layer"] == 2) & (full["seed"] == full.groupby("run")["seed"].transform("min"))]
    names = [name for name in own if name.startswith("community_")]
    rows = []
    for row in own.itertuples():
        counts = ["–" if value != value else f"{value:.0f}" for value in (getattr(row, name) for name in names)]
        (found,) = chosen(correlation[row.run], {"layer": 2, "accuracy": "running"}).to_dict("records")
        first = {"run": row.run, "iteration": row.iteration} | dict(zip((f"C{n + 1}" for n in range(8)), counts))
        figures = {"neurons a community": number(row.nodes_per_community, 1), "PCC": shown(limits(found, "pearson"))}
        rows.append(first | figures | {"PCC given log(epoch)": shown(limits(found, "pearson_given_epoch"))})
    return pd.DataFrame(rows)


def series(full: pd.DataFrame) -> pd.DataFrame:
    """Return the series of Figure 1 that are published, beside ours (the mean over seeds)."""
    rows = []
    if "published_entropy_bits" not in full:
        return pd.DataFrame()
    for row in full[full["published_entropy_bits"].notna()].itertuples():
        own = {"run": row.run, "iteration": row.iteration}
        quantities = (("entropy, bits", "entropy_bits", 1, 0), ("training, %", "running_accuracy", 100, 2))
        for title, name, scale, digits in (*quantities, ("testing, %", "test_accuracy", 100, 2)):
            ours, theirs = scale * getattr(row, name), scale * getattr(row, f"published_{name}")
            own[f"{title}: published"] = number(theirs, digits)
            own[f"{title}: ours"] = number(ours, digits)
            own[f"{title}: difference"] = number(ours - theirs, digits, "+")
        rows.append(own)
    return pd.DataFrame(rows)


def iterations(full: pd.DataFrame, run: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return accuracies of one run per iteration, in percent, the published value and the difference in brackets."""
    own = full[(full["run"] == run) & full["column"].isin(columns)]
    text = [
        f"{number(a)} ({number(b, 1)}, {a - b:+.2f})" if b == b else number(a)
        for a, b in zip(own["percent"], own["published_percent"])
    ]
    grid = own.assign(text=text, head=own["split"] + " " + own["column"])
    grid = grid.pivot(index="iteration", columns="head", values="text").reset_index().rename_axis(columns=None)
    return grid[["iteration", *(f"{s} {c}" for s in SPLITS for c in columns if f"{s} {c}" in grid)]]


def improvements(printed: pd.DataFrame, runs: list[Run], results: Path) -> pd.DataFrame:
    """Return the average improvement in points for every published cell, and for our runs that the paper has not."""
    cells = [
        (row["table"], row["dataset"], row["model"], row["layers"], {split: row[f"{split}_points"] for split in SPLITS})
        for row in printed.to_dict("records")
    ]
    known = {(dataset, model) for _, dataset, model, _, _ in cells}
    own = [run for run in runs if "auxiliary" in run.studies and (run.published, run.model) not in known]
    cells += [("–", run.published, run.model, "all", {}) for run in own]
    rows = []
    for table, dataset, model, layers, points in cells:
        run = find_run(runs, "auxiliary", dataset, model)
        path = results / run.name / "auxiliary" / "improvement.csv" if run else None
        ours = chosen(pd.read_csv(path), {"layers": layers}) if path and path.exists() else pd.DataFrame()
        for split in SPLITS:
            theirs = points.get(split, float("nan"))
            found = ours[ours["split"] == split].to_dict("records") if len(ours) else []
            first = {"table": table, "data": dataset, "model": model, "layers": layers, "split": split}
            first |= {"published": number(theirs, 1, "+")}
            rows.append(first | (_improvement(found[0], theirs) if found else {"ours": "not run"}))
    return pd.DataFrame(rows).fillna("")


def _improvement(row: dict, theirs: float) -> dict[str, str]:
    return {
        "ours": shown(limits(row, "auxiliary_points"), 2, "+"),
        "difference": number(row["auxiliary_points"] - theirs, 2, "+"),
        "control": shown(limits(row, "control_points"), 2, "+"),
        "ours less control": shown(limits(row, "difference"), 3, "+"),
    }


def figures(full: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that the co-activation paper quotes, and ours without a published value."""
    rows = [
        {
            "run": row.run,
            "figure": "" if row.figure != row.figure else row.figure,
            "quantity": row.quantity,
            "published": "–" if row.published != row.published else f"{row.published:g}",
            "ours": "–" if row.value != row.value else f"{row.value:.4g}",
            "difference": "–" if row.difference != row.difference else f"{row.difference:+.4g}",
        }
        for row in full.itertuples()
    ]
    return pd.DataFrame(rows)


def class_communities(full: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1 of the co-activation study, ours above the published one, with the mean over Louvain runs."""
    rows = [
        {
            "data": row.dataset,
            "source": row.source,
            "community": row.community,
            "classes": row.classes,
            "modularity": number(row.modularity, 3),
            "mean of the Louvain runs": number(row.modularity_mean, 3),
        }
        for row in full.itertuples()
    ]
    return pd.DataFrame(rows)
