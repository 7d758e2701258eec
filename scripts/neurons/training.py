"""Training a classifier with snapshots at a uniform interval, resumable after a kill."""

import hashlib
import io
import os
import shutil
from dataclasses import dataclass
from math import cos, isfinite, pi
from pathlib import Path

import h5py
import numpy as np
import torch
from torch.nn.functional import cross_entropy
from tqdm import trange

from neurons.datasets import read_labels
from neurons.errors import InputError
from neurons.files import atomic
from neurons.hdf5 import open_hdf5
from neurons.history import write_history
from neurons.models import build, initialise, load_pretrained, load_weights, read_snapshot

EVALUATION_BLOCK = 1024


@dataclass
class Split:
    """A split on the device: pixels uint8 (N, H, W[, 3]) and labels int64 (N,)."""

    images: torch.Tensor
    labels: torch.Tensor

    def __len__(self) -> int:
        return len(self.labels)


def read_split(file: h5py.File, split: str, mixing: str, seed: int, device: torch.device) -> Split:
    """Read a split of a converted data set onto the device, labels permuted when `mixing` is 'mixed'."""
    images = torch.from_numpy(file[f"{split}/images"][:]).to(device)
    return Split(images, torch.from_numpy(read_labels(file, split, mixing, seed)).to(device))


def pixels(images: torch.Tensor) -> torch.Tensor:
    """Return uint8 images as float32 from 0 to 1, same shape."""
    return images.float().div_(255)


def make_optimizer(settings: dict, parameters) -> torch.optim.Optimizer:
    """Return the optimiser of a run's `training` settings; fused where PyTorch has it (one pass over the weights).

    RMSprop forgets its mean square by a factor of 0.9 a step, as Keras' does (PyTorch's own default is 0.99).
    """
    rate, epsilon = settings["learning_rate"], settings["epsilon"]
    momentum, decay = settings["momentum"], settings["weight_decay"]
    if settings["optimizer"] == "adam":
        return torch.optim.Adam(parameters, lr=rate, eps=epsilon, weight_decay=decay, fused=True)
    if settings["optimizer"] == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=rate, alpha=0.9, eps=epsilon, momentum=momentum, weight_decay=decay)
    return torch.optim.SGD(parameters, lr=rate, momentum=momentum, weight_decay=decay, fused=True)


def scheduled_rate(options: dict, epoch: int, epochs: int) -> float:
    """Return the learning rate of an epoch (from 1): a function of the epoch alone, so that resuming changes nothing.

    `constant`; `cosine`: half a cosine from the full rate down towards 0 after the last epoch; `step`: times
    `schedule_factor` after each of the `schedule_epochs`.
    """
    rate, schedule = options["learning_rate"], options["schedule"]
    if schedule == "cosine":
        return rate * (1 + cos(pi * (epoch - 1) / epochs)) / 2
    if schedule == "step":
        return rate * options["schedule_factor"] ** sum(epoch > after for after in options["schedule_epochs"])
    return rate


def augment(images: torch.Tensor, flip: bool, crop: int) -> torch.Tensor:
    """Return images (B, H, W[, 3]) mirrored left to right at random and cut at random from a frame of `crop` zeros.

    The random numbers are torch's own on the CPU, whatever the images' device.
    """
    n, height, width = images.shape[:3]
    device = images.device
    rows = torch.arange(height, device=device).expand(n, -1)
    columns = torch.arange(width, device=device).expand(n, -1)
    if flip:
        mirrored = (torch.rand(n) < 0.5).to(device)
        columns = torch.where(mirrored[:, None], width - 1 - columns, columns)
    if crop:
        shift = torch.randint(0, 2 * crop + 1, (2, n, 1)).to(device)
        images = torch.nn.functional.pad(images, (0, 0) * (images.ndim - 3) + (crop,) * 4)
        rows, columns = rows + shift[0], columns + shift[1]
    return images[torch.arange(n, device=device)[:, None, None], rows[:, :, None], columns[:, None, :]]


@torch.inference_mode()
def evaluate(model: torch.nn.Module, data: Split) -> tuple[float, torch.Tensor]:
    """Return the mean cross-entropy (nats) and whether each sample is classified right, bool (N,); dropout off."""
    model.eval()
    loss, hits = 0.0, []
    block = getattr(model, "block", EVALUATION_BLOCK)
    for images, labels in zip(data.images.split(block), data.labels.split(block)):
        logits = model(pixels(images))
        loss += cross_entropy(logits, labels, reduction="sum").item()
        hits.append(logits.argmax(1) == labels)
    return loss / len(data), torch.cat(hits)


def _batches(n: int, size: int, join_single: bool, device) -> list[torch.Tensor]:
    """Return a random order of n rows in batches of `size`; a last batch of one may join the batch before."""
    batches = list(torch.randperm(n).to(device).split(size))
    if join_single and len(batches) > 1 and len(batches[-1]) == 1:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches


