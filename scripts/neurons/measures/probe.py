"""How well a layer's activations separate the classes."""

import numpy as np

from neurons.graphs.overlap_modularity import modularity, partition_belonging
from neurons.measures.layer import Layer, sample


def linear_probe(layer: Layer, ridge: float = 1.0) -> float:
    """Return the test accuracy, 0 to 1, of a ridge classifier fitted to the layer's training activations.

    One regression per class on targets +1 and -1 with an intercept that is not penalised; the largest output wins.
    `ridge` is the penalty on squared weights. Training needs no more than the class sums and the scatter matrix.
    NaN without a test split.

    Source: Alain and Bengio, Understanding intermediate layers using linear classifier probes, 2016.
    """
    if "test" not in layer.dump.splits:
        return float("nan")
    moments = layer.moments
    targets = 2 * (moments.sums - moments.counts[:, None] * moments.mean).T  # centred activations' products with +-1
    weights = np.linalg.solve(moments.scatter + ridge * np.eye(layer.width), targets)
    intercept = 2 * moments.counts / moments.counts.sum() - 1 - moments.mean @ weights
    right = total = 0
    for labels, block in layer.blocks("test"):
        right += int(np.sum((block @ weights + intercept).argmax(axis=1) == labels))
        total += len(labels)
    return right / total


def nearest_neighbours(values: np.ndarray, neighbours: int) -> np.ndarray:
    """Return the graph, float (S, S), that joins two points where one is among the other's nearest (Euclidean)."""
    length = np.einsum("sn,sn->s", values, values)
    distance = length[:, None] + length - 2 * values @ values.T
    np.fill_diagonal(distance, np.inf)
    count = min(neighbours, len(values) - 1)
    nearest = np.argpartition(distance, count - 1, axis=1)[:, :count] if count else np.empty((len(values), 0), int)
    graph = np.zeros(distance.shape)
    np.put_along_axis(graph, nearest, 1, axis=1)
    return np.maximum(graph, graph.T)


def sample_modularity(layer: Layer, samples: int = 2000, neighbours: int = 10, seed: int = 0) -> float:
    """Return the modularity of the partition into classes of a nearest-neighbour graph of training samples.

    Of `samples` samples, stratified by class, two are joined (weight 1) where one is among the other's `neighbours`
    nearest in Euclidean distance. NaN for a constant layer.

    Source: Lu et al., Understanding the dynamics of DNNs using graph modularity, ECCV 2022.
    """
    labels, values = sample(layer, samples, seed)
    if not np.ptp(values, axis=0).any():
        return float("nan")
    return modularity(nearest_neighbours(values - values.mean(axis=0), neighbours), partition_belonging(labels))
