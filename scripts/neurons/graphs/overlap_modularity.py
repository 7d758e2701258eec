"""Modularity of a graph whose vertices may belong to several communities."""

import numpy as np

# Those of Table 4: by Kernighan-Lin bisection, and Eqs. 2 to 4.
MODULARITIES = ("klb", "no_overlap", "unweighted_overlap", "weighted_overlap")
# Eqs. 3 and 4 in standard deviations above the null model (`null_model.py`).
STANDARDISED = ("modularity_z.unweighted_overlap", "modularity_z.weighted_overlap")


def modularity(weights: np.ndarray, belonging: np.ndarray) -> float:
    """Return Q = sum_c [alpha_c' X alpha_c / 2m - (k' alpha_c / 2m)^2] in O(V^2 C); NaN for a graph without edges.

    Parameters
    ----------
    weights : X, (V, V) symmetric, zero diagonal.
    belonging : alpha, (V, C); rows sum to 1 over the communities that hold the vertex.
    """
    degree = weights.sum(axis=1)
    total = degree.sum()  # 2m
    if total == 0:
        return float("nan")
    within = np.einsum("vc,vc->", belonging, weights @ belonging) / total
    return float(within - np.sum((degree @ belonging / total) ** 2))


def partition_belonging(labels: np.ndarray) -> np.ndarray:
    """Return the (V, K) belonging matrix, 0 or 1, of a partition given as community numbers (V,)."""
    return np.equal.outer(labels, np.unique(labels)).astype(float)


def equal_belonging(membership: np.ndarray) -> np.ndarray:
    """Return alpha_vc = 1 / O_v for the O_v class sets that hold a vertex, (V, C) (Eq. 3)."""
    return (membership / membership.sum(axis=0)).T


def weighted_belonging(weights: np.ndarray, membership: np.ndarray) -> np.ndarray:
    """Return alpha_cv = k_cv / sum_c' k_c'v over the class sets that hold a vertex, (V, C) (Eq. 4).

    k_cv is the weight of v's edges into class set c. A vertex without such edges belongs equally to its sets.
    """
    strength = np.where(membership.T, weights @ membership.T.astype(float), 0)
    total = strength.sum(axis=1, keepdims=True)
    return np.where(total > 0, strength / np.where(total > 0, total, 1), equal_belonging(membership))
