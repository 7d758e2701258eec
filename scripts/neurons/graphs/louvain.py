"""Communities by the Louvain method (Blondel et al. 2008), igraph's, from seeded starts."""

import random

import numpy as np

from neurons.core.bare_igraph import igraph


def louvain_runs(weights: np.ndarray, resolution: float, starts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the Louvain partitions (starts, V) of seeds 0 .. starts - 1, and their qualities at this gamma, (starts,).

    `weights` (V, V) is symmetric and has no negative entry. Without edges every vertex is a community of its own and
    the qualities are NaN.
    """
    if not weights.any():
        return np.tile(np.arange(len(weights)), (starts, 1)), np.full(starts, np.nan)
    graph = igraph.Graph.Weighted_Adjacency(weights, mode="undirected")
    partitions, qualities = np.empty((starts, len(weights)), int), np.empty(starts)
    for seed in range(starts):
        igraph.set_random_number_generator(random.Random(seed))
        partitions[seed] = graph.community_multilevel(weights="weight", resolution=resolution).membership
        qualities[seed] = graph.modularity(partitions[seed].tolist(), weights="weight", resolution=resolution)
    return partitions, qualities


def louvain(weights: np.ndarray, resolution: float, starts: int) -> tuple[np.ndarray, float]:
    """Return the best Louvain partition (V,) of seeds 0 .. starts - 1, and its quality at this resolution gamma."""
    partitions, qualities = louvain_runs(weights, resolution, starts)
    best = best_run(qualities)
    return partitions[best], float(qualities[best])


def best_run(qualities: np.ndarray) -> int:
    """Return the Louvain run of highest quality, the first of equals; 0 where none is defined."""
    return int(np.nan_to_num(qualities, nan=-np.inf).argmax())
