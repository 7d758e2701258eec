"""A model that a user brings as a function in a Python file: loaded, and checked on one batch before any training."""

from pathlib import Path

import torch
from torch import nn

from neurons.core.errors import InputError
from neurons.core.imported_code import guarded, load_function

BATCH = 2  # images of the batch on which a model is checked
INTERFACE = ("activations", "layer_widths")  # methods of a model that needs no taps


def _where(settings: dict) -> str:
    return f"model.builder: {settings['module']}: '{settings['builder']}'"


def imported_classifier(settings: dict, image_shape: tuple, classes: int) -> nn.Module:
    """Return the model of the user's function `builder` in the Python file `module`.

    It is called as `builder(image_shape=(H, W[, 3]), classes=C, **options)`. The file is code and is run; it can import
    what lies beside it.

    Raises
    ------
    InputError
        If the file, the function or the result is not what is needed, or the code ends the program.
    """
    path, where = Path(settings["module"]), _where(settings)
    builder = load_function(path, settings["builder"], "model.module", "model.builder")
    with guarded(where, path):
        model = builder(image_shape=tuple(image_shape), classes=classes, **(settings.get("options") or {}))
    if not isinstance(model, nn.Module):
        raise InputError(f"{where} returned {type(model).__name__}, not a torch.nn.Module")
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise InputError(f"{where} returned a model without parameters to train")
    return model


def _check_values(values, shape: tuple, where: str, what: str) -> None:
    if not torch.is_tensor(values):
        raise InputError(f"{where}: {what} are {type(values).__name__}, should be a tensor {shape}")
    if tuple(values.shape) != shape:
        raise InputError(f"{where}: {what} of {shape[0]} images are {tuple(values.shape)}, should be {shape}")
    if not torch.isfinite(values).all():
        raise InputError(f"{where}: {what} of random images are not finite; check its layers and initial weights")


@torch.inference_mode()
def _check_on_batch(model: nn.Module, where: str, image_shape: tuple, classes: int) -> None:
    """Refuse a model whose logits, activations and widths do not fit together on a random batch in evaluation mode."""
    images = torch.rand(BATCH, *image_shape, generator=torch.Generator().manual_seed(0))
    training = model.training
    model.eval()
    logits, returned, widths = model(images), model.activations(images), model.layer_widths()
    model.train(training)
    _check_values(logits, (BATCH, classes), where, "its outputs")
    if not isinstance(widths, dict) or not widths:
        raise InputError(f"{where}: 'layer_widths' must return the neurons of one or more hidden layers by name")
    if not isinstance(returned, tuple | list) or len(returned) != 2 or len(returned[0]) != len(widths):
        raise InputError(
            f"{where}: 'activations' must return a list of {len(widths)} layers, as 'layer_widths' says, and the logits"
        )
    for (name, width), values in zip(widths.items(), returned[0]):
        _check_values(values, (BATCH, width), where, f"its activations of layer '{name}'")
    _check_values(returned[1], (BATCH, classes), where, "the logits of 'activations'")


def imported_model(settings: dict, image_shape: tuple, classes: int) -> nn.Module:
    """Return the model of `imported_classifier` with taps at its ReLUs, or as it is where it has `INTERFACE` itself.

    It is run on one batch, in evaluation mode; torch's own random numbers are left as they were.

    Raises
    ------
    InputError
        If its logits are not finite numbers (B, C), or its activations not (B, n) by `layer_widths`.
    """
    model, where = imported_classifier(settings, image_shape, classes), _where(settings)
    with torch.random.fork_rng(devices=[]), guarded(where, settings["module"]):
        if not all(hasattr(model, name) for name in INTERFACE):
            from neurons.networks.tapped import TappedClassifier  # torchvision costs seconds to import

            model = TappedClassifier(model, image_shape, settings)
        _check_on_batch(model, where, image_shape, classes)
    return model
