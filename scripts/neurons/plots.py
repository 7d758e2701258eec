"""Figures, each written as SVG and PNG with the same bytes for the same data."""

from contextlib import contextmanager
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection

from neurons.files import atomic

PALETTE = plt.get_cmap("tab20").colors[::2] + plt.get_cmap("tab20").colors[1::2]
STYLES = {  # Figure 1's series: column, label, colour, marker
    "normalized_entropy": ("entropy", "#b2182b", "o"),
    "running_accuracy": ("training accuracy (running)", "#2166ac", "s"),
    "train_accuracy": ("training accuracy (evaluated)", "#67a9cf", "D"),
    "test_accuracy": ("test accuracy", "#1b7837", "^"),
}
EDGES_DRAWN = 3000  # a layer has tens of thousands; the heaviest show the structure


@contextmanager
def figure(paths, rows: int = 1, columns: int = 1, width: float = 4.2, height: float = 4.0):
    """Yield (figure, axes (rows, columns)) and write the figure to every path; the suffix gives the format."""
    style = {
        "svg.hashsalt": "neurons",
        "svg.fonttype": "none",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with plt.rc_context(style):
        fig, axes = plt.subplots(
            rows, columns, figsize=(width * columns, height * rows), squeeze=False, layout="constrained"
        )
        try:
            yield fig, axes
            for path in map(Path, paths):
                metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
                with atomic(path) as part:
                    fig.savefig(part, format=path.suffix[1:], dpi=150, metadata=metadata)
        finally:
            plt.close(fig)


def _scaled(values: pd.Series) -> pd.Series:
    """Scale a series to [0, 1] over its iterations (0 where it is constant)."""
    spread = values.max() - values.min()
    return (values - values.min()) / spread if spread > 0 else values * 0.0


def draw_series(axis, series: pd.DataFrame, title: str) -> None:
    """Draw Figure 1 of one run: entropy and accuracies over iterations, the mean over seeds, each scaled to [0, 1].

    The legend gives the unscaled first and last value of each.
    """
    mean = series.drop(columns="seed").groupby("iteration").mean()
    for column, (label, colour, marker) in STYLES.items():
        raw = mean["entropy_bits"] if column == "normalized_entropy" else mean[column]
        if raw.isna().any():
            continue
        form = "{:.0f} bits" if column == "normalized_entropy" else "{:.2%}"
        label = f"{label}: {form.format(raw.iloc[0])} → {form.format(raw.iloc[-1])}"
        axis.plot(mean.index, _scaled(raw), color=colour, marker=marker, markersize=3, linewidth=1.2, label=label)
    axis.set(title=title, xlabel="iteration", ylabel="scaled to its own range", ylim=(-0.03, 1.03))
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend(fontsize=7, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.17))


def plot_series(runs: dict[str, pd.DataFrame], paths) -> None:
    """Write Figure 1 for one or several runs, a panel each."""
    columns = min(3, len(runs))
    rows = -(-len(runs) // columns)
    with figure(paths, rows, columns) as (_, axes):
        for axis, (run, series) in zip(axes.flat, runs.items()):
            draw_series(axis, series, run)
        for axis in axes.flat[len(runs) :]:
            axis.set_axis_off()


def plot_overlap(table: pd.DataFrame, run: str, paths) -> None:
    """Write Table 2's `shared` matrices as heat maps: a row per layer, first and last iteration side by side."""
    table = table[(table["matrix"] == "shared") & (table["seed"] == table["seed"].min())]
    iterations, layers = sorted(table["iteration"].unique()), sorted(table["layer"].unique())
    classes = table["class_i"].nunique()
    side = max(3.4, 0.32 * classes + 1)
    with figure(paths, len(layers), len(iterations), side + 0.6, side) as (fig, axes):
        for row, layer in zip(axes, layers):
            chosen = table[table["layer"] == layer]
            top = chosen["neurons"].max()
            for axis, iteration in zip(row, iterations):
                cells = chosen[chosen["iteration"] == iteration]
                matrix = cells.pivot(index="class_i", columns="class_j", values="neurons").to_numpy()
                image = axis.imshow(matrix, cmap="Reds", vmin=0, vmax=top)
                for (i, j), value in np.ndenumerate(matrix):
                    axis.text(
                        j,
                        i,
                        value,
                        ha="center",
                        va="center",
                        fontsize=6,
                        color="white" if value > 0.6 * top else "black",
                    )
                axis.set(
                    title=f"{run}, {cells['layer_name'].iloc[0]}, iteration {iteration}", xlabel="class", ylabel="class"
                )
                axis.set_xticks(range(classes))
                axis.set_yticks(range(classes))
            fig.colorbar(image, ax=row, shrink=0.8, label="neurons (diagonal: in this class only)")


def draw_graph(axis, adjacency: np.ndarray, position: np.ndarray, classes: np.ndarray, title: str) -> None:
    """Draw one layer's graph: positions (V, 2), class numbers as colours (V,); the heaviest edges, darkest first."""
    i, j = np.triu_indices(len(adjacency), 1)
    weight = adjacency[i, j]
    heaviest = np.argsort(-weight, kind="stable")[:EDGES_DRAWN]
    heaviest = heaviest[weight[heaviest] > 0]
    segments = position[np.column_stack([i, j])[heaviest]]
    shade = weight[heaviest] / weight.max() if len(heaviest) else weight[heaviest]
    colours = [(0.35, 0.35, 0.35, 0.06 + 0.5 * s**2) for s in shade]
    # Edges are pixels inside the SVG: thousands of vector lines would make it megabytes.
    axis.add_collection(LineCollection(segments, colors=colours, linewidths=0.4, rasterized=True))
    degree = adjacency.sum(axis=1)
    size = 8 + 40 * degree / max(degree.max(), 1e-12)
    fill = [PALETTE[c % len(PALETTE)] for c in classes]
    axis.scatter(*position.T, s=size, c=fill, edgecolors="white", linewidths=0.3, zorder=2)
    axis.set(title=title, xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
    axis.margins(0.05)
    axis.set_aspect("equal")
