"""Classifiers, their initial weights, and reading their snapshots."""

import pickle
import zipfile
from math import prod
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import max_pool2d

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


def build(settings: dict, image_shape: tuple[int, ...], classes: int) -> nn.Module:
    """Return the untrained model of a run's `model` settings for images of `image_shape` (H, W[, 3]).

    A model has `forward` (logits), `activations` (hidden ReLU outputs and logits) and `layer_widths`.
    """
    if settings.get("name") or settings.get("module"):
        from neurons.cnns import build_classifier  # torchvision costs seconds to import

        return build_classifier(settings, image_shape, classes)
    if settings["filters"]:
        return ConvNet(image_shape, settings["filters"], settings["hidden"], classes, settings["dropout"])
    return MLP(prod(image_shape), settings["hidden"], classes, settings["dropout"])


def initialise(model: nn.Module, seed: int) -> None:
    """Set Keras' default initial weights, in place: Glorot-uniform weights and zero biases.

    Only of this module's own models; torchvision's and a user's keep the ones that they were built with.
    """
    if not isinstance(model, MLP | ConvNet):
        return
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
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


def _read(path, legacy: bool = False):
    """Read what torch.save wrote, tensors and plain values only, or raise InputError; `legacy` takes its old form too."""
    try:
        with open(path, "rb") as stream:
            if not legacy and not zipfile.is_zipfile(stream):
                raise zipfile.BadZipFile("not a file of torch.save, or cut short")
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except pickle.UnpicklingError:
        raise InputError(
            f"{path}: refused: it holds pickled code, not just weights (see torch.load, weights_only)"
        ) from None
    except (RuntimeError, EOFError, ValueError, zipfile.BadZipFile) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{path}: not a readable snapshot ({reason}); delete it and run again") from None


def read_snapshot(path) -> dict:
    """Read a snapshot without running code from it.

    Raises
    ------
    InputError
        If it is damaged, or holds anything but tensors and plain values.
    """
    snapshot = _read(path)
    if not isinstance(snapshot, dict) or "model" not in snapshot:
        raise InputError(f"{path}: not a snapshot of this workflow (the entry 'model' is missing)")
    return snapshot


def read_weights(path) -> dict[str, torch.Tensor]:
    """Read a state dict made elsewhere, without running code: plain or under `model`, `state_dict`, `model_state_dict`.

    Raises
    ------
    InputError
        If it is missing or damaged, or holds anything but tensors and plain values.
    """
    found = _read(path, legacy=True)  # many published weight files
    for key in ("model", "state_dict", "model_state_dict"):
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            found = found[key]
            break
    if not isinstance(found, dict) or not found or not all(torch.is_tensor(value) for value in found.values()):
        raise InputError(f"{path}: not a state dict; save it with torch.save(model.state_dict(), path)")
    return {name.removeprefix("module."): tensor for name, tensor in found.items()}  # DataParallel's prefix


def load_snapshot(path, file, settings: dict, device: torch.device) -> tuple[nn.Module, dict]:
    """Return a snapshot's model on the device, in evaluation mode, and the snapshot (see `read_snapshot`).

    Parameters
    ----------
    file : the converted data set, opened; its image shape and classes size the model.
    settings : the run's; `model` is used.

    Raises
    ------
    InputError
        If the snapshot is damaged or of another architecture.
    """
    state = read_snapshot(path)
    model = build(settings["model"], tuple(file["train/images"].shape[1:]), len(file.attrs["classes"]))
    load_weights(model, state["model"], path)
    return model.to(device).eval(), state


def load_pretrained(model: nn.Module, path) -> None:
    """Load a local weight file as initial weights; an output layer for other classes keeps its random ones.

    Raises
    ------
    InputError
        If the file cannot be read, or belongs to another architecture.
    """
    own = model.state_dict()
    # Heads that only help the training of Inception-v3 and GoogLeNet are not built.
    weights = {
        name: w for name, w in read_weights(path).items() if name in own or not name.startswith(("AuxLogits.", "aux"))
    }
    output = [name.rsplit(".", 1)[0] for name, tensor in own.items() if tensor.ndim == 2][-1:]
    for name in (f"{layer}.{part}" for layer in output for part in ("weight", "bias")):
        if name in own and name in weights and own[name].shape != weights[name].shape:
            print(f"{path}: {name} is for other classes; it starts from random weights")
            weights[name] = own[name]
    load_weights(model, weights, path, "the weight file or the run's 'model' settings")


def load_weights(
    model: nn.Module, weights: dict, path: Path | str, mend: str = "the run's 'model' settings or delete its snapshots"
) -> None:
    """Load a state dict into `model`.

    Raises
    ------
    InputError
        If it belongs to another architecture; the line names the first parameter that does not fit.
    """
    own = model.state_dict()
    for name in {**own, **weights}:
        shapes = [tuple(state[name].shape) if torch.is_tensor(state.get(name)) else "none" for state in (weights, own)]
        if shapes[0] != shapes[1]:
            raise InputError(
                f"{path}: a snapshot of another architecture: {name} is {shapes[0]} there and {shapes[1]} in the "
                f"configured model; mend {mend}"
            )
    model.load_state_dict(weights)
