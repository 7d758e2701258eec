"""Activation probabilities of a trained model's neurons (section 5.2 of "Leveraging Neuron Activation Patterns").

Two passes over a dump: one for P, one for P U* and the likelihood of U*. What they give lies in one HDF5 file:

/                    attributes: run, seed, iteration, epoch, classes, layers (all of the dump's), choices (labels)
/probability/{layer} (C, n) float64, P of the layer (Eq. 14)
/{split}             `train` and, where the dump has it, `test`; rows as in the dump
    labels           (N,) integers from 0
    index            (N,) sample numbers in the data set
    probabilities    (N, C) float32, Y_predicted
    agreement/{choice}  (N, C) float32, P U* over the layers of a choice; attribute: its layers
    likelihood/{choice} (N, C) float32, log-likelihood of U* in nats under each class's P; `test` only
"""

from dataclasses import dataclass

import h5py
import numpy as np

from neurons.core.blocks import count_rows
from neurons.core.errors import InputError, nearest
from neurons.core.hdf5 import create_hdf5, open_hdf5
from neurons.data.dataset import SPLITS
from neurons.dumps.format import Dump

LAST = {"last1": 1, "last2": 2}
METHODS = ("base", "pattern", "proposed", "auxiliary", "control")  # whose accuracies are compared
Choice = str | list[str]


def choice_label(choice: Choice) -> str:
    """Return the name of a layer choice in tables: `all`, `last2`, `last1`, or the layers joined by '+'."""
    return choice if isinstance(choice, str) else "+".join(choice)


def chosen_layers(choice: Choice, layers: list[str]) -> list[str]:
    """Return the layers of a choice, in the model's order.

    Raises
    ------
    InputError
        If a listed layer is none of the model's.
    """
    if isinstance(choice, str):
        return layers if choice == "all" else layers[-LAST[choice] :]
    for name in choice:
        if name not in layers:
            hint = nearest(name, layers, "layers")
            raise InputError(f"auxiliary.layers: the model has no hidden layer '{name}'{hint}")
    return [name for name in layers if name in choice]


def activation_probability(dump: Dump, layer: str) -> np.ndarray:
    """Return P (Eq. 14) of a layer, (C, n): the share of each class's training samples that activate a neuron."""
    active = np.zeros((len(dump.classes), dump.width(layer)), np.int64)
    for c, block in dump.class_blocks("train", layer):
        active[c] += count_rows(block > 0)
    return active / dump.counts("train")[:, None]


def pattern_scores(active: np.ndarray, probability: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return P U* and the log-likelihood of U* (nats) per class, both (B, C), of patterns U* (Eq. 15), bool (B, n).

    The likelihood is that of independent Bernoulli P, the sum over neurons of u log p + (1 - u) log(1 - p). The shares
    are taken as (active + 1/2) / (samples + 1), so that a neuron never (or always) active in training does not rule a
    class out.
    """
    pattern = active.astype(np.float64)
    smooth = (probability * counts[:, None] + 0.5) / (counts[:, None] + 1)
    odds, base = np.log(smooth) - np.log1p(-smooth), np.log1p(-smooth).sum(axis=1)
    return pattern @ probability.T, pattern @ odds.T + base


def proposed(agreement: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return Y_proposed (Eq. 16), (N, C): P U* times Y_predicted, normalised to sum 1.

    A sample that activates no neuron of any class has no pattern to judge by and keeps Y_predicted.
    """
    product = agreement * predicted.astype(np.float64)
    total = product.sum(axis=1, keepdims=True)
    return np.where(total > 0, product / np.where(total > 0, total, 1), predicted)


def _write_scores(dump: Dump, split: str, group, probability: dict, choices: dict[str, list[str]]) -> None:
    """Write agreement and, of the test split, likelihood of every choice, (N, C) each; every layer is read once."""
    kinds = ("agreement", "likelihood") if split == "test" else ("agreement",)
    shape, counts = (len(dump.labels(split)), len(dump.classes)), dump.counts("train")
    targets = {
        (kind, label): group.create_dataset(f"{kind}/{label}", shape, np.float32) for kind in kinds for label in choices
    }
    for label, names in choices.items():
        targets["agreement", label].attrs["layers"] = names
    for rows, blocks in dump.row_blocks(split, list(probability)):
        scores = {layer: pattern_scores(block > 0, probability[layer], counts) for layer, block in blocks.items()}
        for (kind, label), target in targets.items():
            target[rows] = sum(scores[layer][kind == "likelihood"] for layer in choices[label])


def write_patterns(dump_path, output, choices: list[Choice]) -> None:
    """Write P, P U* and the likelihood of U* of one dump, for every layer choice.

    Raises
    ------
    InputError
        If the dump is damaged, or a choice names a layer that it does not have.
    """
    with Dump(dump_path) as dump, create_hdf5(output) as file:
        layers = {choice_label(choice): chosen_layers(choice, dump.layers) for choice in choices}
        file.attrs.update(dump.attributes() | {"choices": list(layers)})
        used = [name for name in dump.layers if any(name in names for names in layers.values())]
        probability = {layer: activation_probability(dump, layer) for layer in used}
        for layer, values in probability.items():
            file[f"probability/{layer}"] = values
        for split in dump.splits:
            group, n = file.create_group(split), len(dump.labels(split))
            group["labels"], group["index"] = dump.labels(split), dump.index(split)
            predicted = group.create_dataset("probabilities", (n, len(dump.classes)), np.float32)
            for start, block in dump.probabilities(split):
                predicted[start : start + len(block)] = block
            _write_scores(dump, split, group, probability, layers)


@dataclass(frozen=True)
class SplitPatterns:
    """A split's rows: labels (N,), Y_predicted (N, C), and by layer choice P U* and log-likelihoods, each (N, C).

    Log-likelihoods are there for the test split only.
    """

    labels: np.ndarray
    predicted: np.ndarray
    agreement: dict[str, np.ndarray]
    likelihood: dict[str, np.ndarray]


@dataclass(frozen=True)
class Patterns:
    """What `write_patterns` wrote for one iteration: P (C, n) by layer, the layers of every choice, and the splits."""

    iteration: int
    classes: list[str]
    layers: dict[str, list[str]]
    probability: dict[str, np.ndarray]
    splits: dict[str, SplitPatterns]


def _read_split(group: h5py.Group, choices: list[str]) -> SplitPatterns:
    scores = [
        {label: group[f"{name}/{label}"][:] for label in choices} if name in group else {}
        for name in ("agreement", "likelihood")
    ]
    return SplitPatterns(group["labels"][:], group["probabilities"][:], *scores)


def read_patterns(path) -> Patterns:
    """Read what `write_patterns` wrote.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    with open_hdf5(path) as file:
        choices, classes = (list(map(str, file.attrs[name])) for name in ("choices", "classes"))
        layers = {label: list(map(str, file[f"train/agreement/{label}"].attrs["layers"])) for label in choices}
        splits = {split: _read_split(file[split], choices) for split in SPLITS if split in file}
        used = {name for names in layers.values() for name in names}
        probability = {str(name): file[f"probability/{name}"][:] for name in file.attrs["layers"] if name in used}
        return Patterns(int(file.attrs["iteration"]), classes, layers, probability, splits)
