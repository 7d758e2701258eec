"""Modularity of the activation pattern graph (Eqs. 2 to 4 of "On the Evolution of Neuron Communities")."""

import random

import igraph
import networkx
import numpy as np

from neurons.activation_graph import ActivationGraph, read_graphs
from neurons.files import write_csv

COLUMNS = ("layer", "metric", "value", "sd")
LARGEST = 8  # communities whose sizes Table 3 prints


def modularity(weights: np.ndarray, belonging: np.ndarray) -> float:
    """Return Q = sum_c [alpha_c' X alpha_c / 2m - (k' alpha_c / 2m)^2] in O(V^2 C); NaN for a graph without edges.

    Parameters
    ----------
    weights : X, (V, V) symmetric, zero diagonal.
    belonging : alpha, (V, C); rows sum to 1 over the communities that hold the vertex.
    """
    degree = weights.sum(axis=1)
    total = degree.sum()  # 2m
    if total == 0:
        return float("nan")
    within = np.einsum("vc,vc->", belonging, weights @ belonging) / total
    return float(within - np.sum((degree @ belonging / total) ** 2))


def partition_belonging(labels: np.ndarray) -> np.ndarray:
    """Return the (V, K) belonging matrix, 0 or 1, of a partition given as community numbers (V,)."""
    return np.equal.outer(labels, np.unique(labels)).astype(float)


def strongest_class(graph: ActivationGraph) -> np.ndarray:
    """Return for each vertex the class of largest mean activation among the class sets that hold it, (V,)."""
    return np.where(graph.membership, graph.mean_activation, -np.inf).argmax(axis=0)


def equal_belonging(membership: np.ndarray) -> np.ndarray:
    """Return alpha_vc = 1 / O_v for the O_v class sets that hold a vertex, (V, C) (Eq. 3)."""
    return (membership / membership.sum(axis=0)).T


def weighted_belonging(weights: np.ndarray, membership: np.ndarray) -> np.ndarray:
    """Return alpha_cv = k_cv / sum_c' k_c'v over the class sets that hold a vertex, (V, C) (Eq. 4).

    k_cv is the weight of v's edges into class set c. A vertex without such edges belongs equally to its sets.
    """
    strength = np.where(membership.T, weights @ membership.T.astype(float), 0)
    total = strength.sum(axis=1, keepdims=True)
    return np.where(total > 0, strength / np.where(total > 0, total, 1), equal_belonging(membership))


def kernighan_lin(weights: np.ndarray, starts: int) -> np.ndarray:
    """Return the weighted modularity of Kernighan-Lin bisections from seeds 0 .. starts - 1, (starts,).

    NaN where there is nothing to bisect: fewer than two vertices, or no edge.
    """
    if len(weights) < 2:
        return np.full(starts, np.nan)
    graph = networkx.from_numpy_array(weights)
    values = []
    for seed in range(starts):
        half, _ = networkx.algorithms.community.kernighan_lin_bisection(graph, seed=seed)
        labels = np.zeros(len(weights), int)
        labels[list(half)] = 1
        values.append(modularity(weights, partition_belonging(labels)))
    return np.array(values)


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


def layer_metrics(graph: ActivationGraph, starts: int, resolution: float) -> list[tuple[str, float, float | None]]:
    """Return (metric, value, sd) of all community measures of one layer; sd only for Kernighan-Lin."""
    weights, edges = graph.adjacency, (graph.adjacency > 0).astype(float)
    bisections = kernighan_lin(weights, starts)
    communities, quality = louvain(weights, resolution, starts)
    sizes = np.sort(np.bincount(communities))[::-1]
    largest = [int(size) for size in sizes[:LARGEST]] + [0] * (LARGEST - len(sizes))
    return [
        ("klb", float(bisections.mean()), float(bisections.std(ddof=1)) if starts > 1 else None),
        ("no_overlap", modularity(edges, partition_belonging(strongest_class(graph))), None),
        ("unweighted_overlap", modularity(edges, equal_belonging(graph.membership)), None),
        ("weighted_overlap", modularity(weights, weighted_belonging(weights, graph.membership)), None),
        ("louvain", quality, None),
        ("vertices", len(weights), None),
        ("communities", len(sizes), None),
        ("nodes_per_community", len(weights) / len(sizes), None),
        *((f"community_{rank}", size, None) for rank, size in enumerate(largest, start=1)),
    ]


def write_modularity(graphs_path, output, starts: int, resolution: float) -> None:
    """Write the community measures of every layer's graph of one iteration: `layer, metric, value, sd`."""
    rows = [
        (layer, *measure)
        for layer, graph in read_graphs(graphs_path).items()
        for measure in layer_metrics(graph, starts, resolution)
    ]
    write_csv(output, COLUMNS, rows)
