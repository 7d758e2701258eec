"""Figures of the communities study: each function draws the tables `sources` and writes `output`."""

import pandas as pd
from matplotlib.lines import Line2D

from neurons.core.tables import read_csv_table
from neurons.figures.style import BLUE, GRAY, GREEN, LIGHT_BLUE, PALETTE, RED, annotate_cells, draw_graph, figure

SERIES = {  # column, label, colour, marker
    "normalized_entropy": ("entropy", RED, "o"),
    "live_units": ("live units", GRAY, "x"),
    "running_accuracy": ("training accuracy (running)", BLUE, "s"),
    "train_accuracy": ("training accuracy (evaluated)", LIGHT_BLUE, "D"),
    "test_accuracy": ("test accuracy", GREEN, "^"),
}


def _scaled(values: pd.Series) -> pd.Series:
    """Scale a series to [0, 1] over its iterations (0 where it is constant)."""
    spread = values.max() - values.min()
    return (values - values.min()) / spread if spread > 0 else values * 0.0


def _draw_series(axis, series: pd.DataFrame, title: str) -> None:
    """Draw entropy, live units and accuracies over the iterations, the mean over seeds, each scaled to [0, 1].

    The legend gives the unscaled first and last value of each.
    """
    mean = series.groupby("iteration").mean(numeric_only=True)
    for column, (label, colour, marker) in SERIES.items():
        raw = mean["entropy_bits"] if column == "normalized_entropy" else mean[column]
        if raw.isna().any():
            continue
        form = {"normalized_entropy": "{:.0f} bits", "live_units": "{:.0f}"}.get(column, "{:.2%}")
        label = f"{label}: {form.format(raw.iloc[0])} → {form.format(raw.iloc[-1])}"
        axis.plot(mean.index, _scaled(raw), color=colour, marker=marker, markersize=3, linewidth=1.2, label=label)
    axis.set(title=title, xlabel="iteration", ylabel="scaled to its own range", ylim=(-0.03, 1.03))
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend(fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.17))


def series(sources, output, run: str) -> None:
    """Draw Figure 1: of one run, or of every run in the table's column `run`, a panel each."""
    table = read_csv_table(sources[0])
    runs = dict(list(table.groupby("run", sort=False))) if "run" in table else {run: table}
    columns = min(3, len(runs))
    rows = -(-len(runs) // columns)
    with figure(output, rows, columns) as (_, axes):
        for axis, (name, rows_of_run) in zip(axes.flat, runs.items()):
            _draw_series(axis, rows_of_run, name)
        for axis in axes.flat[len(runs) :]:
            axis.set_axis_off()


def class_entropy(sources, output, run: str) -> None:
    """Draw the entropy of each class, its live units and its accuracy over the iterations, the mean over seeds."""
    table = read_csv_table(sources[0])
    known = [name for name in ("running_accuracy", "train_accuracy") if table.get(name, pd.Series()).notna().any()]
    panels = {"entropy_bits": "entropy (bits)", "live_units": "live units"}
    panels |= {name: f"accuracy ({name.split('_')[0]})" for name in known[:1]}
    mean = table.groupby(["class", "iteration"]).mean(numeric_only=True)
    with figure(output, 1, len(panels), 4.4, 3.6) as (fig, axes):
        for axis, (column, label) in zip(axes[0], panels.items()):
            for c, values in mean[column].groupby(level="class"):
                colour = PALETTE[c % len(PALETTE)]
                axis.plot(values.loc[c].index, values, color=colour, linewidth=1.2, label=str(c))
            axis.set(title=run, xlabel="iteration", ylabel=label)
            axis.xaxis.get_major_locator().set_params(integer=True)
        handles, labels = axes[0, 0].get_legend_handles_labels()
        columns = -(-len(labels) // 20)
        fig.legend(handles, labels, title="class", loc="outside right center", ncols=columns)


def overlap(sources, output, run: str) -> None:
    """Draw Table 2's `shared` matrices as heat maps: a row per layer, first and last iteration side by side."""
    table = read_csv_table(sources[0])
    table = table[(table["matrix"] == "shared") & (table["seed"] == table["seed"].min())]
    iterations, layers = sorted(table["iteration"].unique()), sorted(table["layer"].unique())
    classes = table["class_i"].nunique()
    side = max(3.4, 0.32 * classes + 1)
    with figure(output, len(layers), len(iterations), side + 0.6, side) as (fig, axes):
        for row, layer in zip(axes, layers):
            chosen = table[table["layer"] == layer]
            top = chosen["neurons"].max()
            for axis, iteration in zip(row, iterations):
                cells = chosen[chosen["iteration"] == iteration]
                matrix = cells.pivot(index="class_i", columns="class_j", values="neurons").to_numpy()
                image = axis.imshow(matrix, cmap="Reds", vmin=0, vmax=top)
                annotate_cells(axis, matrix, str, 0.6 * top, 6)
                title = f"{run}, {cells['layer_name'].iloc[0]}, iteration {iteration}"
                axis.set(title=title, xlabel="class", ylabel="class", xticks=range(classes), yticks=range(classes))
            fig.colorbar(image, ax=row, shrink=0.8, label="neurons (diagonal: in this class only)")


def pattern_graphs(sources, output, run: str) -> None:
    """Draw the graphs of some iterations: a row per layer, a column per iteration.

    A neuron has the colour of the class that activates it most among the classes whose top neurons hold it.
    """
    nodes, edges = map(read_csv_table, sources)
    layers, iterations = nodes["layer"].unique(), sorted(nodes["iteration"].unique())
    with figure(output, len(layers), len(iterations), 4.6, 4.4) as (fig, axes):
        for row, layer in zip(axes, layers):
            for axis, iteration in zip(row, iterations):
                here = "layer == @layer and iteration == @iteration"
                neurons, links = nodes.query(here), edges.query(here)
                title = f"{run}, {layer}, iteration {iteration}: {len(neurons)} neurons"
                draw_graph(axis, neurons, links, [PALETTE[c % len(PALETTE)] for c in neurons["class"]], title)
        names = nodes.drop_duplicates("class").sort_values("class")
        dots = [Line2D([], [], marker="o", linestyle="", color=PALETTE[c % len(PALETTE)]) for c in names["class"]]
        fig.legend(dots, names["name"].astype(str), title="class", loc="outside right center")
