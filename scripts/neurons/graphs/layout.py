"""Where to draw the vertices of a graph."""

import random

import numpy as np

from neurons.core.bare_igraph import igraph

EDGES_DRAWN = 3000  # a layer has tens of thousands; the heaviest show the structure


def layout(adjacency: np.ndarray) -> np.ndarray:
    """Return positions (V, 2) of a seeded Fruchterman-Reingold layout in which heavy edges are short."""
    igraph.set_random_number_generator(random.Random(0))
    graph = igraph.Graph.Weighted_Adjacency(adjacency, mode="undirected")
    return np.array(graph.layout_fruchterman_reingold(weights="weight", niter=500).coords)


def heaviest_edges(weights: np.ndarray, most: int = EDGES_DRAWN) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the ends and weights of the `most` heaviest edges of positive weight, each (E,), heaviest first.

    `weights` (V, V) is symmetric; of equal edges those of lower vertices come first.
    """
    i, j = np.triu_indices(len(weights), 1)
    weight = weights[i, j]
    chosen = np.argsort(-weight, kind="stable")[:most]
    chosen = chosen[weight[chosen] > 0]
    return i[chosen], j[chosen], weight[chosen]
