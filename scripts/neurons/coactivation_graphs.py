"""The co-activation graph for other programs: centrality, layout, GraphML and GEXF."""

import igraph
import networkx
import numpy as np
import pandas as pd

from neurons.coactivation import INPUT, CoactivationGraph, read_coactivation, read_pixels
from neurons.files import atomic
from neurons.graph_drawing import layout, write_gexf

LAID_OUT = 10  # each node's strongest edges, by which Figure 1 is laid out


def to_igraph(weights: np.ndarray) -> igraph.Graph:
    """Return the undirected graph of the non-zero weights (V, V), with edge attribute weight."""
    return igraph.Graph.Weighted_Adjacency(weights, mode="undirected", loops=False)


def centrality(graph: CoactivationGraph, threshold: float) -> pd.DataFrame:
    """Return strength and betweenness of every hidden neuron on the graph of correlations above `threshold`.

    Strength is the sum of a node's weights. Betweenness counts weighted shortest paths, an edge as long as 1 / weight,
    and is divided by the number of pairs of other nodes; class nodes are in the graph, but not in the table.
    """
    whole = to_igraph(graph.above(threshold))
    weights = np.array(whole.es["weight"] if whole.ecount() else [])
    pairs = max((len(graph.layer) - 1) * (len(graph.layer) - 2) / 2, 1)
    between = np.array(whole.betweenness(directed=False, weights=(1 / weights).tolist() or None)) / pairs
    table = pd.DataFrame(
        {
            "layer": graph.layer,
            "kind": graph.kind,
            "neuron": graph.neuron,
            "live": graph.live.astype(int),
            "degree": whole.degree(),
            "strength": whole.strength(weights="weight") if whole.ecount() else 0.0,
            "betweenness": between,
        }
    )
    return table[graph.hidden].reset_index(drop=True)


def strongest_edges(weights: np.ndarray) -> np.ndarray:
    """Return the weights (V, V) of edges that are among the `LAID_OUT` strongest of either end, and 0 for the others.

    A layout by all edges would press a dense graph into one ball.
    """
    own = np.argsort(-weights, axis=1, kind="stable")[:, :LAID_OUT]
    kept = np.zeros(weights.shape, bool)
    np.put_along_axis(kept, own, True, axis=1)
    return np.where(kept | kept.T, weights, 0)


def figure1(graph: CoactivationGraph, threshold: float, labels: np.ndarray) -> pd.DataFrame:
    """Return what Figure 1 draws: every hidden and class node with its position, strength and community (V,)."""
    weights = graph.above(threshold)
    x, y = layout(strongest_edges(weights)).T
    return pd.DataFrame(
        {
            "node": [graph.label(node) for node in range(len(graph.layer))],
            "layer": graph.layer,
            "kind": graph.kind,
            "neuron": graph.neuron,
            "community": labels,
            "strength": weights.sum(axis=0),
            "x": x,
            "y": y,
        }
    )


def _edges(weights: np.ndarray, threshold: float, edges: str) -> tuple[np.ndarray, ...]:
    """Return rows, columns and weights (6 digits) of the edges to export from a block (n, m) of correlations."""
    chosen = np.abs(weights) > threshold if edges == "signed" else weights > threshold
    i, j = np.nonzero(chosen)
    return i, j, np.array([float(f"{value:.6g}") for value in weights[i, j]])


def export_graph(path, threshold: float, edges: str, with_pixels: bool) -> igraph.Graph:
    """Return a co-activation graph for export.

    Nodes have id, label, layer, kind, neuron and class_name (empty but for classes), edges have weight.

    Parameters
    ----------
    threshold : edges have a weight, or for `signed` an absolute weight, above it.
    edges : positive or signed.
    with_pixels : put in the pixels and their edges to neurons and classes.
    """
    graph = read_coactivation(path)
    layer, kind, neuron = graph.layer.tolist(), graph.kind.tolist(), graph.neuron.tolist()
    class_names = ["" if k != "class" else graph.classes[n] for k, n in zip(kind, neuron)]
    i, j, weight = _edges(np.triu(graph.weights, 1), threshold, edges)
    if with_pixels:
        block = np.nan_to_num(read_pixels(path), nan=0.0)
        pixel, node, extra = _edges(block, threshold, edges)
        i, j, weight = np.r_[i, node], np.r_[j, pixel + len(layer)], np.r_[weight, extra]
        layer, kind = layer + [INPUT] * len(block), kind + ["pixel"] * len(block)
        neuron, class_names = neuron + list(range(len(block))), class_names + [""] * len(block)
    whole = igraph.Graph(n=len(layer), edges=np.column_stack([i, j]).tolist())
    whole.vs["name"] = [f"{a}:{b}" for a, b in zip(layer, neuron)]
    whole.vs["label"] = [name or f"{a} {b}" for a, b, name in zip(layer, neuron, class_names)]
    whole.vs["layer"], whole.vs["kind"], whole.vs["neuron"] = layer, kind, neuron
    whole.vs["class_name"] = class_names
    whole.es["weight"] = weight.tolist()
    return whole


def write_exports(graph: igraph.Graph, graphml, gexf) -> None:
    """Write a graph as GraphML and as GEXF; equal graphs give equal bytes."""
    with atomic(graphml) as part:
        graph.write_graphml(str(part))
    nodes = networkx.Graph()
    for node in graph.vs:
        attributes = node.attributes()
        nodes.add_node(attributes.pop("name"), **attributes)
    names = graph.vs["name"]
    nodes.add_weighted_edges_from((names[e.source], names[e.target], e["weight"]) for e in graph.es)
    write_gexf(nodes, gexf)
