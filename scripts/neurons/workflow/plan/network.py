"""The size of a run's network, counted without training it or holding its weights."""

from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from neurons.networks.build import build
from neurons.networks.plain import MLP, ConvNet

LARGE = 2**23  # weights of a tensor that the C library requests from the system at every step (32 MiB of float32)


@dataclass(frozen=True)
class Network:
    """What the cost of a network depends on."""

    dense: int  # multiply-adds of one sample's forward pass, in matrix products
    convolution: int  # and in convolutions
    weights: int  # trained parameters
    large_weights: int  # those of them in tensors of more than LARGE
    kept: int  # numbers that a snapshot holds: weights and averages of normalisation
    widths: tuple[int, ...]  # neurons of every hidden layer
    maps: int  # neurons that are filters, averaged over space

    @property
    def neurons(self) -> int:
        return sum(self.widths)


def count(settings: dict, image_shape: tuple[int, ...], classes: int) -> Network:
    """Count the network of a run's `model` settings for images of `image_shape` (H, W[, 3]); errors are those of `build`."""
    # A user's own code may need real tensors; all others are built without memory.
    with torch.device("cpu" if settings.get("module") else "meta"):
        model, image = build(settings, image_shape, classes).eval(), torch.empty(1, *image_shape)
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model(image)
    flops = counter.get_flop_counts()["Global"]  # of products only, two each
    convolution = sum(value for operator, value in flops.items() if "conv" in str(operator)) // 2
    sizes = [parameter.numel() for parameter in model.parameters()]
    widths, plain = model.layer_widths(), isinstance(model, MLP | ConvNet)
    return Network(
        dense=sum(flops.values()) // 2 - convolution,
        convolution=convolution,
        weights=sum(sizes),
        large_weights=sum(size for size in sizes if size > LARGE),
        kept=sum(tensor.numel() for tensor in model.state_dict().values()),
        widths=tuple(widths.values()),
        # In torchvision's and a user's models nearly all layers are filters.
        maps=sum(width for name, width in widths.items() if not plain or name.startswith("conv")),
    )
