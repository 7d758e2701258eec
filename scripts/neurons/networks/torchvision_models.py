"""Torchvision's classifiers by name, fitted to the images and classes of a data set."""

import torchvision
from torch import nn
from torchvision.models import get_model, list_models

from neurons.core.errors import InputError, choose, nearest


def _replace_convolution(model: nn.Module, name: str, **changes) -> None:
    """Replace a convolution by one that differs in `changes`, new weights."""
    old = model.get_submodule(name)
    kept = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups")
    options = {key: getattr(old, key) for key in kept} | {"bias": old.bias is not None} | changes
    model.set_submodule(name, nn.Conv2d(**options))


def _small_stem(model: nn.Module, name: str) -> None:
    """Change the first layers for images of about 32 x 32: no stride and no pooling before the first block.

    ResNet's kind: 3 x 3 instead of 7 x 7 in the first convolution, as is usual for CIFAR.
    """
    if isinstance(getattr(model, "conv1", None), nn.Conv2d) and hasattr(model, "maxpool"):
        _replace_convolution(model, "conv1", kernel_size=3, stride=1, padding=1)
        model.maxpool = nn.Identity()
    elif hasattr(model, "Conv2d_1a_3x3"):
        _replace_convolution(model, "Conv2d_1a_3x3.conv", stride=1)
        model.maxpool1, model.maxpool2 = nn.Identity(), nn.Identity()
    else:
        raise InputError(f"model.stem: 'small' is known for ResNets and Inception-v3, not for {name}")


STEMS = {"standard": lambda model, name: None, "small": _small_stem}


def torchvision_classifier(settings: dict, image_shape: tuple, classes: int) -> nn.Module:
    """Return torchvision's classifier `settings["name"]` with random weights, for C classes.

    Raises
    ------
    InputError
        If torchvision has no classifier of this name, or it does not take the `options`.
    """
    name = settings["name"]
    known = list_models(module=torchvision.models)
    if name not in known:
        raise InputError(f"model.name: torchvision has no classifier '{name}'{nearest(name, known)}")
    options = dict(settings.get("options") or {})
    if name in ("inception_v3", "googlenet"):
        # Auxiliary heads are left out: the papers' Keras networks have none.
        options = {"aux_logits": False, "init_weights": False} | options
    try:
        model = get_model(name, weights=None, num_classes=classes, **options)
    except (TypeError, ValueError) as error:
        raise InputError(f"model.options: {name}: {error}") from None
    choose(STEMS, settings.get("stem", "standard"), "model.stem")(model, name)
    channels = settings.get("channels") or (*image_shape, 1)[2]
    first = next(key for key, module in model.named_modules() if isinstance(module, nn.Conv2d))
    if channels != model.get_submodule(first).in_channels:
        _replace_convolution(model, first, in_channels=channels)
    return model
