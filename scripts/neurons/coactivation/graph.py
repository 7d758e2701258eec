"""The co-activation graph: correlations between pixels, neurons and classes over the test samples.

Section 3 of "Towards Explaining Deep Neural Networks Through Graph Analysis". The file of a graph (`graph.h5`):

/                     attributes: run, seed, iteration, epoch, classes, layers (in order: `input`, the hidden ones,
                      `output`), correlation (pearson or spearman), class_value (softmax or logits), samples,
                      zero_variance (neurons without edges), image_shape
/neurons/{layer}      attributes kind (pixel, filter, unit, class), zero_variance; arrays (n,): live (it varies),
                      mean, sd, maximum (of its activation over the samples; of its rank for spearman)
/correlation/{a}/{b}  (n_a, n_b) float32 from -1 to 1, for layer a before b or a = b, but never input by input;
                      NaN where either neuron has zero variance
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import h5py
import numpy as np

from neurons.coactivation.streaming import StreamingCorrelation, best_add_products, regroup
from neurons.core.errors import InputError, choose
from neurons.core.hdf5 import create_hdf5, open_hdf5
from neurons.core.statistics import rank
from neurons.data.dataset import take_rows
from neurons.dumps.format import BLOCK_ROWS, Dump

INPUT, OUTPUT = "input", "output"
SPLIT = "test"


# Which edges are kept, bool (V, V), from whether a node is a hidden neuron, bool (V,).
EDGES = {
    "all": lambda hidden: np.ones((len(hidden), len(hidden)), bool),
    "hidden_class": lambda hidden: hidden[:, None] != hidden,
}


def kind_of(layer: str) -> str:
    """Return what the nodes of a layer are: pixel, class, filter (layers named `conv...`) or unit."""
    named = {INPUT: "pixel", OUTPUT: "class"}
    return named.get(layer) or ("filter" if layer.startswith("conv") else "unit")


def pixel_blocks(images: h5py.Dataset, index: np.ndarray, rows: int) -> Iterator[np.ndarray]:
    """Yield the images of samples `index` (N,) as pixels from 0 to 1, float32 (rows, H * W [* 3]), block by block."""
    for start in range(0, len(index), rows):
        block = take_rows(images, index[start : start + rows])
        yield block.reshape(len(block), -1).astype(np.float32) / np.float32(255)


def neuron_blocks(dump: Dump, rows: int, outputs: np.ndarray | None = None) -> Iterator[np.ndarray]:
    """Yield the hidden activations and classes' values of the test samples side by side, (rows, V) float32.

    The classes' values are `outputs` (N, C) in the order of the dump's rows; without them its probabilities.
    """
    classes = dump.probabilities(SPLIT) if outputs is None else [(0, outputs)]
    streams = [dump.blocks(SPLIT, layer) for layer in dump.layers] + [classes]
    parts = [regroup((block for _, block in stream), rows) for stream in streams]
    for blocks in zip(*parts):
        yield np.concatenate(blocks, axis=1)


def ranked(blocks: Iterator[np.ndarray], rows: int) -> Iterator[np.ndarray]:
    """Yield every column's ranks over all samples (ties averaged) in blocks of `rows`.

    All samples are held in memory at once, 4 bytes a value; sorting takes N log N per column. Ranks are exact in
    float32 up to 2^23 samples.
    """
    values = np.concatenate(list(blocks))
    for column in values.T:
        column[:] = rank(column)
    for start in range(0, len(values), rows):
        yield values[start : start + rows]


# What Pearson's correlation is taken of, by the measure's name.
PREPARED = {"pearson": lambda blocks, rows: blocks, "spearman": ranked}


def correlate(
    neurons: Iterator[np.ndarray], pixels: Iterator[np.ndarray] | None, measure: str, rows: int
) -> StreamingCorrelation:
    """Stream blocks of activations (B, V), and of pixels (B, P) if given, into their correlations."""
    prepared = choose(PREPARED, measure, "coactivation.correlation")
    neurons, pixels = prepared(neurons, rows), pixels and prepared(pixels, rows)
    sums = StreamingCorrelation(best_add_products())
    for block in neurons:
        sums.add(block, next(pixels) if pixels else None)
    return sums


def write_coactivation(
    dump_path,
    data,
    output,
    measure: str = "pearson",
    rows: int = BLOCK_ROWS,
    logits: Callable[[np.ndarray], np.ndarray] | None = None,
) -> None:
    """Write the co-activation graph of a dump's test samples.

    Parameters
    ----------
    data : path of the converted data set, or None to leave out the pixels (a dump made elsewhere).
    measure : pearson, or spearman (memory then grows with samples, see `ranked`).
    rows : samples per block; changes the result by less than 1e-6.
    logits : returns the network's output (N, C) before the softmax for the numbers of test samples (N,), which are then
        the classes' values; without it these are the dump's probabilities.

    Raises
    ------
    InputError
        If the dump has no test samples, or does not fit the data set.
    """
    with Dump(dump_path) as dump:
        if SPLIT not in dump.splits:
            raise InputError(f"{dump_path}: no group '{SPLIT}'; the co-activation graph is built on test samples")
        for name in {INPUT, OUTPUT} & set(dump.layers):
            raise InputError(f"{dump_path}: the layer name '{name}' is taken; rename the layer")
        layers = {layer: dump.width(layer) for layer in dump.layers} | {OUTPUT: len(dump.classes)}
        attributes, outputs = dump.attributes(), None if logits is None else logits(dump.index(SPLIT))
        if data is None:
            sums, shape = correlate(neuron_blocks(dump, rows, outputs), None, measure, rows), ()
        else:
            with open_hdf5(data) as file:
                images, index = file[f"{SPLIT}/images"], dump.index(SPLIT)
                if index.max() >= len(images):
                    raise InputError(f"{dump_path}: sample {index.max()} is not in {data}; dump the activations again")
                shape = images.shape[1:]
                sums = correlate(neuron_blocks(dump, rows, outputs), pixel_blocks(images, index, rows), measure, rows)
    attributes |= {"class_value": "softmax" if logits is None else "logits"}
    attributes |= {"correlation": measure, "samples": sums.neurons.count, "image_shape": list(shape)}
    with create_hdf5(output) as file:
        _write(file, attributes, layers, sums)


def _write(file: h5py.File, attributes: dict, layers: dict[str, int], sums: StreamingCorrelation) -> None:
    among, with_pixels = sums.correlations()
    sides = {layer: (sums.neurons, here) for layer, here in _slices(layers).items()}
    if with_pixels is not None:
        sides = {INPUT: (sums.pixels, slice(None))} | sides
    file.attrs.update(attributes)
    file.attrs["layers"] = list(sides)
    dead = {}
    for layer, (moments, here) in sides.items():
        group, live = file.create_group(f"neurons/{layer}"), moments.live[here]
        dead[layer] = int((~live).sum())
        group.attrs["kind"], group.attrs["zero_variance"] = kind_of(layer), dead[layer]
        group["live"], group["mean"], group["maximum"] = live, moments.mean[here], moments.highest[here]
        group["sd"] = np.sqrt(moments.scatter[here] / moments.count)
        print(f"{layer}: {len(live)} neurons, {dead[layer]} with zero variance and so without edges")
    file.attrs["zero_variance"] = sum(dead.values())
    order = list(layers)
    for i, a in enumerate(order):
        if with_pixels is not None:
            file[f"correlation/{INPUT}/{a}"] = with_pixels[:, sides[a][1]]
        for b in order[i:]:
            file[f"correlation/{a}/{b}"] = among[sides[a][1], sides[b][1]]


def _slices(widths: dict[str, int]) -> dict[str, slice]:
    """Return where each layer's neurons stand when all are put side by side."""
    stops = np.cumsum(list(widths.values())).tolist()
    return {layer: slice(stop - width, stop) for (layer, width), stop in zip(widths.items(), stops)}


