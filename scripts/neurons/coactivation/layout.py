"""The co-activation graph laid out for its drawing (Figure 1)."""

import numpy as np
import pandas as pd

from neurons.coactivation.graph import CoactivationGraph
from neurons.graphs.layout import layout

LAID_OUT = 10  # each node's strongest edges, by which Figure 1 is laid out


def strongest_edges(weights: np.ndarray) -> np.ndarray:
    """Return the weights (V, V) of edges that are among the `LAID_OUT` strongest of either end, and 0 for the others.

    A layout by all edges would press a dense graph into one ball.
    """
    strongest = np.argsort(-weights, axis=1, kind="stable")[:, :LAID_OUT]
    kept = np.zeros(weights.shape, bool)
    np.put_along_axis(kept, strongest, True, axis=1)
    return np.where(kept | kept.T, weights, 0)


def node_table(graph: CoactivationGraph, threshold: float, labels: np.ndarray, edges: str = "all") -> pd.DataFrame:
    """Return what Figure 1 draws: every hidden and class node with its position, strength and community (V,)."""
    weights = graph.above(threshold, edges)
    x, y = layout(strongest_edges(weights)).T
    names = {"node": [graph.label(node) for node in range(len(graph.layer))], **graph.nodes}
    return pd.DataFrame({**names, "community": labels, "strength": weights.sum(axis=0), "x": x, "y": y})
