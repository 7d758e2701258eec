"""The null-standardised modularity of the graph of permuted labels."""

from functools import partial

import numpy as np

from neurons.graphs.null_model import standardised_modularities
from neurons.graphs.pattern_graph import ActivationGraph, activation_graph
from neurons.measures.layer import Layer


def _mixed_blocks(layer: Layer, labels: np.ndarray):
    """Yield (class, activations) of a layer's training blocks under other labels (N,)."""
    start = 0
    for _, block in layer.blocks():
        mixed = labels[start : start + len(block)]
        start += len(block)
        for c in np.unique(mixed):
            yield c, block[mixed == c]


def modularity_z_mixed(graph: ActivationGraph, layer: Layer, draws: int = 100, seed: int = 0) -> dict[str, float]:
    """Return `standardised_modularities` of the graph of permuted labels: what z is where classes mean nothing.

    Sets are as large as those of `graph`, chosen by the mean activation (Eq. 6).
    """
    labels = np.random.default_rng([seed, 1]).permutation(np.repeat(np.arange(len(layer.counts)), layer.counts))
    top = int(graph.membership.sum(axis=1).max())
    mixed = activation_graph(partial(_mixed_blocks, layer, labels), layer.counts, layer.width, top)
    return standardised_modularities(mixed, draws, seed)
