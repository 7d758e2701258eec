"""The model that a run's `model` settings name."""

from math import prod

from torch import nn

from neurons.networks.plain import MLP, ConvNet


def build(settings: dict, image_shape: tuple[int, ...], classes: int) -> nn.Module:
    """Return the untrained model of a run's `model` settings for images of `image_shape` (H, W[, 3]).

    A model has `forward` (logits), `activations` (hidden ReLU outputs and logits) and `layer_widths`.
    """
    # torchvision costs seconds to import, so only where it is needed.
    if settings.get("name"):
        from neurons.networks.tapped import TappedClassifier
        from neurons.networks.torchvision_models import torchvision_classifier

        return TappedClassifier(torchvision_classifier(settings, image_shape, classes), image_shape, settings)
    if settings.get("module"):
        from neurons.networks.imported_model import imported_model

        return imported_model(settings, image_shape, classes)
    if settings["filters"]:
        return ConvNet(image_shape, settings["filters"], settings["hidden"], classes, settings["dropout"])
    return MLP(prod(image_shape), settings["hidden"], classes, settings["dropout"])
