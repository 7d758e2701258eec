"""Training a classifier with snapshots at a uniform interval, resumable after a kill."""

import hashlib
import os
from math import ceil, isfinite
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy
from tqdm import trange

from neurons.core.errors import InputError
from neurons.core.hdf5 import open_hdf5
from neurons.core.seeds import epoch_seed
from neurons.data.dataset import SPLITS
from neurons.networks.build import build
from neurons.networks.device import pixels
from neurons.networks.plain import initialise
from neurons.networks.snapshots import load_pretrained
from neurons.training.augmentation import augment
from neurons.training.evaluation import Split, evaluate, per_class, read_split
from neurons.training.history import HISTORY, write_history
from neurons.training.optimisers import make_optimizer, scheduled_rate
from neurons.training.penalty import Penalty
from neurons.training.regularisers import Regulariser
from neurons.training.unfinished import Unfinished


def _batches(n: int, size: int, join_single: bool, device) -> list[torch.Tensor]:
    """Return a random order of n rows in batches of `size`; a last batch of one may join the batch before."""
    batches = list(torch.randperm(n).to(device).split(size))
    if join_single and len(batches) > 1 and len(batches[-1]) == 1:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches


def train_epoch(
    model,
    optimizer,
    data: Split,
    batch_size: int,
    flip: bool = False,
    crop: int = 0,
    mixed_precision: bool = False,
    penalty: Penalty | None = None,
) -> tuple[float, torch.Tensor]:
    """Pass once over the shuffled data; return the mean loss and each sample's hit in its own batch, bool (N,).

    `flip` and `crop` are those of `augment`; mixed precision (bfloat16 products) is used on a GPU only. The loss is
    without the penalty.
    """
    model.train()
    device = data.labels.device
    total = torch.zeros((), dtype=torch.float64, device=device)
    hits = torch.empty(len(data), dtype=torch.bool, device=device)
    half = torch.autocast(device.type, torch.bfloat16, enabled=mixed_precision and device.type == "cuda")
    # Batch normalisation cannot do with a batch of one.
    normalises = any(isinstance(module, torch.nn.modules.batchnorm._BatchNorm) for module in model.modules())
    for rows in _batches(len(data), batch_size, normalises, device):
        labels, images = data.labels[rows], data.images[rows]
        if flip or crop:
            images = augment(images, flip, crop)
        with half:
            layers, logits = model.activations(pixels(images)) if penalty else ([], model(pixels(images)))
            loss = cross_entropy(logits, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward(retain_graph=penalty is not None)
        if penalty:
            penalty.add(layers, labels)
        optimizer.step()
        total += loss.detach() * len(rows)
        hits[rows] = logits.argmax(1) == labels
    return total.item() / len(data), hits


def _check_finite(loss: float, epoch: int, what: str) -> None:
    if not isfinite(loss):
        raise InputError(f"the {what} loss is {loss} in epoch {epoch}: training diverged; lower training.learning_rate")


def _fingerprint(data, run: str, settings: dict, seed: int, source: str) -> str:
    """Return a digest of all that a training depends on; `source` is the digest of its code."""
    parts = (run, settings["model"], settings["training"], settings["labels"], seed, os.stat(data).st_mtime_ns, source)
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()


def _initial_model(settings: dict, image_shape: tuple, n_classes: int, seed: int) -> torch.nn.Module:
    """Return the model of a run's `model` settings with the initial weights of a seed, or those of its weight file."""
    torch.manual_seed(seed)  # torchvision's and imported models draw their own initial weights
    model = build(settings, image_shape, n_classes)
    initialise(model, seed)
    if settings.get("weights"):
        load_pretrained(model, settings["weights"])
    return model


def _history_rows(
    model, splits: dict[str, Split], running: torch.Tensor, iteration: int, epoch: int, n_classes: int
) -> tuple[list, list]:
    """Return an iteration's row of the history, and its rows of the class accuracies, one a class.

    `running` tells which training samples were classified right in their own batch, bool (N,).
    """
    (train_loss, train_hits), (test_loss, test_hits) = (evaluate(model, splits[name]) for name in SPLITS)
    _check_finite(train_loss, epoch, "evaluated training")
    accuracies = [hits.double().mean().item() for hits in (running, train_hits, test_hits)]
    hits_in = ((train_hits, "train"), (test_hits, "test"), (running, "train"))
    shares = [per_class(hits, splits[name].labels, n_classes) for hits, name in hits_in]
    by_class = [[iteration, c, *values] for c, values in enumerate(zip(*shares))]
    return [iteration, epoch, *accuracies, train_loss, test_loss], by_class


def _penalty(model, options: dict | None, data: Split, n_classes: int, seed: int) -> Penalty | None:
    if not options or options["strength"] == 0:
        return None
    measure = Regulariser(options["measure"], n_classes, options["top_neurons"])
    return Penalty(model, measure, options["strength"], options["sham"], data, seed)


def _reached(model, data: Split, bound: float | None) -> bool:
    return bound is not None and evaluate(model, data)[0] <= bound


def _stopped(last: dict, bound: float) -> str:
    """Say where a training with `stop_at_loss` ended, from the last row of its history."""
    end = f"training loss {last['train_loss']:.4g} in epoch {last['epoch']}"
    if last["train_loss"] <= bound:
        return f"stopped: {end} reached stop_at_loss {bound:g}"
    return f"not reached: {end}, the last, is above stop_at_loss {bound:g}; raise it or epochs_per_iteration"


def train(
    data, run: str, settings: dict, seed: int, snapshots: list, history, class_accuracy, source: str, device
) -> None:
    """Train run `run` from `seed` and write its snapshots (initial weights first), history and class accuracies.

    Finished epochs are kept in the folder `unfinished` beside the snapshots' folder until all is done; a training
    that is killed goes on from there and ends with the bytes of an undisturbed one.

    Parameters
    ----------
    data : path of the converted data set.
    settings : the run's settings; `model`, `training` and `labels` are used.
    snapshots : paths for iterations 0, 1, ..., I.
    source : digest of the code that trains; with the settings it tells whether an unfinished training is this one.

    Raises
    ------
    InputError
        If the loss stops being finite (the epoch is named).
    """
    options = settings["training"]
    with open_hdf5(data) as file:
        n_classes = len(file.attrs["classes"])
        splits = {name: read_split(file, name, settings["labels"], seed, device) for name in SPLITS}
    model = _initial_model(settings["model"], tuple(splits["train"].images.shape[1:]), n_classes, seed).to(device)
    optimizer = make_optimizer(options, model.parameters())
    folder = Path(snapshots[0]).parent.parent / "unfinished"
    unfinished = Unfinished(folder, _fingerprint(data, run, settings, seed, source), run, seed)
    last = unfinished.resume(model, optimizer)
    if last is None:
        unfinished.add_snapshot(model, 0, 0)
        last = {"epoch": 0, "history": [], "classes": []}
    rows, class_rows = last["history"], last["classes"]
    changes = [options[key] for key in ("flip", "crop", "mixed_precision")]
    penalty = _penalty(model, options.get("regulariser"), splits["train"], n_classes, seed)
    interval, bound = options["epochs_per_iteration"], options.get("stop_at_loss")
    epochs = interval * options["iterations"]
    progress = {"initial": last["epoch"], "total": epochs, "unit": "epoch", "desc": f"{run} seed {seed}"}
    for epoch in trange(last["epoch"] + 1, epochs + 1, **progress):
        if len(rows) == options["iterations"]:  # the loss was reached before the cap
            break
        torch.manual_seed(epoch_seed(seed, epoch))
        for group in optimizer.param_groups:
            group["lr"] = scheduled_rate(options, epoch, epochs)
        if penalty:
            penalty.refresh()
        loss, running = train_epoch(model, optimizer, splits["train"], options["batch_size"], *changes, penalty)
        _check_finite(loss, epoch, "training")
        if epoch % interval == 0 or _reached(model, splits["train"], bound):
            iteration = ceil(epoch / interval)
            row, by_class = _history_rows(model, splits, running, iteration, epoch, n_classes)
            rows.append(row)
            class_rows.extend(by_class)
            unfinished.add_snapshot(model, iteration, epoch)
        unfinished.keep(model, optimizer, epoch, rows, class_rows)
    if bound is not None:
        print(_stopped(dict(zip(HISTORY, rows[-1])), bound))
    unfinished.publish(snapshots)
    write_history(history, rows, class_accuracy, class_rows)
    unfinished.remove()
