"""One layer of a dump as the measures see it: passes over its rows, and the sums that several measures share."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neurons.core.blocks import count_rows
from neurons.data.dataset import stratified_rows
from neurons.dumps.format import Dump


@dataclass(frozen=True)
class Moments:
    """Sums over all samples of a layer's training activations v, N samples, n neurons, C classes.

    Attributes
    ----------
    counts : (C,) samples per class.
    sums : (C, n) sums of v per class.
    active : (C, n) samples of each class with v > 0.
    scatter : (n, n) sum over samples of (v - mean)(v - mean)'; its diagonal is exactly 0 for a constant neuron.
    """

    counts: np.ndarray
    sums: np.ndarray
    active: np.ndarray
    scatter: np.ndarray

    @property
    def class_means(self) -> np.ndarray:
        """Mean activation per class, (C, n)."""
        return self.sums / self.counts[:, None]

    @property
    def mean(self) -> np.ndarray:
        """Mean activation over all samples, (n,)."""
        return self.sums.sum(axis=0) / self.counts.sum()

    @property
    def live(self) -> np.ndarray:
        """Whether a neuron ever fires, bool (n,)."""
        return self.active.any(axis=0)

    @cached_property
    def spectrum(self) -> np.ndarray:
        """Singular values of the centred activations, (n,), falling; 0 where they are no more than rounding."""
        values = np.linalg.eigvalsh(self.scatter)[::-1]
        rounding = len(values) * np.finfo(float).eps * max(values[0], 0)
        return np.sqrt(np.where(values > rounding, values, 0))


class Layer:
    """A layer of an opened dump.

    Attributes
    ----------
    name : of the layer.
    dump : the dump; `dump.splits` says which splits it has.
    width : neurons, n.
    counts : training samples per class, (C,).
    moments : sums over the training split, made in one pass when first asked for.
    """

    def __init__(self, dump: Dump, name: str):
        self.dump, self.name = dump, name
        self.width, self.counts = dump.width(name), dump.counts("train")

    def blocks(self, split: str = "train") -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield (labels (B,) ascending, activations float32 (B, n)), a chunk of rows at a time."""
        labels = self.dump.labels(split)
        for start, block in self.dump.blocks(split, self.name):
            yield labels[start : start + len(block)], block

    @cached_property
    def moments(self) -> Moments:
        """Pass once over the training split; products and sums in float64."""
        n, n_classes = self.width, len(self.counts)
        sums, active = np.zeros((n_classes, n)), np.zeros((n_classes, n), np.int64)
        products, shifted, origin = np.zeros((n, n)), np.zeros(n), None
        for labels, block in self.blocks():
            for c in range(labels[0], labels[-1] + 1):
                of_class = block[slice(*np.searchsorted(labels, [c, c + 1]))]
                sums[c] += of_class.sum(axis=0, dtype=np.float64)
                active[c] += count_rows(of_class > 0)
            values = block.astype(np.float64)
            # Shifted by the first sample, so that a constant neuron's deviations are exactly 0.
            origin = values[0].copy() if origin is None else origin
            values -= origin
            products += values.T @ values
            shifted += values.sum(axis=0)
        scatter = products - np.outer(shifted, shifted) / self.counts.sum()
        return Moments(self.counts, sums, active, scatter)


def sample(layer: Layer, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return labels (S,) and float64 activations (S, n) of about `size` training samples, stratified by class."""
    rows, start, values = stratified_rows(layer.counts, size, seed), 0, []
    for _, block in layer.blocks():
        inside = rows[slice(*np.searchsorted(rows, [start, start + len(block)]))] - start
        values.append(block[inside].astype(np.float64))
        start += len(block)
    return layer.dump.labels("train")[rows], np.concatenate(values)
