import numpy as np
import pytest
from layers import class_values
from oracles import split_modularity
from samples import blocks_of

from neurons.graphs.null_model import drawn_adjacency, overlap_modularities, standardised_modularities
from neurons.graphs.overlap_modularity import equal_belonging, weighted_belonging
from neurons.graphs.pattern_graph import activation_graph

EQUATIONS = ("unweighted_overlap", "weighted_overlap")


def graph_of(values, labels, top=6):
    return activation_graph(blocks_of(values, labels), np.bincount(labels), values.shape[1], top)


def permuted(values, labels, rng):
    """Every neuron's activations permuted within each class, literally."""
    out = values.copy()
    for c in np.unique(labels):
        rows = np.flatnonzero(labels == c)
        for q in range(values.shape[1]):
            out[rows, q] = values[rng.permutation(rows), q]
    return out


@pytest.fixture
def data(rng):
    return class_values(rng, [40, 25, 60], 12)


def test_modularities_of_drawn_graphs_are_those_of_networkx(data, rng):
    graph = graph_of(*data)
    high, counts = graph.high_samples, graph.samples
    for _ in range(3):
        weights = drawn_adjacency(high, counts, graph.membership, rng)
        edges, member = np.where(weights > 0, 1.0, 0.0), graph.membership
        expected = [
            split_modularity(edges, equal_belonging(member)),
            split_modularity(weights, weighted_belonging(weights, member)),
        ]
        got = overlap_modularities(weights, member)
        assert [got[name] for name in EQUATIONS] == pytest.approx(expected, abs=1e-12)


def test_a_draw_is_symmetric_and_within_what_the_counts_allow(data, rng):
    graph = graph_of(*data)
    high, counts = graph.high_samples, graph.samples
    weights = drawn_adjacency(high, counts, graph.membership, rng)
    np.testing.assert_array_equal(weights, weights.T)
    assert not np.diag(weights).any()
    share = np.where(graph.membership, high / counts[:, None], 0)
    together = graph.membership[:, :, None] & graph.membership[:, None]
    most = np.sum(together * np.minimum(share[:, :, None], share[:, None]), axis=0)
    least = np.sum(together * np.maximum(share[:, :, None] + share[:, None] - 1, 0), axis=0)
    off = ~np.eye(len(weights), dtype=bool)
    assert np.all(weights[off] <= most[off] + 1e-12) and np.all(weights[off] >= least[off] - 1e-12)


def test_the_permutation_keeps_sets_and_the_draws_follow_its_law(data):
    """Mean and spread of every edge, and of both modularities, over draws and over literal permutations."""
    values, labels = data
    graph, rng = graph_of(values, labels), np.random.default_rng(1)
    draws, literal = [], []
    for _ in range(600):
        moved = graph_of(permuted(values, labels, rng), labels)
        np.testing.assert_array_equal(moved.membership, graph.membership)
        literal.append(moved.adjacency)
        draws.append(drawn_adjacency(graph.high_samples, graph.samples, graph.membership, rng))
    draws, literal = np.array(draws), np.array(literal)
    error = np.sqrt((literal.var(axis=0) + draws.var(axis=0)) / 600)
    assert np.all(np.abs(draws.mean(axis=0) - literal.mean(axis=0)) <= 4.5 * error + 1e-12)
    edges = np.triu_indices(draws.shape[1], 1)
    ratio = draws.var(axis=0)[edges].sum() / literal.var(axis=0)[edges].sum()
    assert ratio == pytest.approx(1, abs=0.05)
    for name in EQUATIONS:
        ours, theirs = (
            np.array([overlap_modularities(w, graph.membership)[name] for w in some]) for some in (draws, literal)
        )
        assert abs(ours.mean() - theirs.mean()) <= 4 * np.sqrt((ours.var() + theirs.var()) / 600)
        assert ours.std() == pytest.approx(theirs.std(), rel=0.15)


def test_z_is_about_zero_for_neurons_that_fire_independently():
    scores = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        values, labels = class_values(rng, [80, 80, 80], 12)
        values = permuted(values, labels, rng)
        scores.append(standardised_modularities(graph_of(values, labels))["weighted_overlap"])
    assert abs(np.mean(scores)) < 1 and 0.4 < np.std(scores) < 2


def test_z_tells_neurons_that_fire_together(rng):
    """Neurons 0 to 3 are in set 0 alone; with their common firing the set holds more weight than its degrees promise."""
    values, labels = class_values(rng, [400, 400], 12)
    values[:, :4] += np.where(labels == 0, 3, 0)[:, None]
    together = values.copy()
    together[labels == 0, :4] += 4 * (rng.random(400) < 0.5)[:, None]
    apart = permuted(together, labels, rng)
    z = {
        name: standardised_modularities(graph_of(some, labels, 7))["weighted_overlap"]
        for name, some in (("together", together), ("apart", apart))
    }
    assert z["together"] > 5 and abs(z["apart"]) < 4


def test_z_follows_its_seed(data):
    graph = graph_of(*data)
    first, again, other = (standardised_modularities(graph, seed=seed) for seed in (0, 0, 1))
    assert first == again and first["weighted_overlap"] != other["weighted_overlap"]


def test_a_full_graph_has_no_z_of_equation_3(rng):
    values, labels = class_values(rng, [3000, 3000], 12)
    scores = standardised_modularities(graph_of(values, labels, 6), draws=20)
    assert np.isnan(scores["unweighted_overlap"]) and np.isfinite(scores["weighted_overlap"])


def test_dead_layer_and_one_neuron_have_no_z(rng):
    labels = np.repeat([0, 1], 10)
    for values in (np.zeros((20, 4), "f4"), rng.random((20, 1)).astype("f4")):
        assert np.isnan(list(standardised_modularities(graph_of(values, labels), draws=5).values())).all()
