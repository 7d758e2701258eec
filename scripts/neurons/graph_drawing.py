"""Drawing activation pattern graphs, and exporting them for Gephi."""

import random
from xml.etree import ElementTree

import igraph
import networkx
import numpy as np
from matplotlib.lines import Line2D
from networkx.readwrite.gexf import GEXFWriter

from neurons.activation_graph import ActivationGraph, read_classes, read_graphs
from neurons.files import atomic
from neurons.modularity import strongest_class
from neurons.plots import PALETTE, draw_graph, figure


def layout(adjacency: np.ndarray) -> np.ndarray:
    """Return positions (V, 2) of a seeded Fruchterman-Reingold layout in which heavy edges are short."""
    igraph.set_random_number_generator(random.Random(0))
    graph = igraph.Graph.Weighted_Adjacency(adjacency, mode="undirected")
    return np.array(graph.layout_fruchterman_reingold(weights="weight", niter=500).coords)


def plot_graphs(ends: list[tuple[int, str]], run: str, paths) -> None:
    """Draw the graphs of some iterations, (iteration, path) each: a row per layer, a column per iteration.

    A neuron has the colour of the class that activates it most among the classes whose top neurons hold it.
    """
    graphs = [(iteration, read_graphs(path)) for iteration, path in ends]
    layers, classes = list(graphs[0][1]), read_classes(ends[0][1])
    with figure(paths, len(layers), len(graphs), 4.6, 4.4) as (fig, axes):
        for row, layer in zip(axes, layers):
            for axis, (iteration, by_layer) in zip(row, graphs):
                graph = by_layer[layer]
                title = f"{run}, {layer}, iteration {iteration}: {len(graph.neurons)} neurons"
                draw_graph(axis, graph.adjacency, layout(graph.adjacency), strongest_class(graph), title)
        dots = [Line2D([], [], marker="o", linestyle="", color=PALETTE[c % len(PALETTE)]) for c in range(len(classes))]
        fig.legend(dots, classes, title="class", loc="outside right center", frameon=False)


def to_networkx(graphs: dict[str, ActivationGraph], classes: list[str]) -> networkx.Graph:
    """Return all layers as one networkx graph; nodes have layer, neuron, community and sets, edges have weight."""
    whole = networkx.Graph()
    for layer, graph in graphs.items():
        community = strongest_class(graph)
        for v, neuron in enumerate(graph.neurons):
            red, green, blue = (round(255 * part) for part in PALETTE[community[v] % len(PALETTE)])
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


def write_gexf(graph: networkx.Graph, path) -> None:
    """Write a graph as GEXF 1.2 without the date that networkx stamps on it, so that equal graphs give equal bytes."""
    writer = GEXFWriter(version="1.2draft")
    writer.add_graph(graph)
    for meta in [child for child in writer.xml if child.tag.endswith("meta")]:
        writer.xml.remove(meta)
    writer.indent(writer.xml)
    with atomic(path) as part:
        ElementTree.ElementTree(writer.xml).write(part, encoding="utf-8", xml_declaration=True)


def export(graphs_path, output) -> None:
    """Write the graphs of one iteration, all layers, to one GEXF file."""
    write_gexf(to_networkx(read_graphs(graphs_path), read_classes(graphs_path)), output)
