"""Communities of links, against the line graph written out link by link and networkx's modularity."""

import dataclasses
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from graphs import random_graph

from neurons.coactivation.overlapping import heaviest_links, line_graph, overlapping_table
from neurons.graphs.louvain import louvain_runs


def literal_line_graph(links: dict) -> nx.Graph:
    """The line graph of {(row, column): weight}: two links that meet in a node are joined by w_a w_b / its strength."""
    graph = nx.Graph()
    graph.add_nodes_from(links)
    for a, b in combinations(links, 2):
        for end in (0, 1):
            if a[end] == b[end]:
                strength = sum(weight for link, weight in links.items() if link[end] == a[end])
                before = graph.get_edge_data(a, b, {"weight": 0})["weight"]
                graph.add_edge(a, b, weight=before + links[a] * links[b] / strength)
    return graph


@pytest.fixture
def weights(rng):
    return np.maximum(rng.normal(size=(9, 4)), 0)


def test_the_line_graph_is_its_definition(weights):
    rows, columns = heaviest_links(weights)
    links = {(i, j): weights[i, j] for i, j in np.ndindex(weights.shape) if weights[i, j] > 0}
    assert list(zip(rows, columns)) == list(links)
    expected = nx.to_numpy_array(literal_line_graph(links), nodelist=list(links))
    found = line_graph(weights, rows, columns)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    np.testing.assert_array_equal(found, found.T)


def test_only_the_heaviest_links_are_taken(weights):
    rows, columns = heaviest_links(weights, 5)
    taken, positive = sorted(weights[rows, columns]), np.sort(weights[weights > 0])
    np.testing.assert_array_equal(taken, positive[-5:])
    tied = np.ones((2, 2))
    assert [end.tolist() for end in heaviest_links(tied, 3)] == [[0, 0, 1], [0, 1, 0]]


def test_modularity_is_that_of_networkx(weights):
    rows, columns = heaviest_links(weights)
    links = {(i, j): weights[i, j] for i, j in zip(rows, columns)}
    graph = literal_line_graph(links)
    partitions, qualities = louvain_runs(line_graph(weights, rows, columns), 1.0, 4)
    for labels, quality in zip(partitions, qualities):
        sets = [{link for link, own in zip(links, labels) if own == c} for c in set(labels)]
        assert nx.community.modularity(graph, sets) == pytest.approx(quality, abs=1e-9)


def with_links(links: np.ndarray):
    """A graph whose hidden neurons (17) have these correlations with the 3 classes and no others."""
    graph = random_graph()
    weights = np.zeros_like(graph.weights)
    weights[np.ix_(graph.hidden, ~graph.hidden)] = links
    return dataclasses.replace(graph, weights=weights + weights.T)


def test_a_class_between_two_groups_is_in_both():
    links = np.zeros((random_graph().hidden.sum(), 3), np.float32)
    links[:6, 0] = links[9:15, 2] = 0.9  # neurons of class 0 alone, and of class 2 alone
    links[3:6, 1] = links[9:12, 1] = 0.9  # class 1 shares neurons with both
    table = overlapping_table(with_links(links), 0.1, 1.0, 5)
    by_class = {name: sorted(own["share"]) for name, own in table.groupby("name")}
    assert by_class["class 0"] == pytest.approx([1]) and by_class["class 2"] == pytest.approx([1])
    assert by_class["class 1"] == pytest.approx([0.5, 0.5])
    assert (table["links"] == 18).all() and (table["links_found"] == 18).all()
    for _, own in table.groupby("community"):
        assert own["neurons"].nunique() == 1


def test_shares_of_a_class_add_up():
    table = overlapping_table(random_graph(3), 0.0, 1.0, 5)
    np.testing.assert_allclose(table.groupby("class")["share"].sum(), 1)
    assert table["community"].iloc[0] == "C1" and (table["share"] > 0).all()


def test_without_links_there_is_no_community():
    assert overlapping_table(random_graph(), 0.9999, 1.0, 2).empty
