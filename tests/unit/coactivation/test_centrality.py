import networkx as nx
import numpy as np
import pytest
from graphs import random_graph

from neurons.coactivation.centrality import centrality_table


@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_centrality_is_networkxs(threshold):
    graph = random_graph(2)
    table = centrality_table(graph, threshold)
    above = np.where(graph.weights > threshold, graph.weights, 0).astype(float)
    oracle = nx.from_numpy_array(above)
    for _, _, edge in oracle.edges(data=True):
        edge["length"] = 1 / edge["weight"]
    between = nx.betweenness_centrality(oracle, weight="length", normalized=True)
    assert len(table) == graph.hidden.sum()
    np.testing.assert_allclose(table["betweenness"], [between[n] for n in range(len(table))], atol=1e-9)
    np.testing.assert_allclose(table["strength"], above.sum(axis=1)[: len(table)], rtol=1e-6)
    assert table["degree"].tolist() == [oracle.degree(n) for n in range(len(table))]


def test_a_graph_without_edges_has_no_centre():
    table = centrality_table(random_graph(), 0.9999)
    assert table["betweenness"].eq(0).all() and table["strength"].eq(0).all()
