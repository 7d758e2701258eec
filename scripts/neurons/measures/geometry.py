"""The shape of the cloud of activations: its dimension, and how tightly classes collapse within it."""

import numpy as np

from neurons.measures.layer import Layer


def effective_rank(layer: Layer) -> float:
    """Return exp(-sum p log p), p = the singular values of the centred activations divided by their sum.

    From 1 to min(N - 1, n); the same when all activations are multiplied by a number. NaN for a constant layer.

    Source: Roy and Vetterli, The effective rank, EUSIPCO 2007.
    """
    values = layer.moments.spectrum
    values = values[values > 0]
    if not len(values):
        return float("nan")
    share = values / values.sum()
    return float(np.exp(-np.sum(share * np.log(share))))


def participation_ratio(layer: Layer) -> float:
    """Return (sum l)^2 / sum l^2, l = the eigenvalues of the covariance of the activations, from 1 to n.

    The traces of the covariance and of its square give both sums. NaN for a constant layer.
    """
    scatter = layer.moments.scatter
    largest = np.abs(scatter).max()
    if largest == 0:
        return float("nan")
    scaled = scatter / largest
    return float(np.trace(scaled) ** 2 / np.sum(scaled**2))


def nc1(layer: Layer) -> float:
    """Return tr(Sigma_W pinv(Sigma_B)) / C: the spread within classes against that between them.

    Sigma_W is the mean over samples of the deviations from the own class mean (outer products), Sigma_B the mean over
    classes of the deviations of the class means from their mean, (n, n). 0 is complete collapse. NaN where the class
    means coincide.

    Source: Papyan, Han and Donoho, Prevalence of neural collapse, PNAS 2020.
    """
    moments = layer.moments
    between = moments.class_means - moments.mean
    within = moments.scatter - (between * moments.counts[:, None]).T @ between
    means = moments.class_means - moments.class_means.mean(axis=0)
    _, singular, directions = np.linalg.svd(means, full_matrices=False)
    kept = singular > max(means.shape) * np.finfo(float).eps * np.abs(moments.class_means).max()
    if not kept.any():
        return float("nan")
    # pinv(Sigma_B) = C sum_k v_k v_k' / s_k^2 over the kept directions; its C cancels that of the definition.
    spread = np.einsum("kn,nm,km->k", directions[kept], within, directions[kept], optimize=True)
    return float(np.sum(spread / singular[kept] ** 2) / moments.counts.sum())
