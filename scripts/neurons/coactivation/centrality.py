"""How central each hidden neuron is in the co-activation graph."""

import numpy as np
import pandas as pd

from neurons.coactivation.graph import CoactivationGraph
from neurons.core.bare_igraph import igraph


def centrality_table(graph: CoactivationGraph, threshold: float) -> pd.DataFrame:
    """Return strength and betweenness of every hidden neuron on the graph of correlations above `threshold`.

    Strength is the sum of a node's weights. Betweenness counts weighted shortest paths, an edge as long as 1 / weight,
    and is divided by the number of pairs of other nodes; class nodes are in the graph, but not in the table.
    """
    whole = igraph.Graph.Weighted_Adjacency(graph.above(threshold), mode="undirected", loops=False)
    weights = np.array(whole.es["weight"] if whole.ecount() else [])
    pairs = max((len(graph.layer) - 1) * (len(graph.layer) - 2) / 2, 1)
    between = np.array(whole.betweenness(directed=False, weights=(1 / weights).tolist() or None)) / pairs
    strength = whole.strength(weights="weight") if whole.ecount() else 0.0
    measures = {"degree": whole.degree(), "strength": strength, "betweenness": between}
    table = pd.DataFrame({**graph.nodes, "live": graph.live.astype(int), **measures})
    return table[graph.hidden].reset_index(drop=True)
