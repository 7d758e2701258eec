"""Modularity of the activation pattern graph (Eqs. 2 to 4 of "On the Evolution of Neuron Communities")."""

import numpy as np

from neurons.communities.kernighan_lin import bisection
from neurons.core.files import write_csv
from neurons.graphs.louvain import louvain
from neurons.graphs.null_model import overlap_modularities, standardised_modularities
from neurons.graphs.overlap_modularity import modularity, partition_belonging
from neurons.graphs.pattern_graph import ActivationGraph, read_graphs

COLUMNS = ("layer", "metric", "value", "sd")
LARGEST = 8  # communities whose sizes Table 3 prints


def strongest_class(graph: ActivationGraph) -> np.ndarray:
    """Return for each vertex the class of largest mean activation among the class sets that hold it, (V,)."""
    return np.where(graph.membership, graph.mean_activation, -np.inf).argmax(axis=0)


def kernighan_lin(weights: np.ndarray, starts: int) -> np.ndarray:
    """Return the weighted modularity of Kernighan-Lin bisections from seeds 0 .. starts - 1, (starts,).

    NaN where there is nothing to bisect: fewer than two vertices, or no edge.
    """
    if len(weights) < 2:
        return np.full(starts, np.nan)
    halves = [~bisection(weights, seed) for seed in range(starts)]
    return np.array([modularity(weights, partition_belonging(half)) for half in halves])


def layer_metrics(
    graph: ActivationGraph, starts: int, resolution: float, null_draws: int
) -> list[tuple[str, float, float | None]]:
    """Return (metric, value, sd) of all community measures of one layer; sd only for Kernighan-Lin."""
    weights, edges = graph.adjacency, (graph.adjacency > 0).astype(float)
    bisections = kernighan_lin(weights, starts)
    communities, quality = louvain(weights, resolution, starts)
    sizes = np.sort(np.bincount(communities))[::-1]
    largest = [int(size) for size in sizes[:LARGEST]] + [0] * (LARGEST - len(sizes))
    return [
        ("klb", float(bisections.mean()), float(bisections.std(ddof=1)) if starts > 1 else None),
        ("no_overlap", modularity(edges, partition_belonging(strongest_class(graph))), None),
        *((name, q, None) for name, q in overlap_modularities(weights, graph.membership).items()),
        *((f"modularity_z.{name}", z, None) for name, z in standardised_modularities(graph, null_draws).items()),
        ("louvain", quality, None),
        ("vertices", len(weights), None),
        ("communities", len(sizes), None),
        ("nodes_per_community", len(weights) / len(sizes), None),
        *((f"community_{rank}", size, None) for rank, size in enumerate(largest, start=1)),
    ]


def write_modularity(graphs_path, output, starts: int, resolution: float, null_draws: int) -> None:
    """Write the community measures of every layer's graph of one iteration, and on how many samples they rest:
    `layer, metric, value, sd`.
    """
    rows = []
    for layer, graph in read_graphs(graphs_path).items():
        measures = layer_metrics(graph, starts, resolution, null_draws)
        rows += [(layer, *measure) for measure in (*measures, ("samples", int(graph.samples.sum()), None))]
    write_csv(output, COLUMNS, rows)
