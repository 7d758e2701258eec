"""Layers of dumps that the tests of measures are made on, written by h5py alone."""

import h5py
import numpy as np


def write_layers(path, values: dict, labels, chunks=None, dtype="f4", test=None, classes=None):
    """Write a dump with layers `values` {name: (N, n)} and `labels` (N,) ascending; `test` = (values, labels)."""
    n_classes = classes or int(np.max(labels)) + 1
    with h5py.File(path, "w") as file:
        root = {"run": "tiny", "seed": 0, "iteration": 1, "epoch": 1, "layers": list(values)}
        for key, value in (root | {"classes": [f"class {c}" for c in range(n_classes)]}).items():
            file.attrs[key] = value
        for split, (layers, own) in {"train": (values, labels), **({"test": test} if test else {})}.items():
            file[f"{split}/labels"], file[f"{split}/index"] = own, np.arange(len(own))
            file[f"{split}/probabilities"] = np.full((len(own), n_classes), 1 / n_classes, "f4")
            for name, array in layers.items():
                rows = min(chunks or len(array), len(array))
                file.create_dataset(f"{split}/layers/{name}", data=array.astype(dtype), chunks=(rows, array.shape[1]))
    return path


def class_values(rng, counts, width: int, signal: float = 1.0):
    """Return ReLU outputs (N, n), float32, whose means differ between classes, and labels (N,) ascending."""
    labels = np.repeat(np.arange(len(counts)), counts)
    centres = signal * rng.normal(size=(len(counts), width))
    mixing = rng.normal(size=(width, width)) / np.sqrt(width)
    values = centres[labels] + rng.normal(size=(len(labels), width)) @ mixing
    return np.maximum(values, 0).astype(np.float32), labels
