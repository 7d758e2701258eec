"""Small activation dumps for the tests of the auxiliary study."""

import numpy as np

from neurons.dumps.format import create

WIDTHS = {"one": 5, "two": 7, "three": 4}


def random_split(rng, n: int, n_classes: int, widths: dict):
    """Return labels (N,) ascending, activations by layer (N, n), about half of them 0, and probabilities (N, C)."""
    labels = np.sort(np.r_[np.arange(n_classes), rng.integers(0, n_classes, n - n_classes)])
    layers = {name: np.maximum(rng.normal(size=(n, width)), 0).astype(np.float32) for name, width in widths.items()}
    probabilities = rng.dirichlet(np.ones(n_classes), n).astype(np.float32)
    return labels, layers, probabilities


def write_dump(path, seed: int = 0, n_classes: int = 3, sizes=(40, 25), iteration: int = 1, widths=None) -> dict:
    """Write a random dump and return its splits (labels, activations by layer, probabilities)."""
    rng, widths = np.random.default_rng(seed), widths or WIDTHS
    attributes = {"run": "r", "seed": 0, "iteration": iteration, "epoch": iteration}
    attributes |= {"classes": [f"class {c}" for c in range(n_classes)], "config_digest": "x"}
    splits = {name: random_split(rng, n, n_classes, widths) for name, n in zip(("train", "test"), sizes)}
    with create(path, attributes, widths, "float32") as add:
        for name, (labels, layers, probabilities) in splits.items():
            add(name, labels, np.arange(len(labels)), [(list(layers.values()), probabilities)])
    return splits
