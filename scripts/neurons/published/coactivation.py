"""The tables of all runs beside the values that "Towards Explaining Deep Neural Networks Through Graph Analysis" prints."""

import pandas as pd

from neurons.core.formats import cell
from neurons.published.beside import PaperTable, join_published, stack_runs


def communities_beside(tables: dict, labels: dict, published: pd.DataFrame) -> pd.DataFrame:
    """Return Table 1 of all runs, the published communities of a data set below those of its first run."""
    parts = []
    for run, table in tables.items():
        name = labels[run]["dataset"]
        parts.append(table[table["classes"].fillna("") != ""].assign(run=run, dataset=name, source="ours"))
        if (of_dataset := published["dataset"] == name).any():
            parts.append(published[of_dataset].assign(run="", source="published"))
            published = published[~of_dataset]
    full = pd.concat(parts, ignore_index=True)
    front = ["dataset", "source", "run", "community", "classes", "modularity"]
    return full[front + [name for name in full if name not in front]]


def communities_arranged(full: pd.DataFrame) -> pd.DataFrame:
    """Return a row per run or paper: its classes by community, and the modularity."""
    rows = []
    for (dataset, source, run), part in full.fillna({"run": ""}).groupby(["dataset", "source", "run"], sort=False):
        row = {"data set": dataset, "run": run or source, "classes by community": " / ".join(map(str, part["classes"]))}
        rows.append(row | {"modularity": cell(round(float(part["modularity"].iloc[0]), 3))})
    return pd.DataFrame(rows)


def run_figures(shares: pd.DataFrame, thresholds: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return a run's figures that the paper prints in its text: figure, quantity, value.

    Parameters
    ----------
    shares, thresholds, history : the run's figure2_shares.csv, figure3_thresholds.csv and history.csv (first seed).
    """
    smallest = shares.loc[shares["smallest"] == 1, "k"]
    best = shares.loc[shares["share_right"].idxmax()]
    drawn = thresholds[thresholds["drawn"] == 1].iloc[0]
    highest = thresholds.loc[thresholds["pearson"].idxmax()] if thresholds["pearson"].notna().any() else drawn
    rows = [
        (0, "test accuracy", history["test_accuracy"].iloc[-1]),
        (
            2,
            "smallest k at which activating the top-k neurons predicts every class",
            next(iter(smallest), float("nan")),
        ),
        (2, "fraction of classes predicted as expected", best["share_right"]),
        (2, "smallest k with that fraction", best["k"]),
        (3, "pearson of class similarity (Jaccard) and mutual mistakes", drawn["pearson"]),
        (3, "neighbour_threshold", drawn["neighbour_threshold"]),
        (3, "highest pearson over the thresholds", highest["pearson"]),
        (3, "neighbour_threshold of the highest", highest["neighbour_threshold"]),
    ]
    return pd.DataFrame(rows, columns=["figure", "quantity", "value"])


def figures_beside(figures: dict, labels: dict, published: pd.DataFrame) -> pd.DataFrame:
    """Return a row per run and figure of `run_figures`: ours, the published value and the difference."""
    keys = ["dataset", "figure", "quantity"]
    full = join_published(stack_runs(figures, labels), published, keys, {"value": "value"})
    full["figure"] = [f"Figure {number}" if number else "" for number in full["figure"]]
    return full.rename(columns={"published_value": "published", "difference_value": "difference"})


TABLES = {
    "table1": PaperTable(
        "Communities of classes, all runs beside the published ones",
        "Louvain communities (positive edges, best of several seeded runs) that hold a class; the published communities of "
        "the same data set below them. Communities are matched by nothing but their order.",
        communities_beside,
        communities_arranged,
        "coactivation_table1",
    ),
    "figures": PaperTable(
        "Figures of the co-activation study, all runs beside the published values",
        "The figures that the paper prints in its text. Ours of Figure 3 is at the configured `neighbour_threshold`; "
        "`figure3_thresholds.csv` of each run has the others.",
        figures_beside,
        lambda full: full,
        "coactivation_figures",
    ),
}
