"""The size of a run's network, counted without training it or holding its weights."""

from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from neurons.models import MLP, ConvNet, build

LARGE = 2**23  # weights of a tensor that the C library takes anew from the system at every step (32 MiB of float32)


@dataclass(frozen=True)
class Network:
    """What the cost of a network depends on.

    `dense`, `convolution`: multiply-adds of one sample's forward pass, in matrix products and in convolutions;
    `weights`: trained parameters, `large_weights` those of them in tensors of more than `LARGE`; `kept`: numbers that a
    snapshot holds (weights and averages of normalisation); `widths`: neurons of every hidden layer; `maps`: those
    neurons that are filters, averaged over space.
    """

    dense: int
    convolution: int
    weights: int
    large_weights: int
    kept: int
    widths: tuple[int, ...]
    maps: int

    @property
    def neurons(self) -> int:
        return sum(self.widths)


def count(settings: dict, image_shape: tuple[int, ...], classes: int) -> Network:
    """Count the network of a run's `model` settings for images of `image_shape` (H, W[, 3]).

    Multiply-adds are half of what torch's own flop counter finds: it counts products only.

    Raises
    ------
    InputError
        If there is no such model.
    """
    # A user's own code may need real tensors; all others are built without memory.
    device = torch.device("cpu" if settings.get("module") else "meta")
    with device:
        model = build(settings, image_shape, classes).eval()
        image = torch.empty(1, *image_shape)
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model(image)
    flops = {str(operator): value for operator, value in counter.get_flop_counts()["Global"].items()}
    convolution = sum(value for operator, value in flops.items() if "conv" in operator)
    sizes = [parameter.numel() for parameter in model.parameters()]
    return Network(
        dense=(sum(flops.values()) - convolution) // 2,
        convolution=convolution // 2,
        weights=sum(sizes),
        large_weights=sum(size for size in sizes if size > LARGE),
        kept=sum(tensor.numel() for tensor in model.state_dict().values()),
        widths=tuple(model.layer_widths().values()),
        maps=sum(width for name, width in model.layer_widths().items() if _is_map(model, name)),
    )


def _is_map(model: torch.nn.Module, layer: str) -> bool:
    """Tell whether a layer's neurons are filters; in torchvision's and a user's models nearly all are."""
    return not isinstance(model, MLP | ConvNet) or layer.startswith("conv")