def train_epoch(
    model, optimizer, data: Split, batch_size: int, flip: bool = False, crop: int = 0, mixed_precision: bool = False
) -> tuple[float, torch.Tensor]:
    """Pass once over the shuffled data; return the mean loss and each sample's hit in its own batch, bool (N,).

    `flip` and `crop` are those of `augment`; mixed precision (bfloat16 products) is used on a GPU only.
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
            logits = model(pixels(images))
            loss = cross_entropy(logits, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
        hits[rows] = logits.argmax(1) == labels
    return total.item() / len(data), hits


def per_class(hits: torch.Tensor, labels: torch.Tensor, n_classes: int) -> list[float]:
    """Return the share of hits within each class, C values."""
    counts = torch.bincount(labels, minlength=n_classes)
    return (torch.bincount(labels[hits], minlength=n_classes) / counts).tolist()


def epoch_seed(seed: int, epoch: int) -> int:
    """Return the seed of an epoch's random numbers, so that an epoch needs no state from the ones before."""
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0])


def save(state: dict, path) -> None:
    """Write a state with torch.save, whole or not at all; equal states give equal bytes."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    with atomic(path) as part, open(part, "wb") as stream:
        stream.write(buffer.getbuffer())


def _check_finite(loss: float, epoch: int, what: str) -> None:
    if not isfinite(loss):
        raise InputError(f"the {what} loss is {loss} in epoch {epoch}: training diverged; lower training.learning_rate")


def _resume(path: Path, fingerprint: str, model, optimizer) -> dict | None:
    """Load the state of an interrupted training, or None if there is none of this very training."""
    if not path.exists():
        return None
    last = read_snapshot(path)
    if last["fingerprint"] != fingerprint:
        return None
    load_weights(model, last["model"], path)
    optimizer.load_state_dict(last["optimizer"])
    print(f"going on from epoch {last['epoch']}")
    return last


def _publish(source: Path, target: Path) -> None:
    """Put a finished file in its place and leave the original: a hard link, or a copy where links are not known."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    os.utime(target)


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
    stem = f"{run} {settings['model']} {options} {settings['labels']} {seed} {os.stat(data).st_mtime_ns} {source}"
    fingerprint = hashlib.sha256(stem.encode()).hexdigest()
    work = Path(snapshots[0]).parent.parent / "unfinished"
    with open_hdf5(data) as file:
        n_classes = len(file.attrs["classes"])
        splits = {name: read_split(file, name, settings["labels"], seed, device) for name in ("train", "test")}
    image_shape = tuple(splits["train"].images.shape[1:])
    torch.manual_seed(seed)  # torchvision's and a user's models draw their own initial weights
    model = build(settings["model"], image_shape, n_classes)
    initialise(model, seed)
    if settings["model"].get("weights"):
        load_pretrained(model, settings["model"]["weights"])
    model.to(device)
    optimizer = make_optimizer(options, model.parameters())

    def snapshot(iteration: int, epoch: int) -> None:
        weights = {name: tensor.cpu() for name, tensor in model.state_dict().items()}
        state = {"model": weights, "run": run, "seed": seed, "iteration": iteration, "epoch": epoch}
        save(state, work / f"{iteration:02d}.pt")

    last = _resume(work / "last.pt", fingerprint, model, optimizer)
    if last is None:
        shutil.rmtree(work, ignore_errors=True)
        snapshot(0, 0)
        last = {"epoch": 0, "history": [], "classes": []}
    rows, class_rows = last["history"], last["classes"]
    extras = [options[key] for key in ("flip", "crop", "mixed_precision")]
    interval = options["epochs_per_iteration"]
    epochs = interval * options["iterations"]
    for epoch in trange(
        last["epoch"] + 1, epochs + 1, initial=last["epoch"], total=epochs, unit="epoch", desc=f"{run} seed {seed}"
    ):
        torch.manual_seed(epoch_seed(seed, epoch))
        for group in optimizer.param_groups:
            group["lr"] = scheduled_rate(options, epoch, epochs)
        loss, running = train_epoch(model, optimizer, splits["train"], options["batch_size"], *extras)
        _check_finite(loss, epoch, "training")
        if epoch % interval == 0:
            iteration = epoch // interval
            (train_loss, train_hits), (test_loss, test_hits) = (evaluate(model, splits[s]) for s in ("train", "test"))
            _check_finite(train_loss, epoch, "evaluated training")
            accuracies = [hits.double().mean().item() for hits in (running, train_hits, test_hits)]
            rows.append([iteration, epoch, *accuracies, train_loss, test_loss])
            shares = [
                per_class(hits, splits[name].labels, n_classes)
                for hits, name in ((train_hits, "train"), (test_hits, "test"), (running, "train"))
            ]
            class_rows.extend([iteration, c, *values] for c, values in enumerate(zip(*shares)))
            snapshot(iteration, epoch)
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}
        save({**state, "fingerprint": fingerprint, "history": rows, "classes": class_rows}, work / "last.pt")

    for iteration, path in enumerate(snapshots):
        _publish(work / f"{iteration:02d}.pt", Path(path))
    write_history(history, rows, class_accuracy, class_rows)
    (work / "last.pt").unlink()  # first, so that a kill in here cannot leave a state without its snapshots
    shutil.rmtree(work)
