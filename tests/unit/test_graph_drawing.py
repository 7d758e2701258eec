import networkx as nx
import numpy as np
import pytest

from neurons.activation_graph import read_graphs, write_graphs
from neurons.graph_drawing import export, layout, plot_graphs


@pytest.fixture
def graphs(small_dump, tmp_path):
    write_graphs(small_dump()[0], tmp_path / "graphs.h5", 3, "mean")
    return tmp_path / "graphs.h5"


def test_layout_is_repeatable(graphs):
    adjacency = read_graphs(graphs)["dense_1"].adjacency
    first, again = layout(adjacency), layout(adjacency)
    assert first.shape == (len(adjacency), 2) and np.isfinite(first).all()
    np.testing.assert_array_equal(first, again)


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
            assert (exported.nodes[node]["layer"], exported.nodes[node]["neuron"]) == (layer, graph.neurons[v])


def test_drawing_has_the_same_bytes_each_time(graphs, tmp_path):
    for name in ("a", "b"):
        plot_graphs([(1, graphs), (20, graphs)], "toy", [tmp_path / f"{name}.svg", tmp_path / f"{name}.png"])
    for suffix in ("svg", "png"):
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()
    text = (tmp_path / "a.svg").read_text()
    for layer in ("dense_1", "dense_2"):
        neurons = len(read_graphs(graphs)[layer].neurons)
        assert f"toy, {layer}, iteration 20: {neurons} neurons" in text
