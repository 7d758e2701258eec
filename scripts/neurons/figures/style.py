"""How figures look: colours, sizes, and writing each as SVG and PNG with the same bytes for the same data."""

from contextlib import contextmanager
from pathlib import Path

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from neurons.core.files import recorded
from neurons.graphs.colours import CLASS_COLOURS

PALETTE = [tuple(part / 255 for part in colour) for colour in CLASS_COLOURS]
BLUE, LIGHT_BLUE, RED, GREEN, GRAY = "#2166ac", "#67a9cf", "#b2182b", "#1b7837", "#777777"
CLASS_NODE, NOTHING = "#ffd92f", "#dddddd"
_STYLE = {
    "svg.hashsalt": "neurons",
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


@contextmanager
def figure(paths, rows: int = 1, columns: int = 1, width: float = 4.2, height: float = 4.0):
    """Yield (figure, axes (rows, columns)) and write the figure to every path; the suffix gives the format."""
    with rc_context(_STYLE):
        fig = Figure(figsize=(width * columns, height * rows), layout="constrained")
        FigureCanvasAgg(fig)
        yield fig, fig.subplots(rows, columns, squeeze=False)
        for path in map(Path, paths):
            metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
            with recorded(path) as part:
                fig.savefig(part, format=path.suffix[1:], dpi=150, metadata=metadata)


def draw_graph(axis, nodes, edges, colours: list, title: str) -> None:
    """Draw a graph.

    Parameters
    ----------
    nodes : frame with x, y and strength, by which a node's size goes.
    edges : frame with the numbers a and b of two nodes and their weight, heaviest first, which are darkest.
    colours : of each node.
    """
    position, weight = nodes[["x", "y"]].to_numpy(), edges["weight"].to_numpy(float)
    shade = weight / weight.max() if len(weight) else weight
    grays = [(0.35, 0.35, 0.35, 0.06 + 0.5 * s**2) for s in shade]
    # Edges are pixels inside the SVG: thousands of vector lines would make it megabytes.
    segments = position[edges[["a", "b"]].to_numpy(int)]  # of no edge, numbers have no type
    axis.add_collection(LineCollection(segments, colors=grays, linewidths=0.4, rasterized=True))
    size = 8 + 40 * nodes["strength"] / max(nodes["strength"].max(), 1e-12)
    axis.scatter(*position.T, s=size, c=colours, edgecolors="white", linewidths=0.3, zorder=2)
    axis.set(title=title, xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
    axis.margins(0.05)
    axis.set_aspect("equal")


def annotate_cells(axis, matrix, text, limit: float, size: int) -> None:
    """Write `text` of every cell of a heat map (rows, columns) into it, white on cells above `limit`."""
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            colour = "white" if value > limit else "black"
            axis.text(j, i, text(value), ha="center", va="center", fontsize=size, color=colour)
