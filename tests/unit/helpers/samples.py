"""Helpers of the unit tests. Nothing in here uses the library."""

import csv
from pathlib import Path

import numpy as np

# Of a training, with all of them on.
ALL_OPTIONS = {
    "optimizer": "sgd",
    "learning_rate": 0.05,
    "epsilon": 1e-7,
    "batch_size": 13,
    "iterations": 3,
    "epochs_per_iteration": 1,
    "momentum": 0.9,
    "weight_decay": 1e-3,
    "schedule": "cosine",
    "schedule_epochs": [],
    "schedule_factor": 0.1,
    "flip": True,
    "crop": 2,
    "mixed_precision": True,
}


def relu_values(rng, rows: int, width: int) -> np.ndarray:
    """Non-negative multiples of a half, float32, with many ties and zeros; neuron 0 never fires."""
    values = np.maximum(rng.integers(-3, 8, (rows, width)), 0).astype(np.float32) / 2
    values[:, 0] = 0
    return values


def blocks_of(values, labels, rows=1000):
    """Return a function that gives class-sorted values in blocks of at most `rows` rows, each of one class."""

    def blocks():
        for c in np.unique(labels):
            own = values[labels == c]
            yield from ((int(c), own[start : start + rows]) for start in range(0, len(own), rows))

    return blocks


def read_rows(path) -> list[dict]:
    """Read a CSV file as one mapping of texts per row."""
    with open(path, newline="") as stream:
        return list(csv.DictReader(stream))


def files_in(folder) -> list[str]:
    """Return the names of all files below a folder, hidden ones too."""
    return sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file())
