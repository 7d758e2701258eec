"""Imported dumps, made by another framework: checking them, and reading the accuracies of a run off them."""

import os
from pathlib import Path

import numpy as np

from neurons.core.errors import InputError
from neurons.core.files import atomic
from neurons.data.dataset import SPLITS
from neurons.dumps.format import Dump
from neurons.training.history import write_history


def _open(folder: Path, iteration: int) -> Dump:
    source = folder / f"{iteration:02d}.h5"
    if not source.is_file():  # a named pipe would be waited for
        raise InputError(f"{source}: no such dump; fix the run's 'activations' or its training.iterations")
    return Dump(source)


def _network(dump: Dump) -> dict[str, str]:
    """Return what all dumps of a run share, as texts by what it is."""
    facts = {
        "classes": ", ".join(dump.classes),
        "layers (neurons)": ", ".join(f"{layer} ({dump.width(layer)})" for layer in dump.layers),
        "splits": ", ".join(dump.splits),
    }
    counts = {f"samples per class in {split}": " ".join(map(str, dump.counts(split))) for split in dump.splits}
    return facts | counts


def check_together(folder, seed: int, iterations: int) -> None:
    """Check that the dumps 1, 2, ... of a folder are of one training: one seed, network and data, epochs that rise.

    Activations are not read.

    Raises
    ------
    InputError
        Naming the first dump that is missing, not of the form, or unlike the first one.
    """
    folder = Path(folder).resolve()
    first, epoch = {}, 0
    for iteration in range(1, iterations + 1):
        with _open(folder, iteration) as dump:
            if dump.iteration != iteration:
                raise InputError(
                    f"{dump.path}: its attribute 'iteration' is {dump.iteration}, its name says {iteration}"
                )
            if dump.seed != seed:
                raise InputError(
                    f"{dump.path}: its attribute 'seed' is {dump.seed}, but it is given for seed {seed}; fix the run's "
                    "'activations' or its 'seeds'"
                )
            if dump.epoch < epoch:
                raise InputError(f"{dump.path}: its epoch {dump.epoch} is before {epoch}, that of the dump before it")
            facts, epoch = _network(dump), dump.epoch
            first = first or facts
            for what in {**first, **facts}:
                if facts.get(what) != first.get(what):
                    raise InputError(
                        f"{dump.path}: {what}: {facts.get(what, 'none')}; 01.h5 has {first.get(what, 'none')}; all dumps "
                        "of a run must be of one network and data set"
                    )


def _labels_by_sample(dump: Dump, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the sample numbers of a split, ascending, and their labels, both (N,)."""
    index = dump.index(split)
    order = np.argsort(index, kind="stable")
    numbers = index[order]
    if numbers[0] < 0:
        raise InputError(f"{dump.path}: {split}/index: {numbers[0]} is no number of a sample; they count from 0")
    repeated = np.flatnonzero(numbers[1:] == numbers[:-1])
    if len(repeated):
        raise InputError(f"{dump.path}: {split}/index: sample {numbers[repeated[0]]} is there twice")
    return numbers, dump.labels(split)[order]


def _check_samples(dump: Dump, first: Dump) -> None:
    """Refuse a dump whose samples, or their labels, are not those of the run's first dump."""
    for split in dump.splits:
        facts = _labels_by_sample(dump, split), _labels_by_sample(first, split)
        for values, expected, what in zip(*facts, ("sample numbers", "labels of samples")):
            if not np.array_equal(values, expected):
                raise InputError(f"{dump.path}: {split}: its {what} are not those of 01.h5; dump the same samples")


def import_dump(folder, seed: int, iteration: int, iterations: int, target) -> None:
    """Check the dump `folder/{iteration}.h5` and that it fits the run's others, and link to it from `target`.

    Since the form of all dumps 1 ... `iterations` is checked first, a run whose dumps do not fit together ends before
    any is measured.

    Raises
    ------
    InputError
        If a dump is missing, damaged, not in the form of `dumps.format` or unlike the others, or this one holds a value
        that no ReLU or softmax gives.
    """
    folder = Path(folder).resolve()
    check_together(folder, seed, iterations)
    with _open(folder, iteration) as dump, _open(folder, 1) as first:
        _check_samples(dump, first)
        for split in dump.splits:
            for _ in dump.probabilities(split):
                pass
            for layer in dump.layers:
                for _ in dump.blocks(split, layer):
                    pass
    with atomic(target) as part:
        part.unlink(missing_ok=True)
        os.symlink(dump.path, part)


def _split_figures(dump: Dump, split: str) -> tuple[float | None, float | None, list]:
    """Return accuracy, mean cross-entropy (nats) and accuracy per class (C) of a split's recorded probabilities."""
    if split not in dump.splits:
        return None, None, [None] * len(dump.classes)
    labels, counts = dump.labels(split), dump.counts(split)
    loss, hits = 0.0, np.zeros(len(counts))
    for start, block in dump.probabilities(split):
        truth = labels[start : start + len(block)]
        chance = block[np.arange(len(truth)), truth].astype(np.float64)
        loss -= np.log(np.maximum(chance, np.finfo(np.float32).tiny)).sum()
        hits += np.bincount(truth[block.argmax(axis=1) == truth], minlength=len(counts))
    return float(hits.sum() / len(labels)), float(loss / len(labels)), (hits / counts).tolist()


def summarise(dumps: list, history, class_accuracy) -> None:
    """Write the history and the class accuracies of an imported run; what a dump does not tell stays empty."""
    rows, class_rows = [], []
    for path in dumps:
        with Dump(path) as dump:
            accuracies, losses, by_class = zip(*(_split_figures(dump, split) for split in SPLITS))
            rows.append((dump.iteration, dump.epoch, dump.running_accuracy, *accuracies, *losses))
            class_rows += [(dump.iteration, c, *shares, None) for c, shares in enumerate(zip(*by_class))]
    write_history(history, rows, class_accuracy, class_rows)
