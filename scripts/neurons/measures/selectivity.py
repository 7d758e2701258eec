"""What single neurons tell about the class."""

import numpy as np

from neurons.measures.layer import Layer


def selectivity(layer: Layer) -> float:
    """Return the mean over live neurons of (mu_max - mu_rest) / (mu_max + mu_rest), 0 to 1; NaN if none is live.

    mu are the class means of a neuron's activation, mu_max the largest, mu_rest the mean of the others. NaN for a
    single class.

    Source: Leavitt and Morcos, Selectivity considered harmful, ICLR 2021 (arXiv:2003.01262), without their epsilon.
    """
    moments = layer.moments
    means = moments.class_means[:, moments.live]
    if len(means) < 2 or not means.size:
        return float("nan")
    largest = means.max(axis=0)
    rest = (means.sum(axis=0) - largest) / (len(means) - 1)
    return float(np.mean((largest - rest) / (largest + rest)))


def class_information(layer: Layer) -> float:
    """Return the mean over live neurons of the mutual information of 1[v > 0] and the class, in bits.

    I = sum over c and b of p(c, b) log2 [p(c, b) / (p(c) p(b))], b = whether the neuron fires. NaN if none is live.
    """
    moments = layer.moments
    if not moments.live.any():
        return float("nan")
    fires, counts = moments.active[:, moments.live], moments.counts[:, None]
    joint = np.stack([fires, counts - fires]) / counts.sum()  # (2, C, live)
    expected = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    ratio = np.divide(joint, expected, out=np.ones_like(joint), where=joint > 0)
    return float(np.sum(joint * np.log2(ratio), axis=(0, 1)).mean())
