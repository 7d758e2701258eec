"""Setting the co-activation study of all runs beside the values that its paper prints."""

from pathlib import Path

import pandas as pd

from neurons.files import cell
from neurons.tables import write_markdown, write_table

NOTE_TABLE1 = (
    "Louvain communities (positive edges, best of several seeded runs) that hold a class; the published communities of "
    "the same data set below them. Communities are matched by nothing but their order."
)
NOTE_FIGURES = (
    "The figures that the paper prints in its text. Ours of Figure 3 is at the configured `neighbour_threshold`; "
    "`figure3_thresholds.csv` of each run has the others."
)


def compare_communities(
    tables: dict, names: dict[str, str], published: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return Table 1 of all runs, stacked with the published one (full), and a row for each run or paper (shown)."""
    rows, shown, told = [], [], set()
    for run, table in tables.items():
        own = table.assign(run=run, dataset=names[run], source="ours")
        rows.append(own[own["classes"].fillna("") != ""])
        printed = published[published["dataset"] == names[run]]
        if len(printed) and names[run] not in told:
            rows.append(printed.assign(run="", source="published"))
            told.add(names[run])
    full = pd.concat(rows, ignore_index=True)
    front = ["dataset", "source", "run", "community", "classes", "modularity"]
    full = full[front + [name for name in full if name not in front]]
    for (dataset, source, run), part in full.groupby(["dataset", "source", "run"], sort=False):
        texts = " / ".join(part["classes"].astype(str))
        shown.append({"data set": dataset, "run": run or source, "classes by community": texts})
        shown[-1]["modularity"] = cell(float(f"{part['modularity'].iloc[0]:.3f}"))
    return full, pd.DataFrame(shown)


def run_figures(shares: pd.DataFrame, thresholds: pd.DataFrame, accuracy: float) -> dict[tuple[int, str], float]:
    """Return a run's figures by (figure, quantity)."""
    smallest = shares.loc[shares["smallest"] == 1, "k"]
    best = shares.loc[shares["share_right"].idxmax()]
    chosen = thresholds[thresholds["drawn"] == 1].iloc[0]
    highest = thresholds.loc[thresholds["pearson"].idxmax()] if thresholds["pearson"].notna().any() else chosen
    return {
        (0, "test accuracy"): accuracy,
        (2, "smallest k at which activating the top-k neurons predicts every class"): (
            float(smallest.iloc[0]) if len(smallest) else float("nan")
        ),
        (2, "fraction of classes predicted as expected"): float(best["share_right"]),
        (2, "smallest k with that fraction"): float(best["k"]),
        (3, "pearson of class similarity (Jaccard) and mutual mistakes"): chosen["pearson"],
        (3, "neighbour_threshold"): chosen["neighbour_threshold"],
        (3, "highest pearson over the thresholds"): highest["pearson"],
        (3, "neighbour_threshold of the highest"): highest["neighbour_threshold"],
    }


def compare_figures(figures: dict[str, dict], names: dict[str, str], published: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each run and figure of its text: ours, the published value and the difference."""
    printed = {(row.dataset, row.figure, row.quantity): row.value for row in published.itertuples()}
    rows = []
    for run, own in figures.items():
        for (number, quantity), value in own.items():
            known = printed.get((names[run], number, quantity), float("nan"))
            rows.append(
                {
                    "run": run,
                    "dataset": names[run],
                    "figure": f"Figure {number}" if number else "",
                    "quantity": quantity,
                    "value": value,
                    "published": known,
                    "difference": value - known,
                }
            )
    return pd.DataFrame(rows)


def compare(tables, shares, thresholds, history, names: dict[str, str], folder: Path, output) -> None:
    """Write Table 1 and the figures of all runs beside their published values.

    Parameters
    ----------
    tables, shares, thresholds, history : paths of each run's table1.csv, figure2_shares.csv, figure3_thresholds.csv and
        history.csv (first seed), by run name.
    names : the published name that each run is compared with, by run name.
    folder : where the published values lie.
    output : paths table1, table1_html, table1_markdown, figures, figures_html and figures_markdown.
    """
    frames = {run: pd.read_csv(path) for run, path in tables.items()}
    full, shown = compare_communities(frames, names, pd.read_csv(folder / "coactivation_table1.csv"))
    title = "Communities of classes, all runs beside the published ones"
    write_table(full, output.table1, output.table1_html, title)
    write_markdown(shown, output.table1_markdown, title, NOTE_TABLE1)
    figures = {
        run: run_figures(
            pd.read_csv(shares[run]),
            pd.read_csv(thresholds[run]),
            float(pd.read_csv(history[run])["test_accuracy"].iloc[-1]),
        )
        for run in tables
    }
    full = compare_figures(figures, names, pd.read_csv(folder / "coactivation_figures.csv"))
    title = "Figures of the co-activation study, all runs beside the published values"
    write_table(full, output.figures, output.figures_html, title)
    write_markdown(full, output.figures_markdown, title, NOTE_FIGURES)
