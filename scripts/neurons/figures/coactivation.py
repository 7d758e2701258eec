"""Figures of the co-activation study: each function draws the tables `sources` and writes `output`."""

from math import isnan
from textwrap import fill

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from neurons.core.tables import read_csv_table
from neurons.figures.style import (
    BLUE,
    CLASS_NODE,
    GRAY,
    GREEN,
    NOTHING,
    PALETTE,
    RED,
    annotate_cells,
    draw_graph,
    figure,
)

NAMED_PAIRS = 6  # pairs of classes with most mistakes that Figure 3 names
TITLE_WIDTH = 24  # characters in a line of a heat map's title


def graph(sources, output, run: str, threshold: float) -> None:
    """Draw Figure 1: the graph of positive weights, neurons blue, classes yellow with their names."""
    nodes, edges = map(read_csv_table, sources)
    is_class = nodes["kind"] == "class"
    linked = (nodes["strength"] > 0) | is_class
    number = np.cumsum(linked) - 1  # of a node among those drawn
    edges = edges.assign(a=number[edges["a"]].to_numpy(), b=number[edges["b"]].to_numpy())
    classes = nodes[is_class]
    halo = [withStroke(linewidth=2.5, foreground="white")]
    with figure(output, 1, 1, 7.0, 6.4) as (_, axes):
        axis = axes[0, 0]
        neurons = int((linked & ~is_class).sum())
        title = f"{run}: {neurons} neurons and {len(classes)} classes, edges above {threshold:g}"
        draw_graph(axis, nodes[linked], edges, [PALETTE[0]], title)
        outline = {"edgecolors": "black", "linewidths": 0.8, "zorder": 3}
        axis.scatter(classes["x"], classes["y"], s=90, c=CLASS_NODE, **outline)
        text = {"textcoords": "offset points", "fontsize": 9, "weight": "bold", "path_effects": halo, "zorder": 4}
        for name, x, y in zip(classes["node"], classes["x"], classes["y"]):
            axis.annotate(str(name), (x, y), (6, 5), **text)
        kinds = ({"color": PALETTE[0]}, {"color": CLASS_NODE, "markeredgecolor": "black"})
        dots = [Line2D([], [], marker="o", linestyle="", **kind) for kind in kinds]
        axis.legend(dots, ["hidden neuron", "class"], loc="lower right")


def top_neurons(sources, output, run: str) -> None:
    """Draw Figure 2: the share of classes predicted when their top k neurons are activated, and which classes.

    Beside them the controls: the neurons of largest class mean, and random ones (the mean, and the middle 95 %).
    """
    rows, shares, controls = map(read_csv_table, sources)
    classes = rows.drop_duplicates("class")["name"].astype(str).tolist()
    grid = rows.pivot(index="class", columns="k", values="right").to_numpy()
    smallest = shares.loc[shares["smallest"] == 1, "k"]
    told = f"every class right from k = {smallest.iloc[0]}" if len(smallest) else "no k has every class right"
    with figure(output, 2, 1, 6.4, 2.8) as (_, axes):
        above, below = axes[:, 0]
        random = controls[controls["choice"] == "random"].groupby("k")["share_right"]
        low, mean, high = random.quantile(0.025), random.mean(), random.quantile(0.975)
        above.fill_between(mean.index, low, high, color="0.88", linewidth=0)
        above.plot(mean.index, mean, color="0.6", linewidth=1, label="random")
        by_mean, style = (
            controls[controls["choice"] == "class_mean"],
            {"color": "0.3", "linewidth": 1, "linestyle": ":"},
        )
        above.plot(by_mean["k"], by_mean["share_right"], label="largest class mean", **style)
        style = {"color": BLUE, "marker": "o", "markersize": 3, "linewidth": 1.2}
        above.plot(shares["k"], shares["share_right"], label="most correlated", **style)
        above.legend(fontsize=7, loc="center right")
        for k in smallest:
            above.axvline(k, color=RED, linewidth=0.8, linestyle="--")
        above.set(title=f"{run}, {shares['layer'].iloc[0]}: {told}", ylabel="classes predicted", ylim=(-0.03, 1.05))
        above.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        extent = (0.5, grid.shape[1] + 0.5, len(grid), 0)
        below.imshow(grid, cmap="Blues", vmin=0, vmax=1.3, aspect="auto", extent=extent)
        below.set_yticks(np.arange(len(classes)) + 0.5, classes, fontsize=8)
        below.set(xlabel="k neurons activated", title="blue: the class itself is predicted", xlim=above.get_xlim())


def _name_pairs(axis, rows) -> None:
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


def similarity(sources, output, run: str) -> None:
    """Draw Figure 3: similarity against mistakes at the chosen threshold, and the correlation at all thresholds."""
    rows, summary = map(read_csv_table, sources)
    rows, chosen = rows[rows["drawn"] == 1], summary[summary["drawn"] == 1].iloc[0]
    threshold = chosen["neighbour_threshold"]
    r = "not defined" if isnan(chosen["pearson"]) else f"{chosen['pearson']:.2f}"
    with figure(output, 1, 2, 4.8, 3.8) as (_, axes):
        left, right = axes[0]
        left.scatter(rows["jaccard"], rows["mistakes"], s=16, color=BLUE, alpha=0.7, linewidths=0)
        _name_pairs(left, rows.dropna(subset="jaccard"))
        left.yaxis.get_major_locator().set_params(integer=True)
        left.set(
            title=f"{run}, neighbours above {threshold:g}: Pearson {r}",
            xlabel="Jaccard index of the classes' neighbours",
            ylabel="mistakes between the two classes",
        )
        for name, colour, marker in (("Pearson", BLUE, "o"), ("Spearman", GREEN, "s")):
            style = {"color": colour, "marker": marker, "markersize": 3, "label": name}
            right.plot(summary["neighbour_threshold"], summary[name.lower()], **style)
        right.axvline(threshold, color=RED, linewidth=0.8, linestyle="--", label="drawn on the left")
        right.axhline(0, color=GRAY, linewidth=0.6)
        right.set(title="at other thresholds", xlabel="neighbour_threshold", ylabel="correlation", ylim=(-1.05, 1.05))
        right.legend(fontsize=8, loc="lower left")


