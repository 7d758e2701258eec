"""Table 1 and Figure 3 of the co-activation study of every run, seed and iteration: under which reading they come out."""

from math import comb

import numpy as np
import pandas as pd

from neurons.core.formats import number
from neurons.core.intervals import student
from neurons.published.evidence import text_of

TITLE = "Communities of classes and Figure 3 by the reading of the graph and the length of the training"
NOTE = (
    "Means over seeds with 95 % limits, from three seeds on; beside them the published value. The Rand index (adjusted for "
    "chance, 1: the same partition) is that of our partition of the classes and the published one."
)
SETTINGS = ("class_value", "edges", "threshold", "neighbour_threshold")
COLUMNS = (
    *("run", "dataset", *SETTINGS, "seed", "iteration", "epoch", "test_accuracy", "communities", "partition"),
    *("modularity", "modularity_mean", "published_modularity", "rand_index"),
    *("figure3_pearson", "published_figure3_pearson"),
)


def classes_of(table: pd.DataFrame) -> list[list[str]]:
    """Return the classes of each community of a Table 1, those without a class left out."""
    return [str(cell).split("; ") for cell in table["classes"].dropna() if str(cell)]


def rand_index(a: list[list[str]], b: list[list[str]]) -> float:
    """Return the Rand index of two partitions of the same things, adjusted for chance (Hubert and Arabie 1985).

    NaN where they are not of the same things; 1 where both put all into one community, or each into its own.
    """
    if sorted(sum(a, [])) != sorted(sum(b, [])):
        return float("nan")
    together = sum(comb(len(set(x) & set(y)), 2) for x in a for y in b)
    of_a, of_b = (sum(comb(len(part), 2) for part in partition) for partition in (a, b))
    expected = of_a * of_b / max(comb(len(sum(a, [])), 2), 1)
    most = (of_a + of_b) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def settings_row(
    table: pd.DataFrame, thresholds: pd.DataFrame, history: pd.DataFrame, iteration: int, printed: pd.DataFrame
) -> dict:
    """Return what one graph shows: its Table 1, Figure 3 at the configured threshold, and the network's test accuracy.

    `printed` is the published Table 1 of its data set, or empty.
    """
    ours, now = classes_of(table), history[history["iteration"] == iteration].iloc[0]
    row = {
        "epoch": now["epoch"],
        "test_accuracy": now["test_accuracy"],
        "communities": len(ours),
        "partition": " / ".join(map("; ".join, ours)),
        "modularity": table["modularity"].iloc[0],
        "modularity_mean": table["modularity_mean"].iloc[0],
        "figure3_pearson": thresholds.loc[thresholds["drawn"] == 1, "pearson"].iloc[0],
    }
    if len(printed):
        row["published_modularity"] = printed["modularity"].iloc[0]
        row["rand_index"] = rand_index(ours, classes_of(printed))
    return row


def settings_table(graphs: list[dict], tables: dict[str, list[pd.DataFrame]], published: dict) -> pd.DataFrame:
    """Return a row (`COLUMNS`) per graph.

    Parameters
    ----------
    graphs : of each graph its run, dataset (the published one), seed, iteration and `SETTINGS`.
    tables : in the same order, under `table1`, `thresholds` (of Figure 3) and `history`.
    published : the published values under `table1` and `figures`.
    """
    rows = []
    for graph, *of_graph in zip(graphs, *(tables[name] for name in ("table1", "thresholds", "history"))):
        printed = published["table1"][published["table1"]["dataset"] == graph["dataset"]]
        rows.append(graph | settings_row(*of_graph, graph["iteration"], printed))
    full = pd.DataFrame(rows).reindex(columns=list(COLUMNS))
    figures = published["figures"]
    of_figure3 = (figures["figure"] == 3) & figures["quantity"].str.startswith("pearson")
    known = figures[of_figure3].set_index("dataset")["value"]
    return full.assign(published_figure3_pearson=full["dataset"].map(known))


def arranged(full: pd.DataFrame) -> pd.DataFrame:
    """Return a row per run and iteration in texts, means over seeds with limits."""
    rows = []
    for (run, iteration), part in full.groupby(["run", "iteration"], sort=False):
        first = part.iloc[0]
        row = {"run": run, "class value": first["class_value"], "edges": first["edges"], "iteration": iteration}
        row |= {"test accuracy, %": number(100 * part["test_accuracy"].mean())}
        row |= {"communities": _mean(part, "communities", 1)}
        for title, name in (("modularity", "modularity"), ("Figure 3, r", "figure3_pearson")):
            theirs = first[f"published_{name}"]
            row[title] = _mean(part, name) + ("" if np.isnan(theirs) else f" ({number(theirs)})")
        rows.append(row | {"Rand index": _mean(part, "rand_index"), "seeds": part["seed"].nunique()})
    return pd.DataFrame(rows)


def _mean(part: pd.DataFrame, name: str, digits: int = 3) -> str:
    return text_of(student(part[name]), digits)