@dataclass(frozen=True)
class CoactivationGraph:
    """Hidden neurons and classes of a co-activation graph, in the order of layers, and their edges.

    Attributes
    ----------
    run, seed, iteration, classes, image_shape : what it was built from; no shape without pixels.
    layer, kind, neuron : (V,) layer name, kind and number in the layer of each node.
    live : bool (V,), whether it varies over the samples.
    maximum : (V,) its largest activation.
    weights : (V, V) float32, signed correlations; 0 on the diagonal and where one node does not vary.
    """

    run: str
    seed: int
    iteration: int
    classes: list[str]
    image_shape: tuple[int, ...]
    layer: np.ndarray
    kind: np.ndarray
    neuron: np.ndarray
    live: np.ndarray
    maximum: np.ndarray
    weights: np.ndarray

    @property
    def nodes(self) -> dict[str, np.ndarray]:
        """What names a node: its layer, kind and number, (V,) each."""
        return {"layer": self.layer, "kind": self.kind, "neuron": self.neuron}

    @property
    def hidden(self) -> np.ndarray:
        """Whether a node is a hidden neuron, bool (V,)."""
        return self.kind != "class"

    @property
    def with_classes(self) -> np.ndarray:
        """Correlation of each hidden neuron with each class, (H, C)."""
        return self.weights[self.hidden][:, ~self.hidden]

    def label(self, node: int) -> str:
        """Return the name of a node: the class's own, or layer and number."""
        if self.kind[node] == "class":
            return self.classes[self.neuron[node]]
        return f"{self.layer[node]} {self.neuron[node]}"

    def above(self, threshold: float, edges: str = "all") -> np.ndarray:
        """Return the weights above a threshold of at least 0, and 0 for all others, (V, V) float64.

        `edges`: those among all nodes, or `hidden_class`, between hidden neurons and classes alone.
        """
        kept = choose(EDGES, edges, "coactivation.edges")(self.hidden) & (self.weights > threshold)
        return np.where(kept, self.weights, 0).astype(np.float64)


