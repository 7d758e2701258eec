"""Dumps made by another framework: checking them, and reading the accuracies of a run off them."""

import os
from pathlib import Path

import numpy as np

from neurons.dumps import Dump
from neurons.errors import InputError
from neurons.files import atomic
from neurons.history import write_history


def import_dump(folder, iteration: int, target) -> None:
    """Check the dump `folder/{iteration}.h5` through and through, and link to it from `target`.

    Raises
    ------
    InputError
        If it is missing, damaged, not in the form of `dumps`, or holds a value that no ReLU gives.
    """
    source = Path(folder).resolve() / f"{iteration:02d}.h5"
    if not source.is_file():
        raise InputError(f"{source}: no such dump; mend the run's 'activations' or its training.iterations")
    with Dump(source) as dump:
        if dump.iteration != iteration:
            raise InputError(f"{source}: its attribute 'iteration' is {dump.iteration}, its name says {iteration}")
        for split in dump.splits:
            for layer in dump.layers:
                for _ in dump.blocks(split, layer):
                    pass
    with atomic(target) as part:
        part.unlink(missing_ok=True)
        os.symlink(source, part)


def _split_figures(dump: Dump, split: str) -> tuple[float, float, np.ndarray]:
    """Return accuracy, mean cross-entropy (nats) and accuracy per class (C,) of a split's recorded probabilities."""
    labels, counts = dump.labels(split), dump.counts(split)
    loss, hits = 0.0, np.zeros(len(counts))
    for start, block in dump.probabilities(split):
        own = labels[start : start + len(block)]
        chance = block[np.arange(len(own)), own].astype(np.float64)
        loss -= np.log(np.maximum(chance, np.finfo(np.float32).tiny)).sum()
        hits += np.bincount(own[block.argmax(axis=1) == own], minlength=len(counts))
    return hits.sum() / len(labels), loss / len(labels), hits / counts


def summarise(dumps: list, history, class_accuracy) -> None:
    """Write the history and the class accuracies of an imported run; what a dump does not tell stays empty."""
    nothing = (None, None, None)
    rows, class_rows = [], []
    for path in dumps:
        with Dump(path) as dump:
            train = _split_figures(dump, "train")
            test = _split_figures(dump, "test") if "test" in dump.splits else nothing
            accuracies = (dump.running_accuracy(), float(train[0]), None if test[0] is None else float(test[0]))
            rows.append((dump.iteration, dump.epoch, *accuracies, train[1], test[1]))
            for c in range(len(dump.classes)):
                own_test = None if test[2] is None else float(test[2][c])
                class_rows.append((dump.iteration, c, float(train[2][c]), own_test, None))
    write_history(history, rows, class_accuracy, class_rows)
