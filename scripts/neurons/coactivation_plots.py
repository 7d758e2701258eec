"""The figures of the co-activation study, each as SVG and PNG."""

from math import isnan

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from neurons.plots import PALETTE, draw_graph, figure

CLASS_COLOUR = "#ffd92f"
BLUE, RED, GREEN, GRAY = "#2166ac", "#b2182b", "#1b7837", "#777777"
NAMED_PAIRS = 6  # pairs of classes with most mistakes that Figure 3 names


def plot_graph(table: pd.DataFrame, weights: np.ndarray, run: str, threshold: float, paths) -> None:
    """Write Figure 1: the graph of positive weights (V, V), neurons blue, classes yellow with their names.

    `table` has a row for each node: node (its name), kind, x and y.
    """
    position, is_class = table[["x", "y"]].to_numpy(), (table["kind"] == "class").to_numpy()
    linked = weights.any(axis=1) | is_class
    halo = [withStroke(linewidth=2.5, foreground="white")]
    with figure(paths, 1, 1, 7.0, 6.4) as (fig, axes):
        axis = axes[0, 0]
        title = f"{run}: {int((linked & ~is_class).sum())} neurons and {int(is_class.sum())} classes, edges above {threshold:g}"
        draw_graph(axis, weights[np.ix_(linked, linked)], position[linked], np.zeros(linked.sum(), int), title)
        axis.scatter(*position[is_class].T, s=90, c=CLASS_COLOUR, edgecolors="black", linewidths=0.8, zorder=3)
        for name, (x, y) in zip(table["node"][is_class], position[is_class]):
            axis.annotate(
                name, (x, y), (6, 5), textcoords="offset points", fontsize=9, weight="bold", path_effects=halo, zorder=4
            )
        dots = [
            Line2D([], [], marker="o", linestyle="", color=PALETTE[0]),
            Line2D([], [], marker="o", linestyle="", color=CLASS_COLOUR, markeredgecolor="black"),
        ]
        axis.legend(dots, ["hidden neuron", "class"], frameon=False, loc="lower right")


def plot_top_k(rows: pd.DataFrame, shares: pd.DataFrame, run: str, paths) -> None:
    """Write Figure 2: the share of classes predicted when their top k neurons are activated, and which classes."""
    classes = rows.drop_duplicates("class")["name"].tolist()
    grid = rows.pivot(index="class", columns="k", values="right").to_numpy()
    smallest = shares.loc[shares["smallest"] == 1, "k"]
    told = f"every class right from k = {smallest.iloc[0]}" if len(smallest) else "no k has every class right"
    with figure(paths, 2, 1, 6.4, 2.8) as (_, axes):
        above, below = axes[:, 0]
        above.plot(shares["k"], shares["share_right"], color=BLUE, marker="o", markersize=3, linewidth=1.2)
        for k in smallest:
            above.axvline(k, color=RED, linewidth=0.8, linestyle="--")
        above.set(title=f"{run}, {shares['layer'].iloc[0]}: {told}", ylabel="classes predicted", ylim=(-0.03, 1.05))
        above.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        below.imshow(
            grid, cmap="Blues", vmin=0, vmax=1.3, aspect="auto", extent=(0.5, grid.shape[1] + 0.5, len(grid), 0)
        )
        below.set_yticks(np.arange(len(classes)) + 0.5, classes, fontsize=8)
        below.set(xlabel="k neurons activated", title="blue: the class itself is predicted", xlim=above.get_xlim())


def _name_pairs(axis, rows: pd.DataFrame) -> None:
    """Write the names of the pairs of classes with most mistakes beside their points, where there is room."""
    wide, high, taken = rows["jaccard"].max() or 1, rows["mistakes"].max() or 1, []
    for row in rows[rows["mistakes"] > 0].nlargest(NAMED_PAIRS, "mistakes").itertuples():
        x, y, left = row.jaccard / wide, row.mistakes / high, row.jaccard > 0.6 * wide
        name = f"{row.name_i} / {row.name_j}"
        if any(abs(x - a) < 0.02 * len(name) and abs(y - b) < 0.05 for a, b in taken):
            continue
        taken.append((x, y))
        where = {"xytext": (-5 if left else 5, 2), "textcoords": "offset points", "ha": "right" if left else "left"}
        axis.annotate(name, (row.jaccard, row.mistakes), fontsize=7, **where)


