from dataclasses import replace
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
from graphs import random_graph
from scipy import stats

from neurons.coactivation.controls import (
    Pairs,
    class_correlations,
    class_means,
    control_shares,
    figure3_tests,
    halves,
    largest_mean_neurons,
    mean_image_similarity,
    mistakes_among,
    most_similar_pairs,
    named_pairs,
    random_neurons,
    separate_halves,
)
from neurons.coactivation.graph import read_coactivation, write_coactivation
from neurons.coactivation.interventions import top_k_inputs, top_neurons
from neurons.coactivation.similarity import mutual_mistakes
from neurons.core.mantel import mantel
from neurons.dumps.format import Dump


def test_random_neurons_have_the_form_of_the_top_ones():
    graph = random_graph()
    nodes = np.flatnonzero(graph.layer == "dense_1")
    (top,) = (sorted(map(len, top_neurons(graph, nodes))),)
    drawn = list(random_neurons(graph, nodes, 200, 1))
    assert len(drawn) == 200
    for ranked in drawn:
        assert sorted(map(len, ranked)) == top
        for order in ranked:
            assert sorted(order) == list(range(1, 8))  # 0 is dead
    first = np.array([[order[0] for order in ranked] for ranked in drawn])
    assert stats.chisquare(np.bincount(first.ravel(), minlength=8)[1:]).pvalue > 0.001
    assert (first[:, 0] != first[:, 1]).any()  # each class has its own
    again = list(random_neurons(graph, nodes, 200, 1))
    assert all(np.array_equal(a, b) for one, two in zip(drawn, again) for a, b in zip(one, two))
    assert (top_k_inputs(graph.maximum[nodes], drawn[0], 3) > 0).sum(axis=1).tolist() == [3, 3, 3]


def test_largest_means_come_first_among_the_live():
    graph = random_graph()
    means = np.tile(np.arange(8.0), (3, 1))
    means[1] = [9, 1, 5, 5, 0, 0, 0, 2]
    ranked = largest_mean_neurons(graph, np.flatnonzero(graph.layer == "dense_1"), means)
    assert ranked[0].tolist() == [7, 6, 5, 4, 3, 2, 1]
    assert ranked[1].tolist() == [2, 3, 7, 1, 4, 5, 6]  # ties to the lower; 0 is dead


def test_class_means_of_the_test_samples(small_dump):
    path, arrays = small_dump(chunks=2)
    with Dump(path) as dump:
        found = class_means(dump, "dense_2")
    labels, values = arrays["test/labels"], arrays["test/layers/dense_2"]
    for c in range(3):
        np.testing.assert_allclose(found[c], values[labels == c].mean(axis=0, dtype=float))


@pytest.mark.parametrize("block", [1, 7, 100])
def test_similarity_of_mean_images(rng, block):
    images, labels = rng.integers(0, 256, (50, 4, 5, 3), np.uint8), rng.integers(0, 4, 50)
    blocks = ((images[s : s + block], labels[s : s + block]) for s in range(0, 50, block))
    found = mean_image_similarity(blocks, 4)
    means = [images[labels == c].mean(axis=0).ravel() for c in range(4)]
    np.testing.assert_allclose(found, np.corrcoef(means), atol=1e-12)
    np.testing.assert_array_equal(found, found.T)


def test_a_class_without_contrast_has_no_similarity(rng):
    images, labels = rng.integers(0, 256, (20, 2, 2), np.uint8), np.arange(20) % 4
    images[labels == 2] = 7
    found = mean_image_similarity([(images, labels)], 5)
    undefined = np.isnan(found)
    assert undefined[[2, 4]].all() and undefined[:, [2, 4]].all() and undefined.sum() == 16


