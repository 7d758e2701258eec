"""Activation pattern entropy (section 5.2 of "On the Evolution of Neuron Communities")."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from neurons.core.blocks import count_rows
from neurons.core.files import write_csv
from neurons.core.memory import check_fits
from neurons.dumps.format import ClassBlocks, Dump

COLUMNS = ("layer", "class", "entropy_bits", "neurons", "live_neurons", "samples")


@dataclass(frozen=True)
class LayerEntropy:
    """Entropy per neuron in bits, over all samples (n,) and over each class's own (C, n); and which ever fire."""

    overall: np.ndarray
    by_class: np.ndarray
    live: np.ndarray
    live_by_class: np.ndarray


def bin_edges(maximum: np.ndarray, bins: int) -> np.ndarray:
    """Return the inner edges of `bins` equal bins over [0, maximum], (bins - 1, ...), float32, for `v >= edge`.

    Each is the smallest float32 not below the edge that `numpy.histogram` computes in float64, so that
    float32 activations fall on the same side of it.
    """
    edges = np.linspace(0.0, maximum.astype(np.float64), bins + 1)[1:-1]
    rounded = edges.astype(np.float32)
    return np.where(rounded < edges, np.nextafter(rounded, np.float32(np.inf)), rounded)


def shannon(histogram: np.ndarray) -> np.ndarray:
    """Return the Shannon entropy in bits of histograms (bins, ...) over the first axis; 0 for an empty histogram."""
    total = histogram.sum(axis=0)
    share = histogram / np.maximum(total, 1)
    return -np.sum(share * np.log2(share, out=np.zeros_like(share), where=share > 0), axis=0) + 0.0


def _maxima(blocks: Iterable[tuple[int, np.ndarray]], n_classes: int, n: int) -> np.ndarray:
    maximum = np.zeros((n_classes, n), np.float32)
    for c, block in blocks:
        np.maximum(maximum[c], block.max(axis=0), out=maximum[c])
    return maximum


def layer_entropy(blocks: ClassBlocks, n_classes: int, n: int, bins: int = 10) -> LayerEntropy:
    """Return the activation pattern entropy of a layer's neurons, in two passes over its activations.

    Of every neuron the non-zero activations are counted in `bins` equal bins over [0, its maximum], the maximum in
    the last bin. Dividing a column by its sum, as the paper does first, moves no value to another bin.

    Parameters
    ----------
    blocks : returns a new iterator of (class, activations float32 (B, n), none negative) at each call.

    Raises
    ------
    InputError
        If the bins take more memory than the machine has.
    """
    size = 8 * (bins - 1) * n * (n_classes + 1) * 3  # counts, edges, shares
    check_fits(size, f"entropy: {bins} bins of {n} neurons and {n_classes} classes", "set entropy.bins to fewer")
    maximum = _maxima(blocks(), n_classes, n)
    edges_all, edges_class = bin_edges(maximum.max(axis=0), bins), bin_edges(maximum, bins)
    nonzero = np.zeros((n_classes, n), np.int64)
    above_all = np.zeros((bins - 1, n), np.int64)  # values at or above each inner edge
    above_class = np.zeros((bins - 1, n_classes, n), np.int64)
    for c, block in blocks():
        nonzero[c] += count_rows(block > 0)
        for k in range(bins - 1):
            above_all[k] += count_rows(block >= edges_all[k])
            above_class[k, c] += count_rows(block >= edges_class[k, c])
    live_by_class = nonzero > 0
    above_class *= live_by_class  # a neuron that never fires has all edges at 0
    live = live_by_class.any(axis=0)
    above_all *= live

    def entropy(total: np.ndarray, above: np.ndarray) -> np.ndarray:
        steps = np.concatenate([total[None], above, np.zeros_like(total)[None]])
        return shannon(-np.diff(steps, axis=0))

    return LayerEntropy(entropy(nonzero.sum(axis=0), above_all), entropy(nonzero, above_class), live, live_by_class)


def write_entropy(dump_path, output, bins: int) -> None:
    """Write the entropies of a dump's training split, summed per layer, for all samples and for each class's own, and
    the number of these samples.
    """
    rows = []
    with Dump(dump_path) as dump:
        counts = dump.counts("train")
        for layer in dump.layers:
            n = dump.width(layer)
            result = layer_entropy(partial(dump.class_blocks, "train", layer), len(dump.classes), n, bins)
            rows.append((layer, "all", float(result.overall.sum()), n, int(result.live.sum()), int(counts.sum())))
            for c, (entropy, live) in enumerate(zip(result.by_class, result.live_by_class)):
                rows.append((layer, c, float(entropy.sum()), n, int(live.sum()), int(counts[c])))
    write_csv(output, COLUMNS, rows)
