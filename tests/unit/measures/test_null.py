import numpy as np
import pytest
from layers import class_values
from oracles import split_modularity
from samples import blocks_of

from neurons.graphs.overlap_modularity import equal_belonging, weighted_belonging
from neurons.graphs.pattern_graph import activation_graph
from neurons.measures.null import (
    drawn_adjacency,
    high_counts,
    modularity_z,
    modularity_z_mixed,
    overlap_modularities,
)

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
    high, counts = high_counts(blocks_of(*data)(), graph), np.bincount(data[1])
    for _ in range(3):
        weights = drawn_adjacency(high, counts, graph.membership, rng)
        edges, member = np.where(weights > 0, 1.0, 0.0), graph.membership
        expected = [
            split_modularity(edges, equal_belonging(member)),
            split_modularity(weights, weighted_belonging(weights, member)),
        ]
        got = overlap_modularities(weights, member)
        assert [got[name] for name in EQUATIONS] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_high_counts_are_the_loop(data, rows):
    values, labels = data
    graph = graph_of(values, labels)
    high = high_counts(blocks_of(values, labels, rows)(), graph)
    for c, v in np.ndindex(high.shape):
        own = values[labels == c, graph.neurons[v]].astype(float)
        expected = sum(x > own.mean() for x in own) if graph.membership[c, v] else 0
        assert high[c, v] == expected


def test_a_draw_is_symmetric_and_within_what_the_counts_allow(data, rng):
    graph, counts = graph_of(*data), np.bincount(data[1])
    high = high_counts(blocks_of(*data)(), graph)
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
    graph, counts, rng = graph_of(values, labels), np.bincount(labels), np.random.default_rng(1)
    high = high_counts(blocks_of(values, labels)(), graph)
    draws, literal = [], []
    for _ in range(600):
        moved = graph_of(permuted(values, labels, rng), labels)
        np.testing.assert_array_equal(moved.membership, graph.membership)
        literal.append(moved.adjacency)
        draws.append(drawn_adjacency(high, counts, graph.membership, rng))
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


def test_z_is_about_zero_for_neurons_that_fire_independently(layer_of):
    scores = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        values, labels = class_values(rng, [80, 80, 80], 12)
        values = permuted(values, labels, rng)
        scores.append(modularity_z(graph_of(values, labels), layer_of(values, labels))["weighted_overlap"])
    assert abs(np.mean(scores)) < 1 and 0.4 < np.std(scores) < 2


def test_z_tells_neurons_that_fire_together(layer_of, rng):
    """Neurons 0 to 3 are in set 0 alone; with their common firing the set holds more weight than its degrees promise."""
    values, labels = class_values(rng, [400, 400], 12)
    values[:, :4] += np.where(labels == 0, 3, 0)[:, None]
    together = values.copy()
    together[labels == 0, :4] += 4 * (rng.random(400) < 0.5)[:, None]
    apart = permuted(together, labels, rng)
    z = {
        name: modularity_z(graph_of(some, labels, 7), layer_of(some, labels))["weighted_overlap"]
        for name, some in (("together", together), ("apart", apart))
    }
    assert z["together"] > 5 and abs(z["apart"]) < 4


def test_z_follows_its_seed_and_blocks_do_not_matter(layer_of, data):
    graph = graph_of(*data)
    first, again = (modularity_z(graph, layer_of(*data, chunks=chunks)) for chunks in (7, 1000))
    other = modularity_z(graph, layer_of(*data), seed=1)
    assert first == again and first["weighted_overlap"] != other["weighted_overlap"]


def test_a_full_graph_has_no_z_of_equation_3(layer_of, rng):
    values, labels = class_values(rng, [3000, 3000], 12)
    scores = modularity_z(graph_of(values, labels, 6), layer_of(values, labels), draws=20)
    assert np.isnan(scores["unweighted_overlap"]) and np.isfinite(scores["weighted_overlap"])


def test_dead_layer_and_one_neuron_have_no_z(layer_of, rng):
    labels = np.repeat([0, 1], 10)
    for values in (np.zeros((20, 4), "f4"), rng.random((20, 1)).astype("f4")):
        layer, graph = layer_of(values, labels), graph_of(values, labels)
        for measure in (modularity_z, modularity_z_mixed):
            assert np.isnan(list(measure(graph, layer, draws=5).values())).all()


@pytest.mark.parametrize("chunks", [7, 1000])
def test_mixed_labels_are_those_of_a_dump_with_mixed_labels(layer_of, data, chunks):
    values, labels = data
    graph = graph_of(values, labels)
    mixed = np.random.default_rng([0, 1]).permutation(labels)
    order = np.argsort(mixed, kind="stable")
    expected = modularity_z(graph_of(values[order], mixed[order]), layer_of(values[order], mixed[order]))
    got = modularity_z_mixed(graph, layer_of(values, labels, chunks=chunks))
    assert got == pytest.approx(expected, abs=1e-9, nan_ok=True)
