"""A regulariser at work in a training: which activations it sees, and what it adds to the gradients."""

from collections.abc import Iterator

import torch

from neurons.networks.device import pixels
from neurons.training.evaluation import EVALUATION_BLOCK, Split
from neurons.training.regularisers import Regulariser, penalise, random_direction


class Penalty:
    """A measure times a strength in the loss of a model; its activations are those before dropout.

    Parameters
    ----------
    model : with `activations`.
    measure : what is pushed.
    strength : above 0 pushes it down, below 0 up.
    sham : push along one random direction of the weights, drawn from the seed, with the gradient's own norm instead.
    data : the training set, on which class means are refreshed.
    """

    def __init__(self, model, measure: Regulariser, strength: float, sham: bool, data: Split, seed: int):
        self.model, self.measure, self.strength, self.data = model, measure, strength, data
        self.parameters = list(model.parameters())
        generator = torch.Generator().manual_seed(seed)
        self.direction = random_direction(self.parameters, generator) if sham else None

    def _batches(self) -> Iterator[tuple[list[torch.Tensor], torch.Tensor]]:
        for images, labels in zip(self.data.images.split(EVALUATION_BLOCK), self.data.labels.split(EVALUATION_BLOCK)):
            yield self.model.activations(pixels(images))[0], labels

    def refresh(self) -> None:
        """Set class means and sets to those of the training set now, dropout off; once an epoch."""
        self.model.eval()
        self.measure.refresh(self._batches)

    def add(self, layers: list[torch.Tensor], labels: torch.Tensor) -> None:
        """Add the penalty's gradient to that of the loss, given a batch's activations (B, n) and labels (B,)."""
        penalise(self.measure(layers, labels), self.parameters, self.strength, self.direction)
