"""Controls of the co-activation study's claims: other neurons than a class's most correlated, other matrices than mistakes.

Figure 2 chooses each class's most correlated neurons; here are other choices of as many, in the same form. Figure 3 sets
similarity in the graph against mistakes; here are what may stand behind both (the classes' mean images), and a way to
take graph and mistakes from different samples.

Called by no rule yet.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from neurons.coactivation.graph import SPLIT, CoactivationGraph, neuron_blocks
from neurons.coactivation.similarity import jaccard, mistakes_among
from neurons.coactivation.streaming import StreamingCorrelation, best_add_products
from neurons.core.mantel import Mantel, mantel
from neurons.dumps.format import BLOCK_ROWS, Dump
from neurons.graphs.pattern_graph import class_sums


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
    similarity = np.clip((similarity + similarity.T) / 2, -1, 1)  # products may differ in the last bit
    return similarity


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


def figure3_tests(
    similarity: list[np.ndarray],
    mistakes: list[np.ndarray],
    images: np.ndarray,
    separate: list[list[tuple[np.ndarray, np.ndarray]]],
) -> dict[str, Mantel]:
    """Return Mantel's tests of Figure 3 over the networks (seeds) of a data set: one test each, r the mean over seeds.

    `plain`: similarity against mistakes. `given_images`: the same with the similarity of the mean images held fixed.
    `separate_halves`: the mean over both ways of `separate_halves` too.

    Parameters
    ----------
    similarity, mistakes : (C, C) of each seed, similarity NaN where a pair has none.
    images : (C, C) similarity of the classes' mean images.
    separate : for each seed what `separate_halves` returns.
    """
    x, y = np.array(similarity), np.array(mistakes)
    ways = [way for both in separate for way in both]
    return {
        "plain": mantel(x, y),
        "given_images": mantel(x, y, images),
        "separate_halves": mantel(np.array([first for first, _ in ways]), np.array([second for _, second in ways])),
    }
