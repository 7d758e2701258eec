"""Heat maps of neurons: their correlation with every pixel, as images (Figures 4 and 5)."""

from math import prod

import numpy as np
import pandas as pd

from neurons.coactivation.graph import CoactivationGraph

COLUMNS = ["panel", "layer", "neuron", "classes", "correlations", "row", "column", "channel", "pixel_correlation"]
Chosen = list[tuple[int, tuple[int, ...]]]  # (node, classes that it stands for)


def _names(graph: CoactivationGraph, node: int, classes: tuple[int, ...]) -> tuple[str, str]:
    """Return the names of some classes, and a node's correlations with them, each joined by '; '."""
    column = np.flatnonzero(~graph.hidden)[list(classes)]
    values = "; ".join(f"{value:.6g}" for value in graph.weights[node, column])
    return "; ".join(graph.classes[c] for c in classes), values


def pixel_table(graph: CoactivationGraph, pixels: np.ndarray, chosen: Chosen) -> pd.DataFrame:
    """Return the correlation with every pixel, (P, V), of the chosen nodes, a row for each node, pixel and channel."""
    shape = (*graph.image_shape, 1)[:3]
    row, column, channel = np.unravel_index(np.arange(prod(shape)), shape)
    frames = []
    for panel, (node, classes) in enumerate(chosen, start=1):
        names, values = _names(graph, node, classes)
        head = {"panel": panel, "layer": graph.layer[node], "neuron": graph.neuron[node]}
        body = {"row": row, "column": column, "channel": channel, "pixel_correlation": pixels[:, node]}
        frames.append(pd.DataFrame(head | {"classes": names, "correlations": values} | body))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
