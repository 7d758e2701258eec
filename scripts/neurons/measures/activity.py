"""How many neurons fire, and how often."""

from hashlib import blake2b

import numpy as np

from neurons.measures.layer import Layer


def live_units(layer: Layer) -> float:
    """Return the number of neurons that fire (v > 0) for at least one training sample."""
    return float(layer.moments.live.sum())


def sparsity(layer: Layer) -> float:
    """Return the share of zeros among the N x n activations of the training split, 0 to 1."""
    return float(1 - layer.moments.active.sum() / (layer.counts.sum() * layer.width))


def distinct_patterns(layer: Layer) -> float:
    """Return the number of distinct vectors 1[v > 0] over the training samples, divided by the samples, 0 to 1.

    A sample of the linear regions the layer cuts the data into. Of each sample 8 bytes are kept, a digest of its
    pattern (two different patterns agree with a chance of 2^-64).

    Source: Novak et al., Sensitivity and generalization in neural networks, ICLR 2018.
    """
    digests = [
        np.frombuffer(
            b"".join(blake2b(row, digest_size=8).digest() for row in np.packbits(block > 0, axis=1)), np.uint64
        )
        for _, block in layer.blocks()
    ]
    return float(len(np.unique(np.concatenate(digests))) / layer.counts.sum())
