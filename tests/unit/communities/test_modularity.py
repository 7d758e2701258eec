from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from graphs import pattern_graph
from hypothesis import given
from hypothesis import strategies as st
from oracles import split_modularity
from samples import read_rows

from neurons.communities.modularity import kernighan_lin, layer_metrics, strongest_class, write_modularity
from neurons.graphs.overlap_modularity import equal_belonging, modularity, partition_belonging, weighted_belonging
from neurons.graphs.pattern_graph import ActivationGraph

CLOSED_FORM = ("no_overlap", "unweighted_overlap", "weighted_overlap")


def random_graph(seed: int, vertices: int = 12, classes: int = 4) -> ActivationGraph:
    """Overlapping class sets, a third of the edges missing, and vertex 0 without any edge."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((vertices, vertices)) * (rng.random((vertices, vertices)) < 0.66), 1)
    upper[0] = 0
    membership = rng.random((classes, vertices)) < 0.4
    membership[rng.integers(classes, size=vertices), np.arange(vertices)] = True
    return pattern_graph(upper + upper.T, membership, rng.random((classes, vertices)))


def literal_belonging(metric: str, graph: ActivationGraph) -> np.ndarray:
    """alpha (V, C) of methods.md, vertex by vertex."""
    classes, n = graph.membership.shape
    alpha = np.zeros((n, classes))
    for v in range(n):
        sets = [c for c in range(classes) if graph.membership[c, v]]
        if metric == "no_overlap":
            alpha[v, max(sets, key=lambda c: graph.mean_activation[c, v])] = 1
            continue
        strength = [sum(graph.adjacency[v, p] for p in range(n) if graph.membership[c, p]) for c in sets]
        for c, k in zip(sets, strength):
            equal = metric == "unweighted_overlap" or sum(strength) == 0
            alpha[v, c] = 1 / len(sets) if equal else k / sum(strength)
    return alpha


def values_of(graph: ActivationGraph, starts=2, resolution=2.0) -> dict:
    return {metric: value for metric, value, _ in layer_metrics(graph, starts, resolution, 2)}


def as_networkx(weights) -> nx.Graph:
    return nx.from_numpy_array(weights)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("metric", CLOSED_FORM)
def test_overlapping_modularity_is_that_of_the_split_graph(metric, seed):
    graph = random_graph(seed)
    weights = graph.adjacency if metric == "weighted_overlap" else np.where(graph.adjacency > 0, 1.0, 0.0)
    expected = split_modularity(weights, literal_belonging(metric, graph))
    assert values_of(graph)[metric] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_no_overlap_is_networkx_modularity_of_the_partition(seed):
    graph = random_graph(seed)
    edges = as_networkx((graph.adjacency > 0).astype(int))
    labels = literal_belonging("no_overlap", graph).argmax(axis=1)
    expected = nx.community.modularity(edges, [set(np.flatnonzero(labels == c)) for c in set(labels)])
    assert values_of(graph)["no_overlap"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_partition_case_is_networkx_modularity(seed):
    weights = random_graph(seed).adjacency
    labels = np.random.default_rng(seed).integers(3, size=len(weights)) * 5
    parts = [set(np.flatnonzero(labels == c)) for c in set(labels)]
    expected = nx.community.modularity(as_networkx(weights), parts)
    assert modularity(weights, partition_belonging(labels)) == pytest.approx(expected, abs=1e-12)


def test_strongest_class_only_looks_at_the_sets_that_hold_the_vertex():
    membership = np.array([[True, True], [False, True]])
    graph = pattern_graph(np.zeros((2, 2)), membership, np.array([[1.0, 2.0], [9.0, 3.0]]))
    assert strongest_class(graph).tolist() == [0, 1]


def test_belonging_of_a_vertex_without_edges_is_equal():
    membership = np.array([[True, True], [True, False], [False, True]])
    expected = [[0.5, 0.5, 0], [0.5, 0, 0.5]]
    np.testing.assert_array_equal(weighted_belonging(np.zeros((2, 2)), membership), expected)
    np.testing.assert_array_equal(equal_belonging(membership), expected)


def test_weighted_belonging_by_hand():
    weights = np.array([[0, 3.0, 1.0], [3.0, 0, 0], [1.0, 0, 0]])
    membership = np.array([[True, True, False], [True, False, True]])
    np.testing.assert_allclose(weighted_belonging(weights, membership), [[0.75, 0.25], [1, 0], [0, 1]])


def test_a_graph_without_edges_has_no_modularity():
    graph = random_graph(0)
    empty = replace(graph, adjacency=np.zeros_like(graph.adjacency))
    values = values_of(empty)
    assert all(np.isnan(values[metric]) for metric in ("klb", "louvain", *CLOSED_FORM))


def test_a_single_vertex_cannot_be_bisected():
    assert np.isnan(kernighan_lin(np.zeros((1, 1)), 2)).all()


@given(st.integers(0, 1000), st.permutations(range(12)))
def test_relabelling_vertices_changes_nothing(seed, order):
    graph, order = random_graph(seed), np.array(order)
    weights, mean = graph.adjacency[np.ix_(order, order)], graph.mean_activation[:, order]
    moved = pattern_graph(weights, graph.membership[:, order], mean)
    before, after = values_of(graph, 1), values_of(moved, 1)
    for metric in CLOSED_FORM:
        assert after[metric] == pytest.approx(before[metric], abs=1e-12)


def test_kernighan_lin_is_networkx_bisection():
    weights = random_graph(1, vertices=15).adjacency
    graph = as_networkx(weights)
    expected = [
        nx.community.modularity(graph, nx.community.kernighan_lin_bisection(graph, seed=seed)) for seed in range(5)
    ]
    values = kernighan_lin(weights, 5)
    np.testing.assert_allclose(values, expected, atol=1e-12)
    np.testing.assert_array_equal(kernighan_lin(weights, 5), values)
    measured = {metric: (value, sd) for metric, value, sd in layer_metrics(random_graph(1, 15), 5, 2.0, 2)}
    assert measured["klb"] == pytest.approx((np.mean(expected), np.std(expected, ddof=1)), abs=1e-12)


def two_cliques() -> ActivationGraph:
    weights = np.kron(np.eye(2), np.ones((4, 4))) - np.eye(8)
    weights[0, 4] = weights[4, 0] = 0.1
    membership = np.kron(np.eye(2), np.ones((1, 4))).astype(bool)
    return pattern_graph(weights, membership, membership.astype(float))


def test_two_cliques_are_found():
    measured = values_of(two_cliques(), resolution=1.0)
    assert measured["communities"] == 2 and measured["vertices"] == 8 and measured["nodes_per_community"] == 4
    assert [measured[f"community_{rank}"] for rank in range(1, 9)] == [4, 4, 0, 0, 0, 0, 0, 0]
    inside = 24 / 24.2  # each clique has half of all edge ends
    for metric in ("klb", "weighted_overlap", "louvain"):
        assert measured[metric] == pytest.approx(inside - 0.5, abs=1e-12)


def test_written_measures(tmp_path, monkeypatch):
    monkeypatch.setattr("neurons.communities.modularity.read_graphs", lambda path: {"dense_1": two_cliques()})
    write_modularity("graphs.h5", tmp_path / "01.csv", 1, 2.0, 2)
    rows = read_rows(tmp_path / "01.csv")
    assert list(rows[0]) == ["layer", "metric", "value", "sd"]
    assert [row["metric"] for row in rows[:4]] == ["klb", "no_overlap", "unweighted_overlap", "weighted_overlap"]
    assert {row["layer"] for row in rows} == {"dense_1"} and {row["sd"] for row in rows} == {""}
    assert float(rows[3]["value"]) == pytest.approx(24 / 24.2 - 0.5, rel=1e-5)
    assert (rows[-1]["metric"], rows[-1]["value"]) == ("samples", "20")
