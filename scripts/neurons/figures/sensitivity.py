"""The figure of a sweep: `sources` are its table, `output` the files to write."""

from matplotlib.lines import Line2D

from neurons.core.tables import read_csv_table
from neurons.figures.style import PALETTE, figure

_DRAWN = {"pearson": ("own accuracy", "full"), "swapped": ("other seeds' accuracy", "none")}


def _draw_panel(axis, rows, layers: list[str]) -> None:
    """Draw one measure against the values of one factor: a colour per layer, own filled and swapped hollow."""
    values = list(dict.fromkeys(rows["value"]))
    base = values.index(rows.loc[rows["is_base"], "value"].iloc[0])
    axis.axvspan(base - 0.5, base + 0.5, color="0.93", zorder=0)
    axis.axhline(0, color="0.6", linewidth=0.6, zorder=1)
    present = [layer for layer in layers if layer in set(rows["layer"])]
    places = len(present) * len(_DRAWN)
    for number, layer in enumerate(present):
        chosen = rows[rows["layer"] == layer]
        for kind, (name, (_, fill)) in enumerate(_DRAWN.items()):
            shift = ((number * len(_DRAWN) + kind + 0.5) / places - 0.5) * 0.8
            x = [values.index(value) + shift for value in chosen["value"]]
            errors = None
            if f"{name}_low" in chosen:  # limits are on Fisher's scale: a mean may touch one of them
                ends = (chosen[name] - chosen[f"{name}_low"], chosen[f"{name}_high"] - chosen[name])
                errors = [end.clip(lower=0) for end in ends]
            style = {"fmt": "o", "markersize": 4, "elinewidth": 0.9, "fillstyle": fill}
            axis.errorbar(x, chosen[name], errors, color=PALETTE[layers.index(layer) % len(PALETTE)], **style)
    axis.set_xticks(range(len(values)), values)
    axis.set(xlim=(-0.5, len(values) - 0.5), ylim=(-1.08, 1.08))


def sensitivity(sources, output, run: str) -> None:
    """Draw the small multiples: a column per factor, a row per measure; the running accuracy only."""
    table = read_csv_table(sources[0], dtype={"value": str, "layer": str})
    shown = table[table["accuracy"] == "running"]
    metrics, factors, layers = (list(dict.fromkeys(shown[name])) for name in ("metric", "factor", "layer"))
    with figure(output, len(metrics), len(factors), 2.7, 1.9) as (fig, axes):
        for row, metric in zip(axes, metrics):
            row[0].set_ylabel(metric.replace("_", " "))
            for axis, factor in zip(row, factors):
                rows = shown[(shown["metric"] == metric) & (shown["factor"] == factor)]
                if len(rows):
                    _draw_panel(axis, rows, layers)
                else:
                    axis.spines[:].set_visible(False)
                    axis.set(xticks=[], yticks=[])
        for axis, factor in zip(axes[0], factors):
            axis.set_title(factor)
        labels = ["all layers" if name == "all" else f"layer {name}" for name in layers]
        kinds = [(PALETTE[i % len(PALETTE)], "full", label) for i, label in enumerate(labels)]
        kinds += [("0.3", fill, label) for label, fill in _DRAWN.values()]
        dot = {"marker": "o", "markersize": 4, "linestyle": ""}
        marks = [Line2D([], [], color=colour, fillstyle=fill, label=label, **dot) for colour, fill, label in kinds]
        fig.legend(handles=marks, loc="outside upper center", ncols=len(marks))
