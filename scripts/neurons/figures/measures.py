"""Figures of the study of measures: each function draws the tables `sources` and writes `output`."""

import numpy as np

from neurons.core.tables import read_csv_table
from neurons.figures.style import BLUE, GRAY, RED, figure

SIGNIFICANT = 0.05


def _draw_rows(axis, rows, names, filled: tuple[str, str], hollow: tuple[str, str]) -> np.ndarray:
    """Draw correlations with their limits as filled dots, and others as hollow ones; return the place of each row.

    Parameters
    ----------
    names : of the rows.
    filled, hollow : column and label.
    """
    (column, label), (hollow_column, hollow_label) = filled, hollow
    place, middle = -np.arange(len(rows)), rows[column].to_numpy()
    errors = np.abs(rows[[f"{column}_low", f"{column}_high"]].to_numpy().T - middle)
    axis.errorbar(middle, place, xerr=errors, fmt="o", color=BLUE, markersize=4, elinewidth=0.9, label=label)
    axis.plot(rows[hollow_column], place, "o", color=RED, markersize=5, fillstyle="none", label=hollow_label)
    axis.axvline(0, color=GRAY, linewidth=0.6)
    axis.set_yticks(place, names, fontsize=7)
    axis.set_xlim(-1.05, 1.05)
    return place


def forest(sources, output, run: str) -> None:
    """Draw Figure 1: own and swapped correlation of every measure and layer with test accuracy, a row each."""
    table = read_csv_table(sources[0], dtype={"layer": str, "measure": str})
    rows = table[(table["target"] == "test_accuracy") & table["own"].notna()].reset_index(drop=True)
    names = rows["measure"] + ", " + rows["layer"]
    with figure(output, 1, 1, 6.4, max(2.5, 0.19 * len(rows) + 1.2)) as (_, axes):
        axis = axes[0, 0]
        place = _draw_rows(axis, rows, names, ("own", "own network"), ("swapped", "other seeds' networks"))
        beside = {"annotation_clip": False, "va": "center", "fontsize": 7}
        for y, p in zip(place, rows["swap_p_adjusted"]):
            if np.isfinite(p):
                axis.annotate(f"{p:.2f}", (1.08, y), weight="bold" if p < SIGNIFICANT else "normal", **beside)
        if rows["swap_p_adjusted"].notna().any():
            axis.annotate("p of the\nswap", (1.08, 1.5), **beside)
        axis.set_xlabel("Pearson's r over iterations")
        axis.set_title(f"{run}: measures against test accuracy", fontsize=9, loc="left")
        below = (0.5, -0.55 / max(len(rows) * 0.19, 1))
        axis.legend(fontsize=7, loc="upper center", bbox_to_anchor=below, ncols=2)


MOST = 30  # measures drawn of a ranking


def ranking(sources, output, run: str) -> None:
    """Draw the ranking: granulated and plain Kendall's tau of the strongest measures with test accuracy, a panel a run."""
    table = read_csv_table(sources[0])
    runs = list(dict.fromkeys(table["run"]))
    table = table[(table["target"] == "test_accuracy") & table["granulated_tau"].notna()]
    rows_of = {name: table[table["run"] == name].head(MOST) for name in runs}
    longest = max(map(len, rows_of.values()))
    with figure(output, 1, len(runs), 5.6, max(2.5, 0.19 * longest + 1.2)) as (fig, axes):
        for axis, (name, rows) in zip(axes[0], rows_of.items()):
            filled = "granulated_tau", "one hyper-parameter at a time"
            place = _draw_rows(axis, rows, rows["measure"], filled, ("tau", "all pairs"))
            for y in place[rows["worst_excess"] < 0]:
                axis.annotate("*", (1.06, y), annotation_clip=False, va="center")
            axis.set(title=f"{name}: networks ranked", xlabel="Kendall's tau with test accuracy")
        handles, labels = axes[0, 0].get_legend_handles_labels()
        fig.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=8)


def dose_response(sources, output, run: str) -> None:
    """Draw dose and response: accuracy against the pushed measure, a dot a network, a row a run, a panel a measure."""
    table, slopes = (read_csv_table(source) for source in sources)
    runs, measures = (list(dict.fromkeys(slopes[name])) for name in ("run", "measure"))
    with figure(output, len(runs), len(measures), 3.2, 2.7) as (fig, axes):
        for row, name in zip(axes, runs):
            for axis, measure in zip(row, measures):
                rows = table[(table["run"] == name) & (table["measure"] == measure) & table["reached"]]
                neither, sham = rows["strength"] == 0, rows["sham"].astype(bool)
                for label, chosen, colour, marker, size in (
                    ("sham", sham & ~neither, GRAY, "o", 3),
                    ("pushed", ~sham & ~neither, BLUE, "o", 3),
                    ("neither", neither, RED, "s", 4),
                ):
                    dots = rows[chosen]
                    style = {"color": colour, "markersize": size, "label": label}
                    axis.plot(dots["value"], 100 * dots["test_accuracy"], marker, **style)
                axis.set(title=f"{name}: {measure}", xlabel=f"{measure}, mean over layers", ylabel="test accuracy, %")
        handles, labels = axes[0, 0].get_legend_handles_labels()
        fig.legend(handles, labels, loc="outside upper center", ncols=3, fontsize=8)
