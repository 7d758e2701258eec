"""The measures of a dump's layer against independent references, and how they behave at the edges."""

import networkx as nx
import numpy as np
import pytest
import scipy.linalg
from layers import class_values
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import mutual_info_score
from sklearn.neighbors import kneighbors_graph

from neurons.measures.activity import distinct_patterns, live_units, sparsity
from neurons.measures.geometry import effective_rank, nc1, participation_ratio
from neurons.measures.probe import linear_probe, sample_modularity
from neurons.measures.selectivity import class_information, selectivity
from neurons.measures.topology import persistence, spanning_edges

MEASURES = [
    live_units,
    sparsity,
    distinct_patterns,
    selectivity,
    class_information,
    effective_rank,
    participation_ratio,
    nc1,
    linear_probe,
    sample_modularity,
    persistence,
]
SCALE_FREE = [m for m in MEASURES if m is not linear_probe]  # its penalty has a scale
CASES = {  # samples per class, neurons
    "plain": ([30, 40, 50], 8),
    "two classes": ([60, 35], 8),
    "fewer samples than neurons": ([4, 3, 5], 30),
    "one neuron": ([30, 40, 50], 1),
}


@pytest.fixture(params=CASES)
def case(request, rng):
    """Activations (N, n) with a dead neuron where there are several, and labels."""
    values, labels = class_values(rng, *CASES[request.param])
    if values.shape[1] > 1:
        values[:, 3] = 0
    return values, labels


def test_live_units_and_sparsity(layer_of, case):
    layer = layer_of(*case)
    assert live_units(layer) == np.count_nonzero(case[0].max(axis=0))
    assert sparsity(layer) == pytest.approx(np.mean(case[0] == 0))


@pytest.mark.parametrize("chunks", [1, 7, 1000])
def test_distinct_patterns_are_those_of_numpy_unique(layer_of, case, chunks):
    expected = len(np.unique(case[0] > 0, axis=0)) / len(case[0])
    assert distinct_patterns(layer_of(*case, chunks=chunks)) == expected


def test_selectivity_is_the_loop(layer_of, case):
    values, labels = case
    single = []
    for column in values.T.astype(float):
        if not column.any():
            continue
        means = [np.mean([v for v, label in zip(column, labels) if label == c]) for c in range(labels[-1] + 1)]
        best = int(np.argmax(means))
        rest = np.mean([m for c, m in enumerate(means) if c != best])
        single.append((means[best] - rest) / (means[best] + rest))
    assert selectivity(layer_of(values, labels)) == pytest.approx(np.mean(single), rel=1e-12)


def test_class_information_is_that_of_scikit_learn(layer_of, case):
    values, labels = case
    single = [mutual_info_score(labels, column > 0) / np.log(2) for column in values.T if column.any()]
    assert class_information(layer_of(values, labels)) == pytest.approx(np.mean(single), abs=1e-12)


def test_effective_rank_is_that_of_scipy_svd(layer_of, case):
    centred = case[0].astype(float) - case[0].astype(float).mean(axis=0)
    share = scipy.linalg.svd(centred, compute_uv=False)
    share = share / share.sum()
    share = share[share > 1e-12]
    assert effective_rank(layer_of(*case)) == pytest.approx(np.exp(-np.sum(share * np.log(share))), rel=1e-6)


def test_participation_ratio_is_that_of_the_covariance(layer_of, case):
    values = scipy.linalg.eigvalsh(np.atleast_2d(np.cov(case[0].astype(float).T)))
    assert participation_ratio(layer_of(*case)) == pytest.approx(values.sum() ** 2 / np.sum(values**2), rel=1e-9)


def literal_nc1(values, labels) -> float:
    values, classes = values.astype(float), np.unique(labels)
    means = np.array([values[labels == c].mean(axis=0) for c in classes])
    within = np.mean([np.outer(v - means[c], v - means[c]) for v, c in zip(values, labels)], axis=0)
    between = np.mean([np.outer(m - means.mean(axis=0), m - means.mean(axis=0)) for m in means], axis=0)
    return np.trace(within @ np.linalg.pinv(between, rcond=1e-10, hermitian=True)) / len(classes)