def read_coactivation(path) -> CoactivationGraph:
    """Read the hidden neurons and classes of a co-activation graph.

    Raises
    ------
    InputError
        If the file is damaged or not of this form.
    """
    with open_hdf5(path) as file:
        if "correlation" not in file or "layers" not in file.attrs:
            raise InputError(f"{path}: not a co-activation graph; delete it and run again")
        order = [str(layer) for layer in file.attrs["layers"] if layer != INPUT]
        groups = [file[f"neurons/{layer}"] for layer in order]
        widths = {layer: len(group["live"]) for layer, group in zip(order, groups)}
        slices = _slices(widths)
        weights = np.empty((sum(widths.values()),) * 2, np.float32)
        for i, a in enumerate(order):
            for b in order[i:]:
                block = np.nan_to_num(file[f"correlation/{a}/{b}"][:], nan=0.0)
                weights[slices[a], slices[b]], weights[slices[b], slices[a]] = block, block.T
        np.fill_diagonal(weights, 0)
        return CoactivationGraph(
            run=str(file.attrs["run"]),
            seed=int(file.attrs["seed"]),
            iteration=int(file.attrs["iteration"]),
            classes=list(map(str, file.attrs["classes"])),
            image_shape=tuple(map(int, file.attrs["image_shape"])),
            layer=np.repeat(order, list(widths.values())),
            kind=np.repeat([str(group.attrs["kind"]) for group in groups], list(widths.values())),
            neuron=np.concatenate([np.arange(width) for width in widths.values()]),
            live=np.concatenate([group["live"][:] for group in groups]),
            maximum=np.concatenate([group["maximum"][:] for group in groups]),
            weights=weights,
        )


def read_pixels(path) -> np.ndarray:
    """Read the correlation of every pixel with every hidden neuron and class, (P, V) float32, NaN where one is constant.

    Raises
    ------
    InputError
        If the graph was built without pixels.
    """
    with open_hdf5(path) as file:
        first, *others = map(str, file.attrs["layers"])
        if first != INPUT:
            raise InputError(f"{path}: built without pixels, so there is no heat map to draw")
        return np.concatenate([file[f"correlation/{INPUT}/{layer}"][:] for layer in others], axis=1)