def plot_similarity(rows: pd.DataFrame, summary: pd.DataFrame, run: str, paths) -> None:
    """Write Figure 3: similarity against mistakes at the chosen threshold, and the correlation at all thresholds."""
    rows, chosen = rows[rows["drawn"] == 1], summary[summary["drawn"] == 1].iloc[0]
    threshold = chosen["neighbour_threshold"]
    r = "not defined" if isnan(chosen["pearson"]) else f"{chosen['pearson']:.2f}"
    with figure(paths, 1, 2, 4.8, 3.8) as (_, axes):
        left, right = axes[0]
        left.scatter(rows["jaccard"], rows["mistakes"], s=16, color=BLUE, alpha=0.7, linewidths=0)
        _name_pairs(left, rows.dropna(subset="jaccard"))
        left.yaxis.get_major_locator().set_params(integer=True)
        left.set(
            title=f"{run}, neighbours above {threshold:g}: Pearson {r}",
            xlabel="Jaccard index of the classes' neighbours",
            ylabel="mistakes between the two classes",
        )
        right.plot(
            summary["neighbour_threshold"], summary["pearson"], color=BLUE, marker="o", markersize=3, label="Pearson"
        )
        right.plot(
            summary["neighbour_threshold"], summary["spearman"], color=GREEN, marker="s", markersize=3, label="Spearman"
        )
        right.axvline(threshold, color=RED, linewidth=0.8, linestyle="--", label="drawn on the left")
        right.axhline(0, color=GRAY, linewidth=0.6)
        right.set(title="at other thresholds", xlabel="neighbour_threshold", ylabel="correlation", ylim=(-1.05, 1.05))
        right.legend(frameon=False, fontsize=8, loc="lower left")


def plot_heatmaps(panels: list[tuple[str, np.ndarray]], columns: int, title: str, paths, nothing: str = "") -> None:
    """Write heat maps (Figures 4 and 5): (title, correlations (H, W)) each, red positive, blue negative, gray constant.

    All share one scale, symmetric about 0. Without panels the figure says `nothing`.
    """
    columns = min(columns, len(panels)) or 1
    count = -(-len(panels) // columns) or 1
    with figure(paths, count, columns, 2.1, 2.3) as (fig, axes):
        fig.suptitle(title, fontsize=10)
        known = [np.abs(image[~np.isnan(image)]).max(initial=0) for _, image in panels]
        top = max(known, default=0) or 1
        for axis in axes.flat:
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_visible(False)
            axis.set_facecolor("#dddddd")
        for axis in axes.flat[len(panels) :]:
            axis.set_axis_off()
        for axis, (name, image) in zip(axes.flat, panels):
            drawn = axis.imshow(image, cmap="RdBu_r", vmin=-top, vmax=top)
            axis.set_title(name, fontsize=8)
        if panels:
            fig.colorbar(drawn, ax=axes, shrink=0.8, label="correlation with the pixel")
        else:
            axes[0, 0].text(0.5, 0.5, nothing, ha="center", va="center", wrap=True, transform=axes[0, 0].transAxes)


def plot_stability(matrix: np.ndarray, classes: list[str], run: str, runs: int, paths) -> None:
    """Write how often two classes share a community, (C, C) shares of Louvain runs, as a heat map."""
    side = max(3.6, 0.42 * len(classes) + 1.6)
    with figure(paths, 1, 1, side + 0.8, side) as (fig, axes):
        axis = axes[0, 0]
        image = axis.imshow(matrix, cmap="Blues", vmin=0, vmax=1)
        for (i, j), value in np.ndenumerate(matrix):
            colour = "white" if value > 0.6 else "black"
            axis.text(j, i, f"{value:.1f}", ha="center", va="center", fontsize=7, color=colour)
        axis.set_xticks(range(len(classes)), classes, rotation=45, ha="right", rotation_mode="anchor")
        axis.set_yticks(range(len(classes)), classes)
        axis.set_title(f"{run}: classes in one community")
        fig.colorbar(image, ax=axis, shrink=0.8, label=f"share of {runs} Louvain runs")


def plot_silencing(table: pd.DataFrame, run: str, paths) -> None:
    """Write the accuracy lost against the share of hidden neurons silenced: most central ones, and random ones.

    Random choices are drawn as mean and range over their repeats.
    """
    styles = {
        "strength": ("highest strength", RED, "-", "o"),
        "random_like_strength": ("random, same layers as by strength", RED, ":", ""),
        "betweenness": ("highest betweenness", BLUE, "-", "s"),
        "random_like_betweenness": ("random, same layers as by betweenness", BLUE, ":", ""),
        "random": ("random, anywhere", GRAY, "--", ""),
    }
    with figure(paths, 1, 1, 5.6, 4.2) as (_, axes):
        axis = axes[0, 0]
        for choice, (label, colour, line, marker) in styles.items():
            by_share = table[table["choice"] == choice].groupby("share")["accuracy_lost"]
            mean = by_share.mean()
            axis.plot(mean.index, mean, line, color=colour, marker=marker, markersize=4, label=label)
            if by_share.size().max() > 1:
                axis.fill_between(mean.index, by_share.min(), by_share.max(), color=colour, alpha=0.1, linewidth=0)
        axis.set(title=f"{run}: silencing neurons", xlabel="live hidden neurons silenced", ylabel="test accuracy lost")
        axis.set_xticks(sorted(table["share"].unique()))
        for side in (axis.xaxis, axis.yaxis):
            side.set_major_formatter(lambda value, _: f"{value:.0%}")
        axis.legend(frameon=False, fontsize=7, loc="upper left")
