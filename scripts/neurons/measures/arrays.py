"""Measures on arrays in memory, as a notebook has them."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from neurons.core.errors import InputError, choose
from neurons.dumps.arrays import check_rows, sorted_labels
from neurons.dumps.checks import check_activations
from neurons.dumps.format import BLOCK_ROWS
from neurons.graphs.pattern_graph import activation_graph
from neurons.measures.layer import Layer
from neurons.measures.panel import PANEL, Measure

NAME = "layer"


class ArrayDump:
    """One layer's activations in memory, as a `Layer` asks a dump for them.

    Parameters
    ----------
    splits : labels (N,) and activations (N, n), in any order of rows, by split.
    """

    def __init__(self, splits: dict):
        self.splits, self._arrays = list(splits), {}
        classes = int(np.max(np.asarray(splits["train"][0]))) + 1
        for split, (labels, values) in splits.items():
            labels, order = sorted_labels(labels, classes, split)
            width = self.width(NAME) if self._arrays else None
            values = check_rows(values, len(labels), width, f"{split}, activations")
            check_activations(values, split)
            self._arrays[split] = labels, values[order]

    def width(self, layer: str) -> int:
        """Return the number of neurons."""
        return self._arrays["train"][1].shape[1]

    def labels(self, split: str) -> np.ndarray:
        """Return the labels of a split, (N,), ascending."""
        return self._arrays[split][0]

    def counts(self, split: str) -> np.ndarray:
        """Return the samples per class, (C,)."""
        return np.bincount(self.labels(split))

    def blocks(self, split: str, layer: str) -> Iterator[tuple[int, np.ndarray]]:
        """Yield (first row, activations float32 (B, n))."""
        values = self._arrays[split][1]
        for start in range(0, len(values), BLOCK_ROWS):
            yield start, values[start : start + BLOCK_ROWS]

    def class_blocks(self, split: str, layer: str) -> Iterator[tuple[int, np.ndarray]]:
        """Yield (class, activations float32 (B, n)); every block holds rows of one class."""
        bounds = np.cumsum([0, *self.counts(split)])
        for c, (start, stop) in enumerate(zip(bounds, bounds[1:])):
            yield c, self._arrays[split][1][start:stop]


def measure(name: str | Callable, labels, activations, test: tuple | None = None, top_neurons: int = 50, **options):
    """Return a measure of the panel on one layer: a number, or numbers by name where it gives several.

    Parameters
    ----------
    name : of the panel (`neurons.measures.panel.PANEL`), of those that take a layer or its graph; or a function of your own,
        which is called with the layer.
    labels, activations : of the training samples, (N,) from 0 and (N, n), in any order of rows.
    test : labels and activations of test samples, which the linear probe is judged on.
    top_neurons : neurons per class in the graph.
    options : the measure's own keywords.

    Raises
    ------
    InputError
        If the name is unknown, or of a measure of something else than activations, or the arrays are not as they should be.
    """
    chosen = Measure(name.__name__, "dump", name) if callable(name) else choose(PANEL, name, "measure")
    if chosen.inputs not in ("dump", "graph"):
        where = f"{chosen.function.__module__}.{chosen.function.__name__}"
        raise InputError(f"measure {name}: it takes no activations; call {where} with its own arguments")
    dump = ArrayDump({"train": (labels, activations)} | ({"test": test} if test is not None else {}))
    layer = Layer(dump, NAME)
    if chosen.inputs == "dump":
        return chosen.function(layer, **options)
    blocks = partial(dump.class_blocks, "train", NAME)
    return chosen.function(activation_graph(blocks, layer.counts, layer.width, top_neurons), layer, **options)
