"""What the network does near its decision boundary and near its weights. Networks come from `measures.network`."""

import numpy as np

SMALLEST_NOISE, LARGEST_NOISE = 2.0**-40, 2.0**10


def margins(labels: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return the logit of the true class minus the largest other, (B,), of logits (B, C)."""
    rows = np.arange(len(labels))
    others = logits.astype(np.float64)
    true = others[rows, labels]
    others[rows, labels] = -np.inf
    return true - others.max(axis=1)


def margin(network) -> float:
    """Return the 10th percentile over training samples of (true logit - largest other) / |last layer's input|.

    The last layer is the linear layer that runs last, its input's norm Euclidean. A sample whose input is all 0 counts
    as 0. NaN for a single class or a network without a linear layer. Of each sample 8 bytes are kept.

    Source: Jiang et al., Predicting the generalization gap in deep networks with margin distributions, ICLR 2019.
    """
    values = []
    for labels, logits, last in network.outputs():
        if last is None or logits.shape[1] < 2:
            return float("nan")
        norm = np.linalg.norm(last.astype(np.float64), axis=1)
        values.append(np.where(norm > 0, margins(labels, logits) / np.where(norm > 0, norm, 1), 0))
    return float(np.percentile(np.concatenate(values), 10))


def path_norm(network) -> float:
    """Return the sum over classes of the output for an input of ones with every parameter squared.

    For a network of linear layers and ReLUs it is the sum over all paths of the product of squared weights. NaN for a
    network with normalisation layers, where paths have no fixed weight.

    Source: Jiang et al., Fantastic generalization measures and where to find them, ICLR 2020 (path norm).
    """
    return network.squared_response()


def sharpness(
    network, tolerance: float = 0.1, draws: int = 10, samples: int = 1000, steps: int = 6, seed: int = 0
) -> float:
    """Return the largest sigma at which Gaussian noise on all parameters costs at most `tolerance` of accuracy.

    The training accuracy on `samples` samples, stratified by class, is averaged over `draws` draws of noise and set
    against the accuracy without noise (shares of 1). The same draws serve every sigma. A bracket found by doubling
    and halving from 2^-6 is bisected `steps` times on a logarithmic scale (6 steps: 1.1 %). NaN where noise up to
    2^10 costs less, as with a single class or a network near chance; 0 where any costs more, as with classes that tie.

    Source: Jiang et al. 2020 (PAC-Bayesian flatness); small values are sharp minima.
    """
    images, labels = network.sample(samples, seed)
    least = network.accuracy(images, labels) - tolerance - 1e-9  # a mean of shares may be off by rounding

    def holds(sigma: float) -> bool:
        return np.mean([network.accuracy(images, labels, sigma, (seed, draw)) for draw in range(draws)]) >= least

    low = 2.0**-6
    if holds(low):
        while holds(2 * low):
            low *= 2
            if low >= LARGEST_NOISE:
                return float("nan")
    else:
        while not holds(low := low / 2):
            if low < SMALLEST_NOISE:
                return 0.0
    high = 2 * low
    for _ in range(steps):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