def _heatmaps(table, columns: int, title: str, output, nothing: str = "") -> None:
    """Draw the heat maps of a table's panels: red positive, blue negative, gray constant; of colour, the mean channel.

    All share one scale, symmetric about 0. Without panels the figure says `nothing`.
    """
    panels = [panel for _, panel in table.groupby("panel")]
    columns = min(columns, len(panels)) or 1
    with figure(output, -(-len(panels) // columns) or 1, columns, 2.1, 2.3) as (fig, axes):
        fig.suptitle(title, fontsize=10)
        images = [one.groupby(["row", "column"])["pixel_correlation"].mean().unstack().to_numpy() for one in panels]
        top = max((np.abs(image[~np.isnan(image)]).max(initial=0) for image in images), default=0) or 1
        for axis in axes.flat:
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_visible(False)
            axis.set_facecolor(NOTHING)
        for axis in axes.flat[len(panels) :]:
            axis.set_axis_off()
        for axis, panel, image in zip(axes.flat, panels, images):
            drawn = axis.imshow(image, cmap="RdBu_r", vmin=-top, vmax=top)
            axis.set_title(_panel_title(panel.iloc[0]), fontsize=8)
        if panels:
            fig.colorbar(drawn, ax=axes, shrink=0.8, label="correlation with the pixel")
        else:
            axes[0, 0].text(0.5, 0.5, nothing, ha="center", va="center", wrap=True, transform=axes[0, 0].transAxes)


def _panel_title(row) -> str:
    """Return a panel's title: the classes it stands for, the neuron, its correlations with them."""
    correlations = ", ".join(f"{float(value):.2f}" for value in str(row["correlations"]).split("; "))
    classes = fill(str(row["classes"]).replace("; ", " + "), TITLE_WIDTH)
    return f"{classes}\n{row['layer']} {row['neuron']} \nr {correlations}"


def strongest_neurons(sources, output, run: str) -> None:
    """Draw Figure 4: the pixels that go with each class's strongest neuron."""
    _heatmaps(read_csv_table(sources[0]), 5, f"{run}: each class's strongest neuron", output)


def shared_neurons(sources, output, run: str, neighbour_threshold: float) -> None:
    """Draw Figure 5: the pixels that go with neurons that two and three classes share."""
    title = f"{run}: neurons shared by two and by three classes (r > {neighbour_threshold:g})"
    nothing = f"no neuron is correlated above {neighbour_threshold:g} with exactly two or three classes"
    _heatmaps(read_csv_table(sources[0]), 3, title, output, nothing)


def stability(sources, output, run: str) -> None:
    """Draw how often two classes share a community, as shares of Louvain runs, as a heat map."""
    pairs, communities = map(read_csv_table, sources)
    names = dict(zip(pairs["class_i"], pairs["name_i"])) | dict(zip(pairs["class_j"], pairs["name_j"]))
    classes = [str(names[number]) for number in sorted(names)]
    matrix = np.eye(len(classes))
    for i, j in (("class_i", "class_j"), ("class_j", "class_i")):
        matrix[pairs[i], pairs[j]] = pairs["share_of_runs"]
    side = max(3.6, 0.42 * len(classes) + 1.6)
    with figure(output, 1, 1, side + 0.8, side) as (fig, axes):
        axis = axes[0, 0]
        image = axis.imshow(matrix, cmap="Blues", vmin=0, vmax=1)
        annotate_cells(axis, matrix, "{:.1f}".format, 0.6, 7)
        axis.set_xticks(range(len(classes)), classes, rotation=45, ha="right", rotation_mode="anchor")
        axis.set_yticks(range(len(classes)), classes)
        axis.set_title(f"{run}: classes in one community")
        runs = communities["louvain_runs"].iloc[0]
        fig.colorbar(image, ax=axis, shrink=0.8, label=f"share of {runs} Louvain runs")


def silencing(sources, output, run: str) -> None:
    """Draw the accuracy lost against the share of hidden neurons silenced: most central ones, and random ones.

    Random choices are drawn as mean and range over their repeats.
    """
    table = read_csv_table(sources[0])
    styles = {
        "strength": ("highest strength", RED, "-", "o"),
        "random_like_strength": ("random, same layers as by strength", RED, ":", ""),
        "betweenness": ("highest betweenness", BLUE, "-", "s"),
        "random_like_betweenness": ("random, same layers as by betweenness", BLUE, ":", ""),
        "random": ("random, anywhere", GRAY, "--", ""),
    }
    with figure(output, 1, 1, 5.6, 4.2) as (_, axes):
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
        axis.legend(fontsize=7, loc="upper left")
