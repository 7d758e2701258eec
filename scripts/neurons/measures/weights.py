"""Sizes of a snapshot's weights: arrays by parameter name, in the order of the state dict.

Weights are the matrices and kernels (two dimensions or more); biases and normalisation are left out.
"""

import numpy as np

Weights = dict[str, np.ndarray]


def matrices(state: Weights) -> Weights:
    """Return the weights as float64 matrices (outputs, inputs); a kernel's inputs are channels x height x width."""
    return {name: array.reshape(len(array), -1).astype(np.float64) for name, array in state.items() if array.ndim > 1}


def weight_norm(weights: Weights, first: Weights) -> float:
    """Return the Euclidean norm of all weights together.

    Source: Jiang et al., Fantastic generalization measures and where to find them, ICLR 2020 (parameter norm).
    """
    return float(np.sqrt(sum(np.sum(matrix**2) for matrix in matrices(weights).values())))


def distance_from_start(weights: Weights, first: Weights) -> float:
    """Return the Euclidean distance of all weights from the initial ones, those of snapshot 00.

    Source: Jiang et al. 2020 (Frobenius distance to initialisation).
    """
    start = matrices(first)
    return float(np.sqrt(sum(np.sum((matrix - start[name]) ** 2) for name, matrix in matrices(weights).items())))


def spectral_norm(weights: Weights, first: Weights) -> float:
    """Return the product over layers of the largest singular value of the weight matrix.

    A kernel is taken as the matrix of `matrices`. Source: Jiang et al. 2020 (product of spectral norms).
    """
    return float(np.prod([np.linalg.norm(matrix, 2) for matrix in matrices(weights).values()]))
