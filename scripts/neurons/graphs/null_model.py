"""Modularity against what the same class sets would show if the neurons of a class fired independently.

The modularity of a dense graph of overlapping sets says little by itself. The null model permutes every neuron's
activations within each class: class means, and with them the class sets and thresholds, stay; co-activation goes.
"""

import numpy as np

from neurons.graphs.overlap_modularity import equal_belonging, modularity, weighted_belonging
from neurons.graphs.pattern_graph import ActivationGraph

NO_SPREAD = 1e-9  # a standard deviation of Q0 below this is rounding


def overlap_modularities(weights: np.ndarray, membership: np.ndarray) -> dict[str, float]:
    """Return Q of Eq. 3 (`unweighted_overlap`) and of Eq. 4 (`weighted_overlap`) of a graph (V, V), sets (C, V)."""
    return {
        "unweighted_overlap": modularity((weights > 0).astype(float), equal_belonging(membership)),
        "weighted_overlap": modularity(weights, weighted_belonging(weights, membership)),
    }


def drawn_adjacency(high: np.ndarray, counts: np.ndarray, membership: np.ndarray, rng) -> np.ndarray:
    """Return the adjacency (V, V) of one draw of the null model.

    Of N_i samples in random order, h_p and h_q are high: the samples high in both are hypergeometric, and those of any
    two pairs of neurons are independent (given p, the counts with q and with r are), so that pairs are drawn one by one
    from the counts alone. Only the joint law of the three pairs of a triangle is not that of a literal permutation.

    Parameters
    ----------
    high : (C, V), samples of a class in which a neuron of its set is high.
    counts : (C,) samples per class.
    membership : bool (C, V).
    """
    weights = np.zeros((high.shape[1],) * 2)
    for n, member, h in zip(counts, membership, high):
        vertices = np.flatnonzero(member)
        first, second = np.triu_indices(len(vertices), 1)
        p, q = vertices[first], vertices[second]
        weights[p, q] += rng.hypergeometric(h[p], n - h[p], h[q]) / n
    return weights + weights.T


def standardised_modularities(graph: ActivationGraph, draws: int = 100, seed: int = 0) -> dict[str, float]:
    """Return the modularity of Eq. 3 and 4 in standard deviations above the null model, by the name of the equation.

    z = (Q - mean Q0) / sd Q0 over `draws` draws of independent neurons within each class; NaN where Q0 does not vary.
    Eq. 3 has no z where every pair within a set fires together at least once in every draw, as in most layers with
    thousands of samples a class.

    Source: after Filan et al., Clusterability in neural networks, 2021; Eqs. 3 and 4 of "On the Evolution of Neuron
    Communities".
    """
    rng, sets = np.random.default_rng(seed), graph.membership
    adjacencies = (drawn_adjacency(graph.high_samples, graph.samples, sets, rng) for _ in range(draws))
    null = [overlap_modularities(weights, sets) for weights in adjacencies]
    scores = {}
    for name, value in overlap_modularities(graph.adjacency, sets).items():
        drawn = np.array([values[name] for values in null])
        deviation = drawn.std(ddof=1)
        scores[name] = float((value - drawn.mean()) / deviation) if deviation > NO_SPREAD else float("nan")
    return scores
