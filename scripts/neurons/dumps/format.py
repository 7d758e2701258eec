"""Activation dumps: the HDF5 form, written and read in blocks of rows so that memory does not grow with samples.

/                attributes: run, seed, iteration, epoch, classes, layers (in order), config_digest, and
                 samples_per_class where a subset of the data set was dumped
/{split}         `train` and, optionally for imported dumps, `test`; rows sorted by class
    labels       (N,) integers from 0
    index        (N,) sample numbers in the data set
    probabilities (N, C) float32, softmax outputs
    layers/{layer} (N, n) float32 or float16, outputs of the layer's ReLU
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import h5py
import hdf5plugin  # noqa: F401 (registers the filters that dumps are read with)
import numpy as np

from neurons.core.errors import InputError, choose
from neurons.core.hdf5 import create_hdf5, open_hdf5
from neurons.data.dataset import SPLITS, check_labels
from neurons.dumps import checks

BLOCK_ROWS = 1024
CHUNK_BYTES = 2**21
# Returns a new iterator of (class, activations (B, n)) at each call; every block holds rows of one class.
ClassBlocks = Callable[[], Iterable[tuple[int, np.ndarray]]]
DTYPES = {"float32": np.float32, "float16": np.float16}
ATTRIBUTES = ("run", "seed", "iteration", "epoch", "classes", "layers")


def chunk_rows(rows: int, width: int) -> int:
    """Return the rows per HDF5 chunk for a float32 layer of `width` neurons: about 2 MiB, at most `BLOCK_ROWS`."""
    return max(1, min(rows, BLOCK_ROWS, max(64, CHUNK_BYTES // (4 * width))))


@contextmanager
def create(path, attributes: dict, layers: dict[str, int], dtype: str, threads: int = 1):
    """Open a new dump for writing, compressed on so many threads; yield `add(split, labels, index, blocks)`.

    `blocks` yields, block by block of `BLOCK_ROWS` rows, a list of activations (B, n) in the order of `layers` and the
    class probabilities (B, C). A block with a value that no ReLU or softmax gives ends the writing with InputError.
    """
    from neurons.dumps.chunks import COMPRESSION, Rows, chunk_writer  # only writers pay for its imports

    number = choose(DTYPES, dtype, "dumps.dtype")

    def add(split: str, labels: np.ndarray, index: np.ndarray, blocks) -> None:
        group = file.create_group(split)
        group["labels"], group["index"] = labels, index
        n, n_classes = len(labels), len(attributes["classes"])

        def array(name: str, width: int, dtype) -> h5py.Dataset:
            chunks = (chunk_rows(n, width), width)
            return group.create_dataset(name, (n, width), dtype, chunks=chunks, **COMPRESSION)

        probabilities = array("probabilities", n_classes, np.float32)
        targets = [array(f"layers/{name}", width, number) for name, width in layers.items()]
        # All of a split is written before the next one begins: the file's bytes do not depend on the threads.
        start = 0
        with chunk_writer(threads) as put:
            *targets, probabilities = (Rows(dataset, put) for dataset in (*targets, probabilities))
            for activations, outputs in blocks:
                for name, target, values in zip(layers, targets, activations):
                    values = values.astype(number, copy=False)
                    checks.check_activations(values, f"{path}: {split}, layer {name}")
                    target.append(values)
                checks.check_probabilities(outputs, f"{path}: {split}", start)
                probabilities.append(outputs)
                start += len(outputs)
            if start != n:
                raise InputError(f"{path}: {split}: {start} rows of activations for {n} labels")
            for target in (*targets, probabilities):
                target.flush()

    with create_hdf5(path) as file:
        file.attrs.update(attributes | {"layers": list(layers)})
        yield add


class Dump:
    """A dump opened for reading.

    Attributes
    ----------
    path : where it lies.
    classes, layers : names, in order.
    run, seed, epoch, iteration : what it was taken of, and when.
    running_accuracy : that of training, None where the dump's maker did not record it.

    Raises
    ------
    InputError
        When opened, if the file is damaged or not of this form; when read, if an activation is not finite or negative,
        or probabilities are none.
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
        self.run = checks.text_of(checks.read_attribute(self._file, "run", self.path))
        self.seed, self.iteration, self.epoch = (
            checks.read_number(self._file, key, self.path) for key in ("seed", "iteration", "epoch")
        )
        self.classes, self.layers = (checks.read_names(self._file, key, self.path) for key in ("classes", "layers"))
        self.running_accuracy = checks.read_share(self._file, "running_accuracy", self.path)
        self.splits = [split for split in SPLITS if isinstance(self._file.get(split), h5py.Group)]
        if "train" not in self.splits:
            raise InputError(f"{self.path}: not an activation dump: the group 'train' is missing")
        for split in self.splits:
            self._check_split(split)

    def _check_split(self, split: str) -> None:
        group, where = self._file[split], f"{self.path}: {split}"
        checks.check_label_count(checks.check_array(group, "labels", "iu", (None,), where), where)
        labels = self.labels(split)
        check_labels(labels, len(self.classes), where)
        if np.any(np.diff(labels) < 0):
            raise InputError(f"{where}: rows are not sorted by class; sort all arrays of the split by label")
        checks.check_array(group, "index", "iu", (len(labels),), where)
        checks.check_array(group, "probabilities", "f", (len(labels), len(self.classes)), where)
        for layer in self.layers:
            data = checks.check_array(group, f"layers/{layer}", "f", (len(labels), None), where)
            if not data.shape[1]:
                raise InputError(f"{where}/layers/{layer}: no neurons; leave the layer out")
            if data.shape[1] != self.width(layer):
                raise InputError(f"{where}/layers/{layer}: {data.shape[1]} neurons, but {self.width(layer)} in train")

    def _read(self, dataset: h5py.Dataset, rows: slice = slice(None)) -> np.ndarray:
        try:
            return dataset[rows]
        except OSError as error:
            raise InputError(
                f"{self.path}: {dataset.name} is damaged ({error}); delete the file and run again"
            ) from None

    def labels(self, split: str) -> np.ndarray:
        """Return the labels of a split, (N,), ascending."""
        return self._read(self._file[f"{split}/labels"]).astype(np.int64, casting="same_kind")

    def index(self, split: str) -> np.ndarray:
        """Return the sample numbers of a split's rows in the data set, (N,)."""
        return self._read(self._file[f"{split}/index"])

    def attributes(self) -> dict:
        """Return the root attributes that say what the dump is of."""
        return {name: getattr(self, name) for name in ATTRIBUTES}

    def counts(self, split: str) -> np.ndarray:
        """Return the samples per class, (C,)."""
        return np.bincount(self.labels(split), minlength=len(self.classes))

    def width(self, layer: str) -> int:
        """Return the number of neurons of a layer."""
        return self._file[f"train/layers/{layer}"].shape[1]

    def _together(self, split: str, names: list[str]) -> Iterator[tuple[slice, list[np.ndarray]]]:
        """Yield (rows, float32 (B, n) each) over some arrays of a split, no fewer rows than a chunk at once."""
        datasets = [self._file[f"{split}/{name}"] for name in names]
        step = max(dataset.chunks[0] if dataset.chunks else BLOCK_ROWS for dataset in datasets)
        for start in range(0, len(datasets[0]), step):
            rows = slice(start, start + step)
            yield rows, [self._read(dataset, rows).astype(np.float32, copy=False) for dataset in datasets]

    def blocks(self, split: str, layer: str) -> Iterator[tuple[int, np.ndarray]]:
        """Yield (first row, activations float32 (B, n)) over a layer, a chunk at a time."""
        for rows, blocks in self.row_blocks(split, [layer]):
            yield rows.start, blocks[layer]

    def row_blocks(self, split: str, layers: list[str]) -> Iterator[tuple[slice, dict[str, np.ndarray]]]:
        """Yield (rows, activations float32 (B, n) by layer) over some layers together, no fewer rows than a chunk at once."""
        for rows, blocks in self._together(split, [f"layers/{layer}" for layer in layers]):
            for layer, block in zip(layers, blocks):
                checks.check_activations(block, f"{self.path}: {split}, layer {layer}")
            yield rows, dict(zip(layers, blocks))

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
        for rows, (block,) in self._together(split, ["probabilities"]):
            checks.check_probabilities(block, f"{self.path}: {split}", rows.start)
            yield rows.start, block
