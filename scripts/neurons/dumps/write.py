"""Running a snapshot over its data set and dumping every hidden neuron's output."""

import h5py
import numpy as np
import torch

from neurons.core.hdf5 import open_hdf5
from neurons.data.dataset import SPLITS, read_labels, take_rows
from neurons.dumps.format import BLOCK_ROWS, create
from neurons.networks.device import pixels
from neurons.networks.snapshots import load_snapshot

SUBSET = 1  # sets the draw of a subset apart from that of mixed labels


def sorted_rows(labels: np.ndarray, per_class: int | None, seed: int, split: str) -> np.ndarray:
    """Return the numbers of a split's samples by class, ascending within a class: all, or some of each class.

    Parameters
    ----------
    labels : (N,) classes from 0.
    per_class : samples of each class, drawn without replacement by the run's seed; a smaller class gives all that it has.
        A larger number takes these and more.

    Returns
    -------
    (M,) sample numbers, M = N without `per_class`.
    """
    order = np.argsort(labels, kind="stable")
    if per_class is None:
        return order
    draw = np.random.default_rng([seed, SPLITS.index(split), SUBSET])
    members = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    return np.concatenate([np.sort(draw.permutation(numbers)[:per_class]) for numbers in members])


@torch.inference_mode()
def _forward(model, images: h5py.Dataset, order: np.ndarray, device):
    """Yield the hidden activations and class probabilities of `images[order]`, block by block."""
    for start in range(0, len(order), BLOCK_ROWS):
        block = take_rows(images, order[start : start + BLOCK_ROWS])
        parts = []
        # A large model takes fewer images at once than a dump's block holds; the averages leave the device.
        for images_here in torch.from_numpy(block).split(getattr(model, "block", BLOCK_ROWS)):
            layers, logits = model.activations(pixels(images_here.to(device)))
            parts.append([values.cpu().numpy() for values in (*layers, logits.softmax(1))])
        *layers, probabilities = (np.concatenate(values) for values in zip(*parts))
        yield layers, probabilities


def dump(snapshot, data, settings: dict, digest: str, output, device, threads: int = 1) -> None:
    """Write the activation dump of one snapshot: both splits, or `dumps.samples_per_class` of each, rows sorted by class
    (stable in the sample number).

    Parameters
    ----------
    snapshot, data, output : paths of the snapshot, the converted data set and the dump to write.
    settings : the run's settings; `model`, `labels` and `dumps` are used.
    digest : digest of the settings, kept as an attribute.
    threads : threads that compress while the network runs.

    Raises
    ------
    InputError
        If the snapshot is damaged or of another architecture, or an activation is not finite.
    """
    with open_hdf5(data) as file:
        model, state = load_snapshot(snapshot, file, settings, device)
        classes = [str(name) for name in file.attrs["classes"]]
        attributes = {key: state[key] for key in ("run", "seed", "iteration", "epoch")}
        attributes |= {"classes": classes, "config_digest": digest}
        per_class = settings["dumps"].get("samples_per_class")
        if per_class is not None:
            attributes["samples_per_class"] = per_class
        with create(output, attributes, model.layer_widths(), settings["dumps"]["dtype"], threads) as add:
            for split in SPLITS:
                labels = read_labels(file, split, settings["labels"], state["seed"])
                order = sorted_rows(labels, per_class, state["seed"], split)
                add(split, labels[order], order, _forward(model, file[f"{split}/images"], order, device))
