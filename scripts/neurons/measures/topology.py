"""The shape of the correlations between neurons."""

import numpy as np

from neurons.measures.layer import Layer


def spanning_edges(distance: np.ndarray) -> np.ndarray:
    """Return the n - 1 edge lengths of the minimum spanning tree of a complete graph (n, n), by Prim's algorithm.

    A length of 0 is an edge like any other, which scipy's sparse trees drop.
    """
    reach, outside = distance[0].astype(float), np.ones(len(distance), bool)
    outside[0], edges = False, np.empty(len(distance) - 1)
    for i in range(len(edges)):
        vertex = np.where(outside, reach, np.inf).argmin()
        edges[i], outside[vertex] = reach[vertex], False
        np.minimum(reach, distance[vertex], out=reach)
    return edges


def persistence(layer: Layer) -> float:
    """Return the mean edge of the minimum spanning tree of 1 - |r| between neurons, 0 to 1.

    These edges are the ends of the classes of H0 of the Vietoris-Rips filtration. Neurons that do not vary are left
    out; NaN below two others. r is Pearson's correlation over the training samples.

    Source: Ballester et al., Predicting the generalization gap in neural networks using topological data analysis,
    Neurocomputing 2024.
    """
    scatter = layer.moments.scatter
    varies = np.diag(scatter) > 0
    if varies.sum() < 2:
        return float("nan")
    deviation = np.sqrt(np.diag(scatter)[varies])
    correlation = scatter[np.ix_(varies, varies)] / np.outer(deviation, deviation)
    return float(spanning_edges(1 - np.minimum(np.abs(correlation), 1)).mean())
