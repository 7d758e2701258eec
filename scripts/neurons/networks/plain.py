"""The small classifiers of the papers, an MLP and a convolutional network, and their initial weights."""

import torch
from torch import nn
from torch.nn.functional import max_pool2d

from neurons.core.errors import InputError


class MLP(nn.Module):
    """Fully connected classifier: ReLU hidden layers with dropout after each, linear output (logits)."""

    def __init__(self, inputs: int, hidden: list[int], classes: int, dropout: float = 0.0):
        super().__init__()
        widths = [inputs, *hidden]
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, hidden))
        self.output = nn.Linear(widths[-1], classes)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits (B, C) for pixels (B, ...) from 0 to 1."""
        return self.activations(x)[1]

    def activations(self, x: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return the outputs of every hidden ReLU before dropout, a list of (B, n), and the logits (B, C)."""
        x, layers = x.flatten(1), []
        for layer in self.hidden:
            layers.append(torch.relu(layer(x)))
            x = self.dropout(layers[-1])
        return layers, self.output(x)

    def layer_widths(self) -> dict[str, int]:
        """Return the neurons per hidden layer by layer name, in order."""
        return {f"dense_{i}": layer.out_features for i, layer in enumerate(self.hidden, start=1)}


class ConvNet(nn.Module):
    """Small convolutional classifier: blocks of 3 x 3 convolution, ReLU and 2 x 2 max-pooling, then an `MLP`."""

    def __init__(self, image_shape: tuple, filters: list[int], hidden: list[int], classes: int, dropout: float = 0.0):
        super().__init__()
        height, width, channels = (*image_shape, 1)[:3]
        widths = [channels, *filters]
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(widths, filters))
        height, width = height >> len(filters), width >> len(filters)
        if height * width == 0:
            raise InputError(
                f"model.filters: {len(filters)} poolings leave nothing of {image_shape[:2]} images; use fewer"
            )
        self.head = MLP(filters[-1] * height * width, hidden, classes, dropout)

    def _features(self, x: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return every convolution's ReLU averaged over space, a list of (B, filters), and the last pooled maps."""
        x = x.unsqueeze(1) if x.ndim == 3 else x.permute(0, 3, 1, 2)
        layers = []
        for convolution in self.convolutions:
            maps = torch.relu(convolution(x))
            layers.append(maps.mean((2, 3)))
            x = max_pool2d(maps, 2)
        return layers, x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits (B, C) for pixels (B, H, W[, 3]) from 0 to 1."""
        return self.head(self._features(x)[1])

    def activations(self, x: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return the outputs of every hidden ReLU (maps averaged over space), a list of (B, n), and logits (B, C)."""
        layers, x = self._features(x)
        dense, logits = self.head.activations(x)
        return layers + dense, logits

    def layer_widths(self) -> dict[str, int]:
        """Return the neurons (filters) per hidden layer by layer name, in order."""
        maps = {f"conv_{i}": layer.out_channels for i, layer in enumerate(self.convolutions, start=1)}
        return maps | self.head.layer_widths()


def initialise(model: nn.Module, seed: int) -> None:
    """Set Keras' default initial weights, in place: Glorot-uniform weights and zero biases.

    Only of this module's models; torchvision's and imported ones keep the weights that they were built with.
    """
    if not isinstance(model, MLP | ConvNet):
        return
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            nn.init.xavier_uniform_(module.weight, generator=generator)
            nn.init.zeros_(module.bias)
