from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from graphs import random_graph

from neurons.coactivation.similarity import (
    class_communities,
    community_table,
    jaccard,
    mutual_mistakes,
    neighbours,
    pairs_table,
    shared_neurons,
    similarity_tables,
    stability,
    strongest_neurons,
)


@pytest.fixture
def graph():
    return random_graph()


def test_communities_are_louvains_on_the_positive_graph(graph):
    partitions, qualities = class_communities(graph, 0.0, 1.0, 6)
    assert partitions.shape == (6, len(graph.layer))
    positive = nx.from_numpy_array(np.where(graph.weights > 0, graph.weights, 0).astype(float))
    for labels, quality in zip(partitions, qualities):
        sets = [set(np.flatnonzero(labels == c)) for c in np.unique(labels)]
        assert nx.community.modularity(positive, sets) == pytest.approx(quality, abs=1e-9)


def test_communities_of_edges_to_classes_are_those_of_that_graph(graph):
    partitions, qualities = class_communities(graph, 0.1, 1.0, 3, "hidden_class")
    one = nx.Graph()
    one.add_nodes_from(range(len(graph.layer)))
    for i, j in combinations(range(len(graph.layer)), 2):
        if graph.hidden[i] != graph.hidden[j] and graph.weights[i, j] > 0.1:
            one.add_edge(i, j, weight=float(graph.weights[i, j]))
    for labels, quality in zip(partitions, qualities):
        sets = [set(np.flatnonzero(labels == c)) for c in np.unique(labels)]
        assert nx.community.modularity(one, sets) == pytest.approx(quality, abs=1e-9)


def test_table1_lists_every_class_once_and_the_best_modularity(graph):
    partitions, qualities = class_communities(graph, 0.0, 1.0, 6)
    table = community_table(graph, partitions, qualities)
    named = [name for cell in table["classes"] for name in cell.split("; ") if name]
    assert sorted(named) == graph.classes
    assert (table["modularity"] == qualities.max()).all() and (table["louvain_runs"] == 6).all()
    assert table["strays"].iloc[0] == 1  # the dead neuron
    assert table["neurons"].sum() == graph.hidden.sum() - 1
    assert table["modularity_mean"].iloc[0] == pytest.approx(qualities.mean())
    assert table["community"].tolist() == [f"C{i + 1}" for i in range(len(table))]


def test_planted_groups_of_classes_are_found(graph):
    weights = np.zeros_like(graph.weights)
    nodes = np.arange(len(weights))
    group = np.where(graph.kind == "class", graph.neuron == 2, nodes % 2 == 0)
    weights[group[:, None] == group] = 0.8
    np.fill_diagonal(weights, 0)
    planted = type(graph)(**{**vars(graph), "weights": weights})
    partitions, qualities = class_communities(planted, 0.0, 1.0, 3)
    table = community_table(planted, partitions, qualities)
    assert table["classes"].tolist() == ["class 0; class 1", "class 2"]
    np.testing.assert_array_equal(stability(planted, partitions), [[1, 1, 0], [1, 1, 0], [0, 0, 1]])


def test_stability_counts_the_runs_that_join_two_classes(graph):
    partitions = np.zeros((4, len(graph.layer)), int)
    partitions[0, -1] = 1
    partitions[1, -2:] = 1, 2
    matrix = stability(graph, partitions)
    np.testing.assert_allclose(matrix, [[1, 0.75, 0.5], [0.75, 1, 0.5], [0.5, 0.5, 1]])
    pairs = pairs_table(graph, share=matrix)
    assert pairs["share"].tolist() == [0.75, 0.5, 0.5]
    assert pairs["name_j"].tolist() == ["class 1", "class 2", "class 2"]


def test_mistakes_are_counted_both_ways(small_dump):
    path, arrays = small_dump()
    labels, predicted = arrays["test/labels"], arrays["test/probabilities"].argmax(axis=1)
    matrix = mutual_mistakes(path)
    for i, j in combinations(range(3), 2):
        brute = sum((a, b) in ((i, j), (j, i)) for a, b in zip(labels, predicted))
        assert matrix[i, j] == matrix[j, i] == brute
    assert np.trace(matrix) == 0


def test_jaccard_is_that_of_sets(rng):
    members = rng.random((30, 5)) < 0.2
    members[:, 3:] = False
    matrix = jaccard(members)
    sets = [set(np.flatnonzero(column)) for column in members.T]
    for i in range(5):
        for j in range(5):
            union = sets[i] | sets[j]
            expected = len(sets[i] & sets[j]) / len(union) if union else np.nan
            np.testing.assert_equal(matrix[i, j], expected)


def test_figure3_has_the_grid_and_the_chosen_threshold():
    graph = random_graph(classes=5)
    rng = np.random.default_rng(3)
    mistakes = rng.integers(0, 9, (5, 5))
    mistakes = mistakes + mistakes.T
    rows, summary = similarity_tables(graph, mistakes, 0.33)
    assert len(summary) == 21 and len(rows) == 21 * 10
    assert summary.loc[summary["drawn"] == 1, "neighbour_threshold"].tolist() == [0.33]
    chosen = rows[rows["drawn"] == 1]
    hidden = graph.weights[:18, 18:]
    for row in chosen.itertuples():
        a, b = (set(np.flatnonzero(hidden[:, c] > 0.33)) for c in (row.class_i, row.class_j))
        assert row.jaccard == pytest.approx(len(a & b) / len(a | b))
        assert (row.neighbours_i, row.neighbours_j) == (len(a), len(b))
        assert row.mistakes == mistakes[row.class_i, row.class_j]
    expected = np.corrcoef(chosen["jaccard"], chosen["mistakes"])[0, 1]
    assert summary.loc[summary["drawn"] == 1, "pearson"].iloc[0] == pytest.approx(expected)


def test_figure3_says_where_no_correlation_is_defined(graph):
    rows, summary = similarity_tables(graph, np.zeros((3, 3), int), 0.3)
    assert summary["pearson"].isna().all()
    assert summary.loc[summary["drawn"] == 1, "note"].iloc[0] == "a series is constant"
    lone = type(graph)(**{**vars(graph), "weights": np.zeros_like(graph.weights)})
    rows, summary = similarity_tables(lone, np.zeros((3, 3), int), 0.3)
    assert rows["jaccard"].isna().all() and summary["pairs"].sum() == 0
    assert summary["note"].iloc[0] == "3 of 3 pairs have no neighbours; too few pairs"


def test_strongest_neurons_are_the_largest_correlations(graph):
    for c, (node, classes) in enumerate(strongest_neurons(graph)):
        assert classes == (c,)
        assert graph.weights[node, 18 + c] == graph.weights[:18, 18 + c].max()


@pytest.mark.parametrize("count", [2, 3])
def test_shared_neurons_belong_to_exactly_so_many_classes(count):
    graph = random_graph(4, units=30, classes=4)
    members = neighbours(graph, 0.2)
    found = shared_neurons(graph, 0.2, count)
    assert found and len({classes for _, classes in found}) == len(found)
    weakest = []
    for node, classes in found:
        assert np.flatnonzero(members[node]).tolist() == list(classes) and len(classes) == count
        weakest.append(graph.with_classes[node, list(classes)].min())
    assert weakest == sorted(weakest, reverse=True)
    all_weakest = [graph.with_classes[n, members[n]].min() for n in range(len(members)) if members[n].sum() == count]
    assert weakest[0] == max(all_weakest)


def test_tables_do_not_change_between_calls(graph):
    first, second = (community_table(graph, *class_communities(graph, 0.0, 1.0, 4)) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
