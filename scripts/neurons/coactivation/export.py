"""The co-activation graph as GraphML and GEXF."""

import networkx
import numpy as np

from neurons.coactivation.graph import INPUT, read_coactivation, read_pixels
from neurons.core.bare_igraph import igraph
from neurons.core.errors import choose
from neurons.core.files import atomic
from neurons.graphs.export import write_gexf

# What of a correlation must be above the threshold, by the edges to export.
STRENGTHS = {"positive": np.asarray, "signed": np.abs}


def _edges(weights: np.ndarray, threshold: float, edges: str) -> tuple[np.ndarray, ...]:
    """Return rows, columns and weights (6 digits) of the edges to export from a block (n, m) of correlations."""
    chosen = choose(STRENGTHS, edges, "coactivation.export_edges")(weights) > threshold
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
