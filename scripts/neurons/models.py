"""Classifiers, their initial weights, and reading their snapshots."""

import pickle
import zipfile
from pathlib import Path

import torch
from torch import nn

from neurons.errors import InputError


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
        x = x.flatten(1)
        for layer in self.hidden:
            x = self.dropout(torch.relu(layer(x)))
        return self.output(x)

    def activations(self, x: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return the outputs of every hidden ReLU, a list of (B, n), and the logits (B, C); no dropout."""
        x, layers = x.flatten(1), []
        for layer in self.hidden:
            x = torch.relu(layer(x))
            layers.append(x)
        return layers, self.output(x)

    def layer_widths(self) -> dict[str, int]:
        """Return the neurons per hidden layer by layer name, in order."""
        return {f"dense_{i}": layer.out_features for i, layer in enumerate(self.hidden, start=1)}


def build(settings: dict, image_shape: tuple[int, ...], classes: int) -> MLP:
    """Return the untrained model of a run's `model` settings for images of `image_shape` (H, W[, 3])."""
    inputs = 1
    for length in image_shape:
        inputs *= length
    return MLP(inputs, settings["hidden"], classes, settings["dropout"])


def initialise(model: nn.Module, seed: int) -> None:
    """Set Keras' default initial weights, in place: Glorot-uniform weights and zero biases."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight, generator=generator)
            nn.init.zeros_(module.bias)


def use_device(threads: int) -> torch.device:
    """Return the GPU if there is one, else the CPU held to `threads` threads; make results repeatable.

    Denormal numbers are flushed to zero: Adam's averages of a dead input pixel decay into them, and each
    then costs a CPU a hundred times an ordinary one.
    """
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.backends.cudnn.deterministic = True
    torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def read_snapshot(path) -> dict:
    """Read a snapshot without running code from it.

    Raises
    ------
    InputError
        If it is damaged, or holds anything but tensors and plain values.
    """
    try:
        snapshot = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise InputError(
            f"{path}: refused: it holds pickled code, not just weights (see torch.load, weights_only)"
        ) from None
    except (RuntimeError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{path}: not a readable snapshot ({str(error).splitlines()[0]}); delete it and run again"
        ) from None
    if not isinstance(snapshot, dict) or "model" not in snapshot:
        raise InputError(f"{path}: not a snapshot of this workflow (the entry 'model' is missing)")
    return snapshot


def load_weights(model: nn.Module, weights: dict, path: Path | str) -> None:
    """Load a state dict into `model`.

    Raises
    ------
    InputError
        If it belongs to another architecture; the line names the first parameter that does not fit.
    """
    own = model.state_dict()
    for name in {**own, **weights}:
        shapes = [tuple(state[name].shape) if name in state else "none" for state in (weights, own)]
        if shapes[0] != shapes[1]:
            raise InputError(
                f"{path}: a snapshot of another architecture: {name} is {shapes[0]} there and {shapes[1]} in the "
                "configured model; delete the run's snapshots or mend its 'model' settings"
            )
    model.load_state_dict(weights)
