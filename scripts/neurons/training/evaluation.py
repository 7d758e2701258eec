"""A split of a data set on the device, and how well a model classifies it."""

from dataclasses import dataclass

import h5py
import torch
from torch.nn.functional import cross_entropy

from neurons.data.dataset import read_labels
from neurons.networks.device import pixels

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


def per_class(hits: torch.Tensor, labels: torch.Tensor, n_classes: int) -> list[float]:
    """Return the share of hits within each class, C values; NaN for a class without a sample."""
    counts = torch.bincount(labels, minlength=n_classes)
    return (torch.bincount(labels[hits], minlength=n_classes) / counts).tolist()