def test_nc1_is_numpy_pinv(layer_of, case):
    assert nc1(layer_of(*case)) == pytest.approx(literal_nc1(*case), rel=1e-6)


def test_nc1_of_collapsed_classes_is_zero(layer_of, rng):
    centres, labels = rng.random((3, 6)), np.repeat([0, 1, 2], [10, 20, 5])
    assert nc1(layer_of(centres[labels], labels)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("ridge", [1.0, 30.0])
def test_linear_probe_is_scikit_learns_ridge_classifier(layer_of, case, rng, ridge):
    values, labels = case
    classes = labels[-1] + 1
    other = np.maximum(values[rng.permutation(len(values))] + rng.normal(size=values.shape) / 2, 0).astype("f4")
    own = np.sort(rng.integers(0, classes, len(other)))
    own[:classes] = np.arange(classes)
    own = np.sort(own)
    model = RidgeClassifier(alpha=ridge).fit(values.astype(float), labels)
    got = linear_probe(layer_of(values, labels, test=(other, own)), ridge=ridge)
    assert got == pytest.approx(model.score(other.astype(float), own))


def test_linear_probe_finds_classes_that_are_there(layer_of, rng):
    values, labels = class_values(rng, [200, 200, 200], 20, signal=3)
    assert linear_probe(layer_of(values[::2], labels[::2], test=(values[1::2], labels[1::2]))) > 0.95


@pytest.mark.parametrize("neighbours", [1, 5])
def test_sample_modularity_is_scikit_learns_graph_in_networkx(layer_of, rng, neighbours):
    values, labels = class_values(rng, [30, 40, 50], 20)
    graph = kneighbors_graph(values.astype(float), neighbours).toarray()
    edges = nx.from_numpy_array(np.maximum(graph, graph.T))
    expected = nx.community.modularity(edges, [set(np.flatnonzero(labels == c)) for c in range(3)])
    got = sample_modularity(layer_of(values, labels), samples=1000, neighbours=neighbours)
    assert got == pytest.approx(expected, abs=1e-12)


def test_sample_modularity_of_a_sample_is_near_that_of_all(layer_of, rng):
    layer = layer_of(*class_values(rng, [900, 900], 12, signal=2), chunks=256)
    assert sample_modularity(layer, samples=600) == pytest.approx(sample_modularity(layer, samples=1800), abs=0.1)


def distances(values):
    live = values[:, np.ptp(values, axis=0) > 0].astype(float)
    distance = 1 - np.abs(np.atleast_2d(np.corrcoef(live.T)))
    distance = np.maximum(distance, distance.T)
    distance[distance < 1e-12] = 0
    np.fill_diagonal(distance, 0)
    return distance


@pytest.mark.parametrize("name", ["plain", "two classes"])
def test_persistence_is_single_linkage_and_rips_homology(layer_of, rng, name):
    values, labels = class_values(rng, *CASES[name])
    values[:, 3] = 0
    values[:, 5] = 2 * values[:, 4]  # |r| = 1: an edge of length 0 that must count
    distance = distances(values)
    got = persistence(layer_of(values, labels))
    assert got == pytest.approx(linkage(squareform(distance), "single")[:, 2].mean(), abs=1e-9)
    rips = pytest.importorskip("ripser").ripser(distance, maxdim=0, distance_matrix=True)["dgms"][0][:, 1]
    # ripser lists no bar of length 0, such as that of neurons 4 and 5.
    assert got == pytest.approx(rips[np.isfinite(rips)].sum() / (len(distance) - 1), abs=1e-6)


def test_spanning_edges_are_those_of_networkx(rng):
    weights = rng.random((12, 12))
    weights = weights + weights.T
    tree = nx.minimum_spanning_tree(nx.from_numpy_array(weights))
    expected = sorted(data["weight"] for *_, data in tree.edges(data=True))
    np.testing.assert_allclose(np.sort(spanning_edges(weights)), expected)


def split(values, labels):
    """A dump's train and test split, so that every measure is defined."""
    return {"values": values, "labels": labels, "test": (values, labels)}


@pytest.mark.parametrize("measure", MEASURES)
def test_the_order_of_neurons_and_samples_is_of_no_matter(layer_of, rng, measure):
    values, labels = class_values(rng, [30, 40, 50], 20)  # so wide that no two samples coincide
    neurons = rng.permutation(20)
    samples = np.concatenate([rng.permutation(np.flatnonzero(labels == c)) for c in range(3)])
    expected = measure(layer_of(**split(values, labels)))
    assert measure(layer_of(**split(values[:, neurons], labels))) == pytest.approx(expected, rel=1e-9)
    assert measure(layer_of(**split(values[samples], labels), chunks=11)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_names_of_classes_are_of_no_matter(layer_of, rng, measure):
    values, labels = class_values(rng, [40, 40, 40], 20)
    other = np.concatenate([values[80:], values[:40], values[40:80]])
    expected = measure(layer_of(**split(values, labels)))
    assert measure(layer_of(**split(other, labels))) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("measure", SCALE_FREE)
def test_scale_free_measures(layer_of, rng, measure):
    values, labels = class_values(rng, [30, 40, 50], 8)
    expected = measure(layer_of(**split(values, labels)))
    assert measure(layer_of(**split(values * 2**7, labels))) == pytest.approx(expected, rel=1e-9)


def test_the_probes_penalty_has_a_scale(layer_of, rng):
    values, labels = class_values(rng, [80, 10, 10], 8)
    faint = linear_probe(layer_of(**split(values * 2**-12, labels)))
    assert faint == 0.8 < linear_probe(layer_of(**split(values, labels)))  # the penalty leaves the intercept alone


DEAD = {
    live_units: 0,
    sparsity: 1,
    distinct_patterns: 1 / 12,
    linear_probe: 5 / 12,  # the largest class
}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_dead_layer(layer_of, measure):
    values, labels = np.zeros((12, 4), "f4"), np.repeat([0, 1, 2], [3, 5, 4])
    assert measure(layer_of(**split(values, labels))) == pytest.approx(DEAD.get(measure, np.nan), nan_ok=True)


CONSTANT = DEAD | {live_units: 4, sparsity: 0, selectivity: 0, class_information: 0}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_constant_layer(layer_of, measure):
    values, labels = np.full((12, 4), 0.1, "f4"), np.repeat([0, 1, 2], [3, 5, 4])
    got = measure(layer_of(**split(values, labels), chunks=5))
    assert got == pytest.approx(CONSTANT.get(measure, np.nan), nan_ok=True, abs=1e-12)


SINGLE = {selectivity: np.nan, class_information: 0, nc1: np.nan, linear_probe: 1, sample_modularity: 0}


@pytest.mark.parametrize("measure", SINGLE)
def test_a_single_class(layer_of, rng, measure):
    values, labels = class_values(rng, [30], 5)
    assert measure(layer_of(**split(values, labels))) == pytest.approx(SINGLE[measure], nan_ok=True, abs=1e-12)


def test_one_neuron_has_rank_one_and_no_tree(layer_of, rng):
    layer = layer_of(*class_values(rng, [20, 30], 1))
    assert effective_rank(layer) == pytest.approx(1) and participation_ratio(layer) == pytest.approx(1)
    assert np.isnan(persistence(layer))


def test_a_probe_needs_a_test_split(layer_of, rng):
    assert np.isnan(linear_probe(layer_of(*class_values(rng, [20, 30], 4))))


@pytest.mark.parametrize("measure", MEASURES)
def test_float16_dumps(layer_of, rng, measure):
    values, labels = class_values(rng, [30, 40, 50], 8)
    half = measure(layer_of(**split(values, labels), dtype="f2"))
    assert half == pytest.approx(measure(layer_of(**split(values.astype("f2").astype("f4"), labels))), rel=1e-12)
