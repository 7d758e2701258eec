"""Activation pattern graphs laid out for their drawing."""

import numpy as np
import pandas as pd

from neurons.communities.modularity import strongest_class
from neurons.graphs.layout import heaviest_edges, layout
from neurons.graphs.pattern_graph import ActivationGraph


def drawn_graphs(
    graphs: dict[int, dict[str, ActivationGraph]], classes: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the nodes and the heaviest edges of every layer's graph, by iteration, to be drawn.

    A node has its position, its strength (sum of weights) and the class that activates it most among those whose top
    neurons hold it; an edge has the numbers of its two nodes within their graph, and its weight.
    """
    nodes, edges = [], []
    for iteration, layers in graphs.items():
        for layer, graph in layers.items():
            head = {"iteration": iteration, "layer": layer}
            x, y = layout(graph.adjacency).T
            strongest = strongest_class(graph)
            body = {"neuron": graph.neurons, "class": strongest, "name": np.array(classes, object)[strongest]}
            nodes.append(pd.DataFrame({**head, **body, "strength": graph.adjacency.sum(axis=1), "x": x, "y": y}))
            a, b, weight = heaviest_edges(graph.adjacency)
            edges.append(pd.DataFrame({**head, "a": a, "b": b, "weight": weight}))
    return pd.concat(nodes, ignore_index=True), pd.concat(edges, ignore_index=True)
