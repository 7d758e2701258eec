"""Activation dumps: the HDF5 form, written and read in blocks of rows so that memory does not grow with samples.

/                attributes: run, seed, iteration, epoch, classes, layers (in order), config_digest
/{split}         `train` and, optionally for foreign dumps, `test`; rows sorted by class
    labels       (N,) integers from 0
    index        (N,) sample numbers in the data set
    probabilities (N, C) float32, softmax outputs
    layers/{layer} (N, n) float32 or float16, outputs of the layer's ReLU
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import h5py
import hdf5plugin
import numpy as np

from neurons.datasets import SPLITS, check_labels
from neurons.errors import InputError
from neurons.hdf5 import create_hdf5, open_hdf5

BLOCK_ROWS = 1024
CHUNK_BYTES = 2**21
# Measured on MNIST's ReLU outputs (benchmarks/README.md): level 1 without shuffling is as small as level 3
# and faster, and both beat gzip, lzf, lz4 and every shuffled filter in size.
COMPRESSION = hdf5plugin.Zstd(clevel=1)
# Returns a new iterator of (class, activations (B, n)) at each call; every block holds rows of one class.
ClassBlocks = Callable[[], Iterable[tuple[int, np.ndarray]]]
ATTRIBUTES = ("run", "seed", "iteration", "epoch", "classes", "layers")


def chunk_rows(rows: int, width: int) -> int:
    """Return the rows per HDF5 chunk for a float32 layer of `width` neurons: about 2 MiB, at most `BLOCK_ROWS`."""
    return max(1, min(rows, BLOCK_ROWS, max(64, CHUNK_BYTES // (4 * width))))


@contextmanager
def create(path, attributes: dict, layers: dict[str, int], dtype: str):
    """Open a new dump for writing; yield `add(split, labels, index, blocks)`.

    `blocks` yields, block by block of `BLOCK_ROWS` rows, a list of activations (B, n) in the order of `layers` and the
    class probabilities (B, C). A block with a value that is not finite ends the writing with InputError.
    """

    def add(split: str, labels: np.ndarray, index: np.ndarray, blocks) -> None:
        group = file.create_group(split)
        group["labels"], group["index"] = labels, index
        n, n_classes = len(labels), len(attributes["classes"])
        shape = (n, n_classes)
        probabilities = group.create_dataset(
            "probabilities", shape, np.float32, chunks=(chunk_rows(n, n_classes), n_classes), **COMPRESSION
        )
        targets = [
            group.create_dataset(
                f"layers/{name}", (n, width), dtype, chunks=(chunk_rows(n, width), width), **COMPRESSION
            )
            for name, width in layers.items()
        ]
        start = 0
        for activations, outputs in blocks:
            stop = start + len(outputs)
            for name, target, values in zip(layers, targets, activations):
                values = values.astype(dtype, copy=False)
                _check_values(values, f"{path}: {split}, layer {name}")
                target[start:stop] = values
            _check_values(outputs, f"{path}: {split}", "a class probability")
            probabilities[start:stop] = outputs
            start = stop

    with create_hdf5(path) as file:
        for key, value in attributes.items():
            file.attrs[key] = value
        file.attrs["layers"] = list(layers)
        yield add


def _check_values(values: np.ndarray, where: str, what: str = "an activation") -> None:
    """Refuse activations or probabilities that are NaN, infinite or negative, (B, n)."""
    if values.size and not (values.min() >= 0 and np.isfinite(values.max())):
        if np.isnan(values).any():
            kind = "NaN"
        else:
            kind = "infinite (float16 ends at 65504)" if np.isinf(values).any() else "negative (not a ReLU's output)"
        raise InputError(f"{where}: {what} is {kind}; mend the model or the dump")


def _text(value) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


class Dump:
    """A dump opened for reading.

    Attributes
    ----------
    path : where it lies.
    classes, layers : names, in order.
    run, seed, epoch, iteration : what it was taken of, and when.

    Raises
    ------
    InputError
        When opened, if the file is damaged or not of this form; when read, if a value is not finite or negative.
    """

    def __init__(self, path):
        self.path = path
        self._file = open_hdf5(path)
        try:
            self._check()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def _check(self) -> None:
        missing = [name for name in ATTRIBUTES if name not in self._file.attrs]
        if missing:
            raise InputError(f"{self.path}: not an activation dump: the root attribute '{missing[0]}' is missing")
        self.classes, self.layers = self._names("classes"), self._names("layers")
        self.run, self.seed = _text(self._file.attrs["run"]), self._number("seed")
        self.epoch, self.iteration = self._number("epoch"), self._number("iteration")
        self.splits = [split for split in SPLITS if split in self._file]
        if "train" not in self.splits:
            raise InputError(f"{self.path}: not an activation dump: the group 'train' is missing")
        for split in self.splits:
            self._check_split(split)

    def _names(self, key: str) -> list[str]:
        return [_text(name) for name in self._file.attrs[key]]

    def _number(self, key: str) -> int:
        value = self._file.attrs[key]
        if not isinstance(value, int | np.integer):
            raise InputError(f"{self.path}: the root attribute '{key}' is {value!r}, should be a whole number")
        return int(value)

    def _check_split(self, split: str) -> None:
        group, where = self._file[split], f"{self.path}: {split}"
        names = ["labels", "index", "probabilities", *(f"layers/{layer}" for layer in self.layers)]
        missing = [name for name in names if name not in group]
        if missing:
            raise InputError(f"{where}: not an activation dump: '{missing[0]}' is missing")
        if group["labels"].dtype.kind not in "iu" or group["labels"].ndim != 1:
            raise InputError(f"{where}/labels: must be whole numbers, one a row")
        labels = self.labels(split)
        check_labels(labels, len(self.classes), where)
        if np.any(np.diff(labels) < 0):
            raise InputError(f"{where}: rows are not sorted by class; sort all arrays of the split by label")
        if group["probabilities"].shape != (len(labels), len(self.classes)):
            shape = (len(labels), len(self.classes))
            raise InputError(f"{where}/probabilities: shape {group['probabilities'].shape}, should be {shape}")
        for layer in self.layers:
            data = group[f"layers/{layer}"]
            if data.ndim != 2 or len(data) != len(labels) or data.dtype.kind != "f":
                raise InputError(
                    f"{where}/layers/{layer}: {data.dtype} {data.shape}, should be floats ({len(labels)}, neurons)"
                )
            if data.shape[1] != self.width(layer):
                raise InputError(f"{where}/layers/{layer}: {data.shape[1]} neurons, but {self.width(layer)} in train")

    def labels(self, split: str) -> np.ndarray:
        """Return the labels of a split, (N,), ascending."""
        return self._file[f"{split}/labels"][:].astype(np.int64, casting="same_kind")

    def index(self, split: str) -> np.ndarray:
        """Return the sample numbers of a split's rows in the data set, (N,)."""
        return self._file[f"{split}/index"][:]

    def attributes(self) -> dict:
        """Return the root attributes that say what the dump is of."""
        return {name: getattr(self, name) for name in ATTRIBUTES}

    def counts(self, split: str) -> np.ndarray:
        """Return the samples per class, (C,)."""
        return np.bincount(self.labels(split), minlength=len(self.classes))

    def width(self, layer: str) -> int:
        """Return the number of neurons of a layer."""
        return self._file[f"train/layers/{layer}"].shape[1]

    def _rows(self, dataset: h5py.Dataset) -> Iterator[tuple[int, np.ndarray]]:
        step = dataset.chunks[0] if dataset.chunks else BLOCK_ROWS
        for start in range(0, len(dataset), step):
            try:
                yield start, dataset[start : start + step].astype(np.float32, copy=False)
            except OSError as error:
                raise InputError(
                    f"{self.path}: {dataset.name} is damaged ({error}); delete the file and run again"
                ) from None

    def blocks(self, split: str, layer: str) -> Iterator[tuple[int, np.ndarray]]:
        """Yield (first row, activations float32 (B, n)) over a layer, a chunk at a time."""
        for start, block in self._rows(self._file[f"{split}/layers/{layer}"]):
            _check_values(block, f"{self.path}: {split}, layer {layer}")
            yield start, block

    def class_blocks(self, split: str, layer: str) -> Iterator[tuple[int, np.ndarray]]:
        """Yield (class, activations float32 (B, n)) over a layer; every block holds rows of one class."""
        bounds = np.concatenate([[0], np.cumsum(self.counts(split))])
        for start, block in self.blocks(split, layer):
            stop = start + len(block)
            first, last = np.searchsorted(bounds, start, "right") - 1, np.searchsorted(bounds, stop, "left")
            for c in range(first, last):
                yield c, block[max(bounds[c], start) - start : min(bounds[c + 1], stop) - start]

    def probabilities(self, split: str) -> Iterator[tuple[int, np.ndarray]]:
        """Yield (first row, class probabilities float32 (B, C)), a chunk at a time."""
        for start, block in self._rows(self._file[f"{split}/probabilities"]):
            _check_values(block, f"{self.path}: {split}", "a class probability")
            yield start, block

    def running_accuracy(self) -> float | None:
        """Return the running training accuracy if the dump's maker recorded it (optional root attribute)."""
        value = self._file.attrs.get("running_accuracy")
        return None if value is None else float(value)