@pytest.mark.parametrize("sizes", [[10, 3, 8], [1, 2, 5]])
def test_a_half_takes_half_of_each_class(sizes):
    labels = np.repeat(np.arange(3), sizes)
    chosen = halves(labels, 3)
    assert np.bincount(labels[chosen], minlength=3).tolist() == [size // 2 for size in sizes]
    np.testing.assert_array_equal(chosen, halves(labels, 3))
    assert any((halves(labels, 3) != halves(labels, other)).any() for other in (4, 5, 6, 7))


@pytest.fixture
def big_dump(tmp_path, rng):
    """A dump by h5py alone of 300 test samples in 3 classes, about a third of them mistaken; returns (path, arrays)."""
    labels = np.repeat([0, 1, 2], [120, 80, 100])
    layers = {
        name: np.maximum(rng.normal(size=(300, n)), 0).astype("f4") for name, n in (("dense_1", 9), ("dense_2", 5))
    }
    for c in range(3):
        layers["dense_1"][labels == c, 3 * c : 3 * c + 2] += 1.5
    layers["dense_1"][:, 8] = 0
    logits = 2 * np.eye(3)[labels] + 1.5 * rng.normal(size=(300, 3))
    arrays = {"labels": labels, "index": np.arange(300)}
    arrays["probabilities"] = (np.exp(logits) / np.exp(logits).sum(1, keepdims=True)).astype("f4")
    arrays |= {f"layers/{name}": values for name, values in layers.items()}
    path = tmp_path / "dump.h5"
    with h5py.File(path, "w") as file:
        for key, value in {"run": "r", "seed": 0, "iteration": 1, "epoch": 1}.items():
            file.attrs[key] = value
        file.attrs["classes"], file.attrs["layers"] = ["a", "b", "c"], list(layers)
        for split in ("train", "test"):
            for key, value in arrays.items():
                chunks = (64, *value.shape[1:]) if value.ndim > 1 else None
                file.create_dataset(f"{split}/{key}", data=value, chunks=chunks)
    return path, arrays


@pytest.mark.parametrize("rows", [50, 64, 1000])
def test_correlations_over_some_samples(big_dump, rng, rows):
    path, arrays = big_dump
    chosen = rng.random(300) < 0.4
    chosen[100:164] = False  # a block without any
    with Dump(path) as dump:
        found = class_correlations(dump, chosen, rows)
    hidden = np.hstack([arrays["layers/dense_1"], arrays["layers/dense_2"]])[chosen]
    with np.errstate(invalid="ignore"):
        both = np.corrcoef(hidden.T.astype(float), arrays["probabilities"][chosen].T.astype(float))
    np.testing.assert_allclose(found, np.nan_to_num(both[:14, 14:]), atol=1e-6)
    assert (found[8] == 0).all()  # it never fires


def test_correlations_over_all_samples_are_the_graphs(big_dump, tmp_path):
    path, _ = big_dump
    write_coactivation(path, None, tmp_path / "graph.h5")
    with Dump(path) as dump:
        found = class_correlations(dump, np.ones(300, bool))
    np.testing.assert_array_equal(found, read_coactivation(tmp_path / "graph.h5").with_classes)


def test_mistakes_of_both_halves_are_all_mistakes(big_dump):
    path, arrays = big_dump
    chosen = halves(arrays["labels"], 0)
    with Dump(path) as dump:
        first, second = mistakes_among(dump, chosen), mistakes_among(dump, ~chosen)
    np.testing.assert_array_equal(first + second, mutual_mistakes(path))
    best = arrays["probabilities"].argmax(1)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        of = ((arrays["labels"] == i) & (best == j)) | ((arrays["labels"] == j) & (best == i))
        assert first[i, j] == first[j, i] == (of & chosen).sum() > 0
    assert np.diag(first).tolist() == [0, 0, 0]


def test_separate_halves_share_no_sample(big_dump):
    path, arrays = big_dump
    chosen = halves(arrays["labels"], 5)
    with Dump(path) as dump:
        ways = separate_halves(dump, 0.1, 5)
    hidden = np.hstack([arrays["layers/dense_1"], arrays["layers/dense_2"]]).astype(float)
    for half, (similarity, mistakes) in zip((chosen, ~chosen), ways):
        with np.errstate(invalid="ignore"):
            r = np.corrcoef(hidden[half].T, arrays["probabilities"][half].T.astype(float))[:14, 14:]
        members = np.nan_to_num(r) > 0.1
        for i, j in ((0, 1), (0, 2), (1, 2)):
            both, either = (members[:, i] & members[:, j]).sum(), (members[:, i] | members[:, j]).sum()
            assert similarity[i, j] == pytest.approx(both / either)
        with Dump(path) as dump:
            np.testing.assert_array_equal(mistakes, mistakes_among(dump, ~half))


def symmetric(rng, classes, whole=False):
    values = rng.integers(0, 9, (classes, classes)) if whole else rng.random((classes, classes))
    values = np.triu(values, 1)
    return values + values.T


@pytest.mark.parametrize("classes", [4, 7, 10])
def test_most_similar_pairs_hold_their_share_of_mistakes(rng, classes):
    similarity, mistakes = symmetric(rng, classes), symmetric(rng, classes, True)
    weights = most_similar_pairs(similarity)
    pairs = sorted(
        ((similarity[i, j], mistakes[i, j]) for i in range(classes) for j in range(i)), key=lambda pair: -pair[0]
    )
    expected = sum(m for _, m in pairs[: len(pairs) // 3]) / sum(m for _, m in pairs)
    assert (weights * mistakes).sum() / mistakes.sum() == pytest.approx(expected)


def test_ties_share_the_places_that_are_left():
    similarity = np.full((4, 4), 0.2)
    similarity[0, 1] = similarity[1, 0] = 0.9
    similarity[2, 3] = similarity[3, 2] = np.nan
    weights = most_similar_pairs(similarity)  # 2 of 6 places: one pair above, four equal ones, one without a value
    assert weights[0, 1] == 1 and weights[0, 2] == weights[1, 3] == 0.25 and weights[2, 3] == 0
    assert weights.sum() == pytest.approx(4) and np.diag(weights).tolist() == [0] * 4
    assert most_similar_pairs(similarity[:2, :2]).sum() == 0


def test_mantel_ranks_the_share_of_mistakes_in_the_most_similar_pairs(rng):
    """Renaming the classes of one matrix changes share and r together, so one test serves both."""
    similarity, mistakes = symmetric(rng, 6), symmetric(rng, 6, True)
    weights = most_similar_pairs(similarity)
    shares, r = [], []
    for _ in range(20):
        order = rng.permutation(6)
        moved = weights[np.ix_(order, order)]
        shares.append((moved * mistakes).sum() / mistakes.sum())
        r.append(mantel(moved, mistakes, draws=1).r)
    assert np.corrcoef(shares, r)[0, 1] == pytest.approx(1)


def test_named_pairs():
    found = named_pairs(["Coat", "Bag", "Pullover"], [["Pullover", "Coat"]])
    np.testing.assert_array_equal(found, [[0, 0, 1], [0, 0, 0], [1, 0, 0]])
    with pytest.raises(ValueError):
        named_pairs(["Coat"], [["Coat", "Hat"]])


def test_tests_of_figure3_tell_what_stands_behind_a_link(rng):
    """Similarity and mistakes that both follow the images, and nothing else: gone once these are held fixed."""
    images = symmetric(rng, 10)
    networks = []
    for _ in range(5):
        one, two, a, b = (4 * images + symmetric(rng, 10) for _ in range(4))
        networks.append(Pairs(one, two, images, [(a, b), (b, a)]))
    found = figure3_tests(networks).set_index("test")
    assert found.loc["plain", "p"] < 0.001 and found.loc["separate_halves", "p"] < 0.001
    assert found.loc["given_images", "p"] > 0.05
    upper = np.triu_indices(10, 1)
    each = np.array([stats.pearsonr(one.similarity[upper], one.mistakes[upper]).statistic for one in networks])
    assert found.loc["plain", "value"] == pytest.approx(each.mean())
    low, high = stats.t.interval(0.95, 4, loc=np.arctanh(each).mean(), scale=stats.sem(np.arctanh(each)))
    assert found.loc["plain", ["value_low", "value_high"]].tolist() == pytest.approx(np.tanh([low, high]))
    assert (found["seeds"] == 5).all()


def test_tests_of_figure3_find_a_link_beyond_the_images(rng):
    networks = []
    for _ in range(5):
        s = symmetric(rng, 10)
        networks.append(Pairs(s, s, symmetric(rng, 10), [(s, -s), (s, s)]))
    found = figure3_tests(networks).set_index("test")["value"]
    assert found["given_images"] == pytest.approx(1) and found["separate_halves"] == pytest.approx(0, abs=1e-9)
    without = figure3_tests([replace(one, images=None) for one in networks])
    assert "given_images" not in set(without["test"])


def test_the_share_of_mistakes_is_the_mean_over_networks(rng):
    networks, shares = [], []
    for _ in range(4):
        similarity, mistakes = symmetric(rng, 6), np.round(10 * symmetric(rng, 6) ** 2)
        i, j = np.triu_indices(6, 1)
        top = np.argsort(-similarity[i, j])[:5]
        shares.append(mistakes[i, j][top].sum() / mistakes[i, j].sum())
        networks.append(Pairs(similarity, mistakes, None, [(similarity, mistakes)] * 2))
    row = figure3_tests(networks).set_index("test").loc["most_similar_third"]
    limits = stats.t.interval(0.95, 3, loc=np.mean(shares), scale=stats.sem(shares))
    assert row[["value", "value_low", "value_high"]].tolist() == pytest.approx([np.mean(shares), *limits])


def test_other_choices_of_neurons_are_tried_at_every_k(rng):
    """A stand-in for the network that predicts a class where the class's own neuron is among the first k."""
    graph = SimpleNamespace(live=np.array([True, True, False, True]), classes=["a", "b"])
    means = np.array([[0.1, 0.9, 5, 0.2], [0.8, 0.1, 5, 0.3]])

    def shares(ranked):
        return np.array([np.mean([own in order[:k] for own, order in zip((1, 3), ranked)]) for k in (1, 2, 3)])

    table = control_shares(graph, np.arange(4), means, shares, draws=50)
    by_mean = table[table["choice"] == "class_mean"]
    assert by_mean["share_right"].tolist() == [0.5, 1.0, 1.0]  # b's own neuron has the second largest mean of the live
    random = table[table["choice"] == "random"].groupby("k")["share_right"].mean()
    assert len(table) == 3 * 51 and random.tolist() == pytest.approx([1 / 3, 2 / 3, 1], abs=0.15)
