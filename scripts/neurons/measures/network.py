"""A snapshot's network on its training images, as the measures of `landscape` and `weights` use it (needs torch)."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import numpy as np
import torch
from torch import nn

from neurons.core.hdf5 import open_hdf5
from neurons.data.dataset import read_labels, stratified_subset, take_rows
from neurons.networks.device import pixels
from neurons.networks.snapshots import load_snapshot, read_snapshot

BLOCK = 1024


class Network:
    """A network in evaluation mode with its training images uint8 (N, H, W[, 3]) and labels (N,).

    `images` may be an HDF5 dataset: it is read in blocks of rows.
    """

    def __init__(self, model: nn.Module, images, labels: np.ndarray):
        self.model, self.images, self.labels = model.eval(), images, labels
        self.device = next(model.parameters()).device
        self.block = getattr(model, "block", BLOCK)

    def _pixels(self, images: np.ndarray) -> torch.Tensor:
        return pixels(torch.from_numpy(images).to(self.device))

    @torch.inference_mode()
    def outputs(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
        """Yield labels (B,), logits (B, C) and the input (B, m) of the linear layer that runs last, None without one."""
        seen = {}

        def keep(module, inputs):
            seen["input"] = inputs[0]

        linear = (module for module in self.model.modules() if isinstance(module, nn.Linear))
        hooks = [module.register_forward_pre_hook(keep) for module in linear]
        try:
            for start in range(0, len(self.labels), self.block):
                logits = self.model(self._pixels(self.images[start : start + self.block]))
                last = seen["input"].flatten(1).cpu().numpy() if seen else None
                yield self.labels[start : start + self.block], logits.cpu().numpy(), last
        finally:
            for hook in hooks:
                hook.remove()

    def sample(self, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return images and labels of about `size` training samples, each class in its share."""
        rows = stratified_subset(self.labels, size, seed)
        return take_rows(self.images, rows), self.labels[rows]

    @contextmanager
    def _noise(self, sigma: float, seed: tuple[int, ...]):
        """Add Gaussian noise of standard deviation `sigma` to every parameter; take it away again at the end."""
        generator = torch.Generator().manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0]))
        parameters = list(self.model.parameters())
        kept = [parameter.detach().clone() for parameter in parameters]
        try:
            for parameter in parameters:
                parameter += sigma * torch.randn(parameter.shape, generator=generator).to(self.device)
            yield
        finally:
            for parameter, values in zip(parameters, kept):
                parameter.copy_(values)

    @torch.no_grad()
    def accuracy(
        self, images: np.ndarray, labels: np.ndarray, sigma: float = 0.0, seed: tuple[int, ...] = (0,)
    ) -> float:
        """Return the accuracy on images with Gaussian noise of `sigma` on all parameters, 0 to 1.

        Equal seeds give the same noise times `sigma`.
        """
        hits = 0
        with self._noise(sigma, seed):
            for start in range(0, len(labels), self.block):
                logits = self.model(self._pixels(images[start : start + self.block]))
                hits += int((logits.argmax(1).cpu().numpy() == labels[start : start + self.block]).sum())
        return hits / len(labels)

    @torch.no_grad()
    def squared_response(self) -> float:
        """Return the sum of the logits for an image of ones with every parameter squared; NaN with normalisation."""
        if any("Norm" in type(module).__name__ for module in self.model.modules()):
            return float("nan")
        squared = deepcopy(self.model).double()
        for parameter in squared.parameters():
            parameter.square_()
        image = torch.ones((1, *self.images.shape[1:]), dtype=torch.float64, device=self.device)
        return float(squared(image).sum())


@contextmanager
def opened_network(snapshot, data, settings: dict):
    """Yield the network of a snapshot on the training split of a converted data set (paths).

    `settings` are the run's; `model` and `labels` are used: mixed labels are the ones it was trained on.
    """
    with open_hdf5(data) as file:
        model, state = load_snapshot(snapshot, file, settings, torch.device("cpu"))
        labels = read_labels(file, "train", settings["labels"], state["seed"]).astype(np.int64)
        yield Network(model, file["train/images"], labels)


def snapshot_arrays(path) -> dict[str, np.ndarray]:
    """Read the floating-point parameters of a snapshot as arrays by name, in order."""
    state = read_snapshot(path)["model"]
    return {name: tensor.numpy() for name, tensor in state.items() if tensor.is_floating_point()}
