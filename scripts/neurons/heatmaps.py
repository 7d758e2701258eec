"""Heat maps of neurons: their correlation with every pixel, as images (Figures 4 and 5)."""

from math import prod
from textwrap import fill

import numpy as np
import pandas as pd

from neurons.coactivation import CoactivationGraph

COLUMNS = ["panel", "layer", "neuron", "classes", "correlations", "row", "column", "channel", "pixel_correlation"]
TITLE_WIDTH = 24  # characters in a line of a panel's title
Chosen = list[tuple[int, tuple[int, ...]]]  # (node, classes that it stands for)


def _names(graph: CoactivationGraph, node: int, classes: tuple[int, ...]) -> tuple[str, str]:
    """Return the names of some classes, and a node's correlations with them, each joined by '; '."""
    column = np.flatnonzero(~graph.hidden)[list(classes)]
    values = "; ".join(f"{value:.6g}" for value in graph.weights[node, column])
    return "; ".join(graph.classes[c] for c in classes), values


def table(graph: CoactivationGraph, pixels: np.ndarray, chosen: Chosen) -> pd.DataFrame:
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


def panels(graph: CoactivationGraph, pixels: np.ndarray, chosen: Chosen) -> list[tuple[str, np.ndarray]]:
    """Return (title, image (H, W)) of each chosen node; of a colour image, the mean over the channels that vary."""
    shape = (*graph.image_shape, 1)[:3]
    drawn = []
    for node, classes in chosen:
        image = pixels[:, node].reshape(shape)
        known = ~np.isnan(image)
        total = np.where(known, image, 0).sum(axis=2)
        mean = np.where(known.any(axis=2), total / np.maximum(known.sum(axis=2), 1), np.nan)
        names, values = _names(graph, node, classes)
        correlations = ", ".join(f"{float(value):.2f}" for value in values.split("; "))
        name = fill(names.replace("; ", " + "), TITLE_WIDTH)
        drawn.append((f"{name}\n{graph.label(node)} \nr {correlations}", mean))
    return drawn
