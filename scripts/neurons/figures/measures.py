"""Figures of the study of measures: each function draws the tables `sources` and writes `output`."""

import numpy as np

from neurons.core.tables import read_csv_table
from neurons.figures.style import BLUE, GRAY, RED, figure

SIGNIFICANT = 0.05


def forest(sources, output, run: str) -> None:
    """Draw Figure 1: own and swapped correlation of every measure and layer with test accuracy, a row each."""
    table = read_csv_table(sources[0], dtype={"layer": str, "measure": str})
    rows = table[(table["target"] == "test_accuracy") & table["own"].notna()].reset_index(drop=True)
    place, names = -np.arange(len(rows)), [f"{row.measure}, {row.layer}" for row in rows.itertuples()]
    with figure(output, 1, 1, 6.4, max(2.5, 0.19 * len(rows) + 1.2)) as (_, axes):
        axis = axes[0, 0]
        errors = np.abs(rows[["own_low", "own_high"]].to_numpy().T - rows["own"].to_numpy())
        axis.errorbar(
            rows["own"], place, xerr=errors, fmt="o", color=BLUE, markersize=4, elinewidth=0.9, label="own network"
        )
        axis.plot(rows["swapped"], place, "o", color=RED, markersize=5, fillstyle="none", label="other seeds' networks")
        for y, p in zip(place, rows["swap_p_adjusted"]):
            if p < SIGNIFICANT:
                axis.annotate("*", (1.06, y), annotation_clip=False, va="center")
        axis.axvline(0, color=GRAY, linewidth=0.6)
        axis.set_yticks(place, names, fontsize=7)
        axis.set(
            xlim=(-1.05, 1.05), title=f"{run}: measures against test accuracy", xlabel="Pearson's r over iterations"
        )
        axis.legend(
            frameon=False,
            fontsize=7,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.55 / max(len(rows) * 0.19, 1)),
            ncols=2,
        )
