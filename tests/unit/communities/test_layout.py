import numpy as np

from neurons.communities.layout import drawn_graphs
from neurons.communities.modularity import strongest_class
from neurons.graphs.pattern_graph import read_graphs, write_graphs


def test_every_neuron_is_placed_with_its_class_and_every_edge_has_its_weight(small_dump, tmp_path):
    write_graphs(small_dump()[0], tmp_path / "graphs.h5", 3, "mean")
    graphs = read_graphs(tmp_path / "graphs.h5")
    nodes, edges = drawn_graphs({1: graphs, 20: graphs}, ["a", "b", "c"])
    for iteration in (1, 20):
        for layer, graph in graphs.items():
            own, drawn = (
                frame[(frame["iteration"] == iteration) & (frame["layer"] == layer)] for frame in (nodes, edges)
            )
            assert own["neuron"].tolist() == graph.neurons.tolist()
            assert own["name"].tolist() == ["abc"[c] for c in strongest_class(graph)]
            np.testing.assert_allclose(own["strength"], graph.adjacency.sum(axis=1))
            assert np.isfinite(own[["x", "y"]]).all(axis=None)
            np.testing.assert_array_equal(drawn["weight"], graph.adjacency[drawn["a"], drawn["b"]])
            assert len(drawn) == (graph.adjacency > 0).sum() // 2
