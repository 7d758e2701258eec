"""Graphs that tests are made on."""

import numpy as np

from neurons.coactivation.graph import CoactivationGraph
from neurons.graphs.pattern_graph import ActivationGraph


def pattern_graph(weights, membership, mean_activation) -> ActivationGraph:
    """A layer's activation pattern graph of 10 samples a class, in which no neuron exceeds its mean."""
    classes, vertices = membership.shape
    high, samples = np.zeros((classes, vertices), int), np.full(classes, 10)
    return ActivationGraph(weights, np.arange(vertices), membership, mean_activation, high, samples)


def random_graph(seed: int = 0, units: int = 8, classes: int = 3) -> CoactivationGraph:
    """Signed random weights among 2 filters, two dense layers of `units`, and classes; dense neuron 0 is dead."""
    rng = np.random.default_rng(seed)
    layers = {"conv_1": ("filter", 2), "dense_1": ("unit", units), "dense_2": ("unit", units)}
    layers["output"] = ("class", classes)
    widths = [width for _, width in layers.values()]
    upper = np.triu(rng.uniform(-1, 1, (sum(widths),) * 2), 1).astype(np.float32)
    live = np.ones(sum(widths), bool)
    live[2] = False
    upper[2], upper[:, 2] = 0, 0
    return CoactivationGraph(
        run="tiny",
        seed=0,
        iteration=1,
        classes=[f"class {c}" for c in range(classes)],
        image_shape=(4, 5),
        layer=np.repeat(list(layers), widths),
        kind=np.repeat([kind for kind, _ in layers.values()], widths),
        neuron=np.concatenate([np.arange(width) for width in widths]),
        live=live,
        maximum=rng.random(sum(widths)),
        weights=upper + upper.T,
    )
