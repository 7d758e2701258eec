import numpy as np
from graphs import random_graph

from neurons.coactivation.layout import LAID_OUT, node_table, strongest_edges


def test_node_table_places_every_node_and_repeats_itself():
    graph = random_graph()
    table = node_table(graph, 0.0, np.arange(len(graph.layer)))
    again = node_table(graph, 0.0, np.arange(len(graph.layer)))
    assert np.isfinite(table[["x", "y"]]).all(axis=None) and table.equals(again)
    assert table["node"].tolist()[-3:] == graph.classes


def test_the_layout_keeps_each_nodes_strongest_edges():
    weights = random_graph(units=20).above(0.0)
    kept = strongest_edges(weights)
    np.testing.assert_array_equal(kept, kept.T)
    for own, row in zip(kept, weights):
        strongest = np.argsort(-row, kind="stable")[:LAID_OUT]
        np.testing.assert_array_equal(own[strongest], row[strongest])
    assert (kept > 0).sum() < (weights > 0).sum()
