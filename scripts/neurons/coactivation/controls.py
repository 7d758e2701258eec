"""Controls of the co-activation study's claims: other neurons than a class's most correlated, other matrices than mistakes.

Figure 2 chooses each class's most correlated neurons; here are other choices of as many, in the same form. Figure 3 sets
similarity in the graph against mistakes; here are what may stand behind both (the classes' mean images), and a way to
take graph and mistakes from different samples.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import h5py
import numpy as np
import pandas as pd

from neurons.coactivation.graph import SPLIT, CoactivationGraph, neuron_blocks
from neurons.coactivation.similarity import jaccard, mistakes_among, neighbours
from neurons.coactivation.streaming import StreamingCorrelation, best_add_products
from neurons.core.intervals import correlation_limits, student
from neurons.core.mantel import mantel
from neurons.core.statistics import LEAST_POINTS
from neurons.dumps.format import BLOCK_ROWS, Dump
from neurons.graphs.pattern_graph import class_sums

RANDOM_CHOICES = 100  # of neurons, in the control of Figure 2


def random_neurons(
    graph: CoactivationGraph, nodes: np.ndarray, draws: int, seed: int = 0
) -> Iterator[list[np.ndarray]]:
    """Yield `draws` times, for each class, the positions among `nodes` (n,) of its live neurons in random order.

    Each draw has the form of `interventions.top_neurons`, so that the first k are a random choice of k neurons.
    """
    generator, live = np.random.default_rng(seed), np.flatnonzero(graph.live[nodes])
    for _ in range(draws):
        yield [generator.permutation(live) for _ in graph.classes]


def largest_mean_neurons(graph: CoactivationGraph, nodes: np.ndarray, means: np.ndarray) -> list[np.ndarray]:
    """Return, for each class, the positions among `nodes` (n,) of live neurons, largest class mean first (ties: lower).

    `means` (C, n): mean activation of each neuron over the class's samples (`class_means`). The form is that of
    `interventions.top_neurons`.
    """
    live = graph.live[nodes]
    return [order[live[order]] for order in np.argsort(-means, axis=1, kind="stable")]


def class_means(dump: Dump, layer: str) -> np.ndarray:
    """Return the mean activation of each neuron of a layer over the test samples of each class, (C, n) float64."""
    total, _ = class_sums(dump.class_blocks(SPLIT, layer), len(dump.classes), dump.width(layer))
    return total / dump.counts(SPLIT)[:, None]


def control_shares(
    graph: CoactivationGraph,
    nodes: np.ndarray,
    means: np.ndarray,
    shares: Callable[[list[np.ndarray]], np.ndarray],
    draws: int = RANDOM_CHOICES,
) -> pd.DataFrame:
    """Return the share of classes predicted by k for other choices of neurons than the most correlated.

    Parameters
    ----------
    nodes : of the layer whose neurons are set, (n,).
    means : mean activation of each neuron over each class's samples, (C, n).
    shares : function of a choice (for each class, neurons in order) that returns the share for k = 1 .. K, (K,).
    draws : random choices.

    Returns
    -------
    `choice` (class_mean, random), `draw`, `k`, `share_right`.
    """
    choices = [("class_mean", 0, largest_mean_neurons(graph, nodes, means))]
    choices += [("random", draw, ranked) for draw, ranked in enumerate(random_neurons(graph, nodes, draws))]
    rows = [
        (choice, draw, k, share)
        for choice, draw, ranked in choices
        for k, share in enumerate(shares(ranked).tolist(), start=1)
    ]
    return pd.DataFrame(rows, columns=["choice", "draw", "k", "share_right"])


def mean_image_similarity(blocks: Iterable[tuple[np.ndarray, np.ndarray]], classes: int) -> np.ndarray:
    """Return Pearson's correlation over the pixels of the mean images of each pair of classes, (C, C) float64.

    NaN where a class has no sample or its mean image is of one colour. `blocks` yields images (B, ...) and their
    labels (B,).
    """
    total, count = None, np.zeros(classes)
    for images, labels in blocks:
        flat = images.reshape(len(images), -1).astype(np.float64)
        total = np.zeros((classes, flat.shape[1])) if total is None else total
        total += (labels == np.arange(classes)[:, None]) @ flat
        count += np.bincount(labels, minlength=classes)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = total / count[:, None]
        means -= means.mean(axis=1, keepdims=True)
        norms = np.linalg.norm(means, axis=1)
        similarity = means @ means.T / np.outer(norms, norms)
    return np.clip((similarity + similarity.T) / 2, -1, 1)  # products may differ in the last bit


def halves(labels: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return a seeded random half of the samples, bool (N,): in each class half of its samples (the smaller half)."""
    generator, chosen = np.random.default_rng(seed), np.zeros(len(labels), bool)
    for c in np.unique(labels):
        rows = np.flatnonzero(labels == c)
        chosen[generator.choice(rows, len(rows) // 2, replace=False)] = True
    return chosen


def class_correlations(dump: Dump, chosen: np.ndarray, rows: int = BLOCK_ROWS) -> np.ndarray:
    """Return the correlation of each hidden neuron with each class over some test samples, (H, C) float32.

    As `CoactivationGraph.with_classes`, 0 where one does not vary. `chosen` is bool (N,), over the test samples.
    """
    sums, start = StreamingCorrelation(best_add_products()), 0
    for block in neuron_blocks(dump, rows):
        part = block[chosen[start : start + len(block)]]
        start += len(block)
        if len(part):
            sums.add(part)
    among, _ = sums.correlations()
    return np.nan_to_num(among[: -len(dump.classes), -len(dump.classes) :], nan=0.0)


def separate_halves(dump: Dump, threshold: float, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return similarity (C, C) on one half of the test samples and mistakes (C, C) on the other, and the other way.

    A sample that the network takes for another class raises the correlation of that class's neurons with both classes,
    so the same samples make similarity and mistakes go together; separate samples cannot. The similarity is the Jaccard
    index of the classes' neighbours above `threshold`.
    """
    chosen = halves(dump.labels(SPLIT), seed)
    return [
        (jaccard(class_correlations(dump, half) > threshold), mistakes_among(dump, ~half)) for half in (chosen, ~chosen)
    ]


def most_similar_pairs(similarity: np.ndarray, share: float = 1 / 3) -> np.ndarray:
    """Return which pairs of classes are among the `share` most similar, (C, C) weights from 0 to 1; diagonal 0.

    Pairs of the value at which the places run out get an equal part of what is left. `(weights * mistakes).sum() /
    mistakes.sum()` is the share of the mistakes in those pairs, and Mantel's test of weights and mistakes tests it: it
    is their correlation but for a factor and an offset that no permutation changes. Pairs without a value come last.
    """
    i, j = np.triu_indices(len(similarity), 1)
    values = np.where(np.isnan(similarity[i, j]), -np.inf, similarity[i, j])
    places = int(len(values) * share)
    weights = np.zeros(similarity.shape)
    if places == 0:
        return weights
    last = np.sort(values)[::-1][places - 1]
    above = values > last
    weights[i, j] = np.where(above, 1.0, np.where(values == last, (places - above.sum()) / (values == last).sum(), 0.0))
    return weights + weights.T


def named_pairs(classes: list[str], pairs: list[list[str]]) -> np.ndarray:
    """Return the matrix (C, C) that is 1 for the named pairs of classes, to set against `similarity.stability`."""
    chosen = np.zeros((len(classes), len(classes)))
    for pair in pairs:
        i, j = (classes.index(name) for name in pair)
        chosen[i, j] = chosen[j, i] = 1
    return chosen


@dataclass(frozen=True)
class Pairs:
    """What one network says on pairs of classes, (C, C) each.

    similarity : Jaccard index of the classes' neighbours, NaN where a pair has none.
    mistakes : samples of one class taken for the other.
    images : similarity of the classes' mean images, None where there are no images.
    separate : similarity and mistakes on separate halves of the samples, both ways.
    """

    similarity: np.ndarray
    mistakes: np.ndarray
    images: np.ndarray | None
    separate: list[tuple[np.ndarray, np.ndarray]]


def _labelled_images(images: h5py.Dataset, dump: Dump) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the images of a split with the labels that the network was tested on, which may be mixed."""
    labels = np.full(len(images), -1)
    labels[dump.index(SPLIT)] = dump.labels(SPLIT)
    for start in range(0, len(images), BLOCK_ROWS):
        yield images[start : start + BLOCK_ROWS], labels[start : start + BLOCK_ROWS]


def pairs_of(graph: CoactivationGraph, dump: Dump, images: h5py.Dataset | None, threshold: float) -> Pairs:
    """Return what a network's co-activation graph and test samples say on pairs of classes.

    Parameters
    ----------
    images : of the test split, None for imported dumps without any.
    threshold : a class's neighbours are the hidden neurons correlated with it above this. On halves of the samples the
        correlation is Pearson's with the class's probability, whatever the graph's.
    """
    every = np.ones(len(dump.labels(SPLIT)), bool)
    of_images = None if images is None else mean_image_similarity(_labelled_images(images, dump), len(dump.classes))
    similarity = jaccard(neighbours(graph, threshold))
    return Pairs(similarity, mistakes_among(dump, every), of_images, separate_halves(dump, threshold))


def _test(name: str, x: list, y: list, fixed: list | None = None) -> dict:
    """Return Mantel's test over all networks, with limits over them: two or more matrices of one network count once."""
    whole = mantel(np.concatenate(x), np.concatenate(y), None if fixed is None else np.concatenate(fixed))
    single = [mantel(*matrices, draws=1) for matrices in zip(x, y, fixed or [None] * len(x))]
    pairs = max(min(one.pairs for one in single), LEAST_POINTS)
    low, high = correlation_limits(np.array([one.r for one in single]), pairs)
    row = {"test": name, "value": whole.r, "value_low": low, "value_high": high, "p": whole.p}
    return row | {"pairs": pairs, "seeds": len(x), "note": whole.note}


def _share_of_mistakes(networks: list[Pairs]) -> dict:
    """Return the share of mistakes in the third of the pairs that are most alike, tested by Mantel's test."""
    weights, mistakes = [most_similar_pairs(one.similarity) for one in networks], [one.mistakes for one in networks]
    with np.errstate(invalid="ignore"):
        shares = student(np.array([(w * m).sum() / m.sum() for w, m in zip(weights, mistakes)]))
    test = mantel(np.array(weights), np.array(mistakes))
    (low, high), pairs = shares.limits(), len(weights[0]) * (len(weights[0]) - 1) // 2
    row = {"test": "most_similar_third", "value": shares.mean, "value_low": low, "value_high": high, "p": test.p}
    return row | {"pairs": pairs, "seeds": len(networks), "note": test.note}


def figure3_tests(networks: list[Pairs]) -> pd.DataFrame:
    """Return the tests of Figure 3 over the networks (seeds) of a run, a row each.

    `plain`: Pearson's correlation of similarity and mistakes over the pairs of classes. `given_images`: the partial one
    given the similarity of the mean images. `separate_halves`: graph and mistakes from separate halves of the samples.
    `most_similar_third`: the share of mistakes in the third of the pairs that are most alike. `value` is the mean over
    networks with 95 % limits over them, `p` that of Mantel's test, in which the classes are permuted in all at once.
    """
    similarity, mistakes = ([getattr(one, name)[None] for one in networks] for name in ("similarity", "mistakes"))
    rows = [_test("plain", similarity, mistakes)]
    if all(one.images is not None for one in networks):
        rows.append(_test("given_images", similarity, mistakes, [one.images[None] for one in networks]))
    first, second = ([np.array([way[k] for way in one.separate]) for one in networks] for k in (0, 1))
    rows += [_test("separate_halves", first, second), _share_of_mistakes(networks)]
    return pd.DataFrame(rows)
