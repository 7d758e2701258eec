import networkx as nx
import numpy as np
import pytest

from neurons.communities.export import export
from neurons.graphs.colours import CLASS_COLOURS
from neurons.graphs.pattern_graph import read_graphs, write_graphs


@pytest.fixture
def graphs(small_dump, tmp_path):
    write_graphs(small_dump()[0], tmp_path / "graphs.h5", 3, "mean")
    return tmp_path / "graphs.h5"


def test_export_holds_every_neuron_and_edge(graphs, tmp_path):
    for name in ("a.gexf", "b.gexf"):
        export(graphs, tmp_path / name)
    assert (tmp_path / "a.gexf").read_bytes() == (tmp_path / "b.gexf").read_bytes()
    exported, layers = nx.read_gexf(tmp_path / "a.gexf"), read_graphs(graphs)
    assert exported.number_of_nodes() == sum(len(graph.neurons) for graph in layers.values())
    assert exported.number_of_edges() == sum((graph.adjacency > 0).sum() // 2 for graph in layers.values())
    for layer, graph in layers.items():
        nodes = [f"{layer}:{neuron}" for neuron in graph.neurons]
        weights = nx.to_numpy_array(exported, nodelist=nodes)
        np.testing.assert_allclose(weights, graph.adjacency, rtol=1e-5)
        for v, node in enumerate(nodes):
            sets = [c for c, own in zip("abc", graph.membership) if own[v]]
            strongest = max(sets, key=lambda c: graph.mean_activation["abc".index(c), v])
            assert exported.nodes[node]["sets"] == ", ".join(sets)
            assert exported.nodes[node]["community"] == strongest
            colour = exported.nodes[node]["viz"]["color"]
            assert tuple(colour[part] for part in "rgb") == CLASS_COLOURS["abc".index(strongest)]
            assert (exported.nodes[node]["layer"], exported.nodes[node]["neuron"]) == (layer, graph.neurons[v])
