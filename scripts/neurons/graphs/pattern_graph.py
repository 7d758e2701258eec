"""The activation pattern graph of a layer (Eqs. 6 and 7 of "On the Evolution of Neuron Communities")."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from neurons.core.blocks import count_rows
from neurons.core.errors import REBUILD, InputError, choose
from neurons.core.hdf5 import create_hdf5, open_hdf5
from neurons.dumps.format import ClassBlocks, Dump

# By what a class's neurons can be ranked: arrays (C, n), the first decides, the next where it ties. They are made of the
# sum of the activations per class, the number of samples with activation above 0, both (C, n), and the samples (C, 1).
RANKINGS = {
    "mean": lambda total, active, counts: (total / counts,),
    "frequency": lambda total, active, counts: (active / counts, total / counts),
    "active_mean": lambda total, active, counts: (total / np.maximum(active, 1),),
}

STORED = ("adjacency", "neurons", "membership", "mean_activation", "high_samples")  # of each layer's graph in a file


@dataclass(frozen=True)
class ActivationGraph:
    """A layer's activation pattern graph.

    Attributes
    ----------
    adjacency : (V, V) symmetric, zero diagonal; sum over classes of the share of samples that activate both neurons.
    neurons : (V,) numbers of the vertices in the layer, ascending.
    membership : bool (C, V), whether a vertex is among a class's top neurons.
    mean_activation : (C, V), V_i of Eq. 6.
    high_samples : int (C, V), samples of a class that activate a neuron of its set above `mean_activation`; 0 elsewhere.
    samples : int (C,), samples of each class.
    """

    adjacency: np.ndarray
    neurons: np.ndarray
    membership: np.ndarray
    mean_activation: np.ndarray
    high_samples: np.ndarray
    samples: np.ndarray


def floor32(values: np.ndarray) -> np.ndarray:
    """Return the largest float32 not above each float64 value, so that `v > value` is exact for float32 `v`."""
    rounded = values.astype(np.float32)
    return np.where(rounded > values, np.nextafter(rounded, np.float32(-np.inf)), rounded)


def class_sums(blocks: Iterable[tuple[int, np.ndarray]], classes: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the sum of the activations and the number of samples with activation above 0, per class, both (C, n).

    `blocks` yields (class, activations (B, n)).
    """
    total, active = np.zeros((classes, n)), np.zeros((classes, n))
    for c, block in blocks:
        total[c] += block.sum(axis=0, dtype=np.float64)
        active[c] += count_rows(block > 0)
    return total, active


def select_neurons(scores: Sequence[np.ndarray], top: int) -> np.ndarray:
    """Return, per class, the `top` neurons of largest score: (C, min(top, n)), ascending.

    `scores` are (C, n) each: a tie of one is broken by the next, and a tie of all goes to the lower number.
    """
    order = np.lexsort([-score for score in reversed(scores)], axis=1)
    return np.sort(order[:, :top], axis=1)


def co_activation(blocks: Iterable[tuple[int, np.ndarray]], mean: np.ndarray, selected: np.ndarray) -> np.ndarray:
    """Return per class the number of samples in which both neurons exceed their own mean, (C, S, S).

    Counts are float32 products of 0 and 1 within a block (exact below 2^24 rows) summed in float64.
    """
    threshold = floor32(np.take_along_axis(mean, selected, axis=1))
    together = np.zeros((*selected.shape, selected.shape[1]))
    for c, block in blocks:
        high = (block[:, selected[c]] > threshold[c]).astype(np.float32)
        together[c] += high.T @ high
    return together


def activation_graph(
    blocks: ClassBlocks, counts: np.ndarray, n: int, top: int = 50, select_by: str = "mean"
) -> ActivationGraph:
    """Build the activation pattern graph of a layer in two passes over its activations.

    Parameters
    ----------
    blocks : returns a new iterator of (class, activations float32 (B, n)) at each call.
    counts : samples per class, (C,), each above 0.
    n : neurons of the layer.
    top : neurons per class, |S|; all are taken where there are fewer.
    select_by : 'mean' (Eq. 6), 'frequency' (share of the class's samples with activation above 0, ties by the mean: the
        released settings) or 'active_mean' (mean over the class's samples with activation above 0: the released code).
    """
    ranking = choose(RANKINGS, select_by, "graph.select_by")
    total, active = class_sums(blocks(), len(counts), n)
    mean = total / counts[:, None]
    selected = select_neurons(ranking(total, active, counts[:, None]), top)
    neurons = np.unique(selected)
    adjacency = np.zeros((len(neurons), len(neurons)))
    membership = np.zeros((len(counts), len(neurons)), bool)
    high = np.zeros(membership.shape, np.int64)
    for c, together in enumerate(co_activation(blocks(), mean, selected)):
        vertices = np.searchsorted(neurons, selected[c])
        adjacency[np.ix_(vertices, vertices)] += together / counts[c]  # a_i of Eq. 7
        high[c, vertices] = np.diag(together)
        membership[c, vertices] = True
    np.fill_diagonal(adjacency, 0)
    return ActivationGraph(adjacency, neurons, membership, mean[:, neurons], high, np.asarray(counts))


def write_graphs(dump_path, output, top: int, select_by: str) -> None:
    """Write the graph of every layer of a dump to HDF5: a group per layer, as in the output contract, and the root
    attribute `samples` (C,), on how many samples of each class it rests.

    A layer with fewer than `top` neurons gives all it has, with a warning on standard output.
    """
    with Dump(dump_path) as dump, create_hdf5(output) as file:
        counts = dump.counts("train")
        file.attrs["layers"], file.attrs["classes"], file.attrs["samples"] = dump.layers, dump.classes, counts
        for layer in dump.layers:
            n = dump.width(layer)
            if n < top:
                print(f"warning: layer {layer} has {n} neurons, fewer than graph.top_neurons {top}: all are taken")
            graph = activation_graph(partial(dump.class_blocks, "train", layer), counts, n, top, select_by)
            group = file.create_group(layer)
            group.attrs["top_neurons"], group.attrs["n_neurons"] = min(top, n), n
            for name in STORED:
                group[name] = getattr(graph, name)


def read_graphs(path) -> dict[str, ActivationGraph]:
    """Read the graphs of all layers of one iteration, by layer name in order.

    Raises
    ------
    InputError
        If the file was made by a version that stored less.
    """
    with open_hdf5(path) as file:
        if "samples" not in file.attrs or any("high_samples" not in file[layer] for layer in file.attrs["layers"]):
            raise InputError(f"{path}: made by an older version; {REBUILD}")
        layers, samples = file.attrs["layers"], file.attrs["samples"]
        return {layer: ActivationGraph(*(file[layer][name][:] for name in STORED), samples) for layer in layers}


def read_classes(path) -> list[str]:
    """Read the class names that a file of graphs was made with."""
    with open_hdf5(path) as file:
        return list(map(str, file.attrs["classes"]))
