"""Co-activation graphs that tests are made on."""

import numpy as np

from neurons.coactivation.graph import CoactivationGraph


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
