"""Activation pattern graphs for Gephi."""

import networkx
import numpy as np

from neurons.communities.modularity import strongest_class
from neurons.graphs.colours import CLASS_COLOURS
from neurons.graphs.export import write_gexf
from neurons.graphs.pattern_graph import ActivationGraph, read_classes, read_graphs


def to_networkx(graphs: dict[str, ActivationGraph], classes: list[str]) -> networkx.Graph:
    """Return all layers as one networkx graph; nodes have layer, neuron, community and sets, edges have weight."""
    whole = networkx.Graph()
    for layer, graph in graphs.items():
        community = strongest_class(graph)
        for v, neuron in enumerate(graph.neurons):
            red, green, blue = CLASS_COLOURS[community[v] % len(CLASS_COLOURS)]
            whole.add_node(
                f"{layer}:{neuron}",
                label=f"{layer} {neuron}",
                layer=layer,
                neuron=int(neuron),
                community=classes[community[v]],
                sets=", ".join(classes[c] for c in np.flatnonzero(graph.membership[:, v])),
                viz={"color": {"r": red, "g": green, "b": blue, "a": 1.0}},
            )
        for v, w in np.argwhere(np.triu(graph.adjacency, 1) > 0):
            weight = float(f"{graph.adjacency[v, w]:.6g}")
            whole.add_edge(f"{layer}:{graph.neurons[v]}", f"{layer}:{graph.neurons[w]}", weight=weight)
    return whole


def export(graphs_path, output) -> None:
    """Write the graphs of one iteration, all layers, to one GEXF file."""
    write_gexf(to_networkx(read_graphs(graphs_path), read_classes(graphs_path)), output)
