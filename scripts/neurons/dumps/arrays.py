"""Writing a dump from arrays in memory, of any framework: for a training loop that is not this workflow's."""

from contextlib import ExitStack, contextmanager

import numpy as np

from neurons.core.errors import InputError
from neurons.data.dataset import check_labels, check_names
from neurons.dumps import format as dump_format


def as_array(values) -> np.ndarray:
    """Return an array of any framework (NumPy, PyTorch on any device, Keras, lists) as a NumPy array."""
    if hasattr(values, "detach"):  # PyTorch: with gradients, or on a GPU
        values = values.detach().cpu()
    return np.asarray(values)


def sorted_labels(labels, classes: int, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Return labels (N,) ascending, and the order of the rows that sorts them (stable).

    Raises
    ------
    InputError
        If they are no whole numbers from 0 below `classes`, or a class has no sample.
    """
    labels = as_array(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise InputError(f"{where}: labels are {labels.dtype} {labels.shape}, should be whole numbers (N,)")
    check_labels(labels, classes, where)
    order = np.argsort(labels, kind="stable")
    return labels[order].astype(np.int64), order


def check_rows(values, rows: int, columns: int | None, where: str) -> np.ndarray:
    """Return numbers as float32 (rows, columns), any number of columns for None.

    Raises
    ------
    InputError
        If they are of another form.
    """
    values = as_array(values)
    if values.ndim != 2 or values.dtype.kind not in "fiub" or len(values) != rows or not values.shape[1]:
        hint = "; average a convolutional map over its positions" if values.ndim > 2 else ""
        raise InputError(f"{where}: {values.dtype} {values.shape}, should be numbers ({rows}, n){hint}")
    if columns is not None and values.shape[1] != columns:
        raise InputError(f"{where}: {values.shape[1]} columns, should be {columns}")
    return values.astype(np.float32, copy=False)


@contextmanager
def create(path, classes, iteration: int, epoch: int | None = None, seed: int = 0, run: str = "imported", **more):
    """Open a new dump for writing; yield `add(split, labels, layers, probabilities, index=None)`.

    `add` is called once for `train` and, if there is one, once for `test`. Rows may come in any order; they are sorted by
    class. The file takes its name when the block ends without an error.

    Parameters
    ----------
    path : `{folder}/{iteration:02d}.h5`; a run's key `activations` then names the folder.
    classes : names of the classes, in the order of their numbers.
    epoch : epochs trained so far; the iteration's number unless it is given.
    more : `dtype` ("float32", "float16") of the activations; `running_accuracy` (0 to 1) while training, where it is known.

    `add` takes labels (N,) from 0, the outputs (N, n) of hidden ReLUs by layer's name, softmax outputs (N, C) and, where
    rows are not numbered as in the data set, their numbers `index` (N,).

    Raises
    ------
    InputError
        If arrays do not fit together, a value is none that a ReLU or softmax gives, or nothing was added.
    """
    names = [str(name) for name in classes]
    check_names(names, f"{path}: class")
    dtype = more.pop("dtype", "float32")
    attributes = {"run": run, "seed": seed, "iteration": iteration, "classes": names}
    attributes |= {"epoch": iteration if epoch is None else epoch} | more
    widths = {}

    with ExitStack() as stack:
        opened = []

        def add(split: str, labels, layers: dict, probabilities, index=None) -> None:
            where = f"{path}: {split}"
            if split != "train" and not opened:
                raise InputError(f"{where}: add the split 'train' first")
            labels, order = sorted_labels(labels, len(names), where)
            n = len(labels)
            layers = {
                name: check_rows(values, n, widths.get(name), f"{where}, layer {name}")
                for name, values in layers.items()
            }
            probabilities = check_rows(probabilities, n, len(names), f"{where}, probabilities")
            if not opened:
                check_names(list(layers), f"{path}: layer")
                widths.update({name: values.shape[1] for name, values in layers.items()})
                opened.append(stack.enter_context(dump_format.create(path, attributes, widths, dtype)))
            if list(layers) != list(widths) or not widths:
                raise InputError(f"{where}: layers {', '.join(layers)}, should be {', '.join(widths) or 'one or more'}")
            numbers = np.arange(n) if index is None else as_array(index)
            if numbers.shape != (n,):
                raise InputError(f"{where}: index has the shape {numbers.shape}, should be ({n},)")
            step = dump_format.BLOCK_ROWS
            rows = (order[start : start + step] for start in range(0, n, step))
            blocks = (([values[r] for values in layers.values()], probabilities[r]) for r in rows)
            opened[0](split, labels, numbers[order], blocks)

        yield add
        if not opened:
            raise InputError(f"{path}: nothing was added; call what `create` gives with the split 'train'")
