"""Classifiers of images, torchvision's or imported, with every ReLU use tapped.

`TappedClassifier` gives any traceable classifier the interface of `build.build`'s models (`forward`, `activations`,
`layer_widths`); torchvision's feature extraction finds the ReLUs, and each map is averaged over space inside the
traced graph, right after the ReLU that made it, so that no map outlives its use.
"""

import torch
from torch import fx, nn
from torch.nn import functional
from torch.nn.functional import interpolate
from torchvision.models.feature_extraction import NodePathTracer

from neurons.core.errors import InputError, choose

RELU_MODULES = (nn.ReLU, nn.ReLU6)
RELUS = {
    "call_function": {functional.relu, functional.relu_, functional.relu6, torch.relu, torch.relu_},
    "call_method": {"relu", "relu_"},
}
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
BLOCK_PIXELS = 2**18  # pixels of a block of images in evaluation: 256 of 32 x 32
LUMA = (0.299, 0.587, 0.114)  # ITU-R 601-2, as in the conversion of data sets


def _is_relu(node: fx.Node, model: nn.Module) -> bool:
    if node.op == "call_module":
        return isinstance(model.get_submodule(node.target), RELU_MODULES)
    return node.target in RELUS.get(node.op, ())


def average_maps(values: torch.Tensor) -> torch.Tensor:
    """Return one value per sample and neuron, (B, n): the mean over the spatial positions of maps (B, n, H, W)."""
    return values.flatten(2).mean(2) if values.ndim > 2 else values


def tap(model: nn.Module) -> fx.GraphModule:
    """Return a module that gives the averaged output of every ReLU use, by name, and the logits.

    The names are those of `torchvision.models.feature_extraction.get_graph_node_names`, in the order of evaluation: the
    path of the module, with `_1`, `_2`, ... for further uses of the same one. `create_feature_extractor` would hold
    all maps to the end, and does not look into torchvision's own blocks (`torchvision.ops`), which hold ReLUs; so its
    tracer is used, and the graph is ended here. The module shares the model's parameters.
    """
    tracer = NodePathTracer()
    graph = tracer.trace(model.eval())
    output = next(node for node in graph.nodes if node.op == "output")
    averaged = {}
    for node in [node for node in graph.nodes if _is_relu(node, model)]:
        with graph.inserting_after(node):
            averaged[tracer.node_to_qualname[node]] = graph.call_function(average_maps, (node,))
    output.args = ((averaged, output.args[0]),)
    return fx.GraphModule(model, graph)


def _standardize(x: torch.Tensor) -> torch.Tensor:
    """Subtract ImageNet's mean from images (B, channels, H, W) and divide by its standard deviation."""
    mean, sd = (x.new_tensor(values).view(1, 3, 1, 1) for values in IMAGENET)
    return (x - mean) / sd if x.shape[1] == 3 else (x - mean.mean()) / sd.mean()


NORMALIZE = {"none": lambda x: x, "imagenet": _standardize}


def adapt(images: torch.Tensor, channels: int | None, size: list[int] | None, normalize: str = "none") -> torch.Tensor:
    """Return images (B, H, W[, 3]) from 0 to 1 as a network's input (B, channels, *size).

    Gray images are repeated over three channels, colour ones become luma for one; resizing is bilinear and
    antialiased; `imagenet` subtracts ImageNet's mean and divides by its standard deviation, as torchvision's weights
    expect.
    """
    normalized = choose(NORMALIZE, normalize, "model.normalize")
    x = images.unsqueeze(1) if images.ndim == 3 else images.permute(0, 3, 1, 2)
    if channels == 3 and x.shape[1] == 1:
        x = x.expand(-1, 3, -1, -1)
    elif channels == 1 and x.shape[1] == 3:
        x = (x * x.new_tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)
    if size and tuple(size) != tuple(x.shape[2:]):
        x = interpolate(x, size=tuple(size), mode="bilinear", antialias=True)
    return normalized(x).contiguous()


class TappedClassifier(nn.Module):
    """A classifier of images with taps at every ReLU use; its state dict is the classifier's own."""

    def __init__(self, classifier: nn.Module, image_shape: tuple, settings: dict):
        super().__init__()
        self.classifier = classifier
        self._input = (settings.get("channels"), settings.get("input_size"), settings.get("normalize", "none"))
        height, width = settings.get("input_size") or image_shape[:2]
        self.block = min(1024, max(32, BLOCK_PIXELS // (height * width)))  # images evaluated at once
        where = settings.get("name") or settings.get("builder")
        try:
            self._tapped = [tap(classifier)]  # in a list: its parameters are the classifier's, not to register twice
        except Exception as error:  # fx raises whatever the model's own code raises on symbolic values
            raise InputError(
                f"model {where}: cannot be traced by torch.fx ({str(error).splitlines()[0]}); give its class the "
                "methods 'activations' and 'layer_widths' (docs/models.md)"
            ) from None
        self._widths = self._measure(image_shape)
        if not self._widths:
            raise InputError(f"model {where}: it has no ReLU, so no activations in the study's sense")
        self._forget_taps()

    def _forget_taps(self) -> None:
        self._tapped = []

    def _taps(self) -> fx.GraphModule:
        if not self._tapped:
            self._tapped.append(tap(self.classifier))
        return self._tapped[0]

    def _apply(self, *args, **kwargs):
        self._forget_taps()  # they hold buffers, which a move to another device replaces
        return super()._apply(*args, **kwargs)

    def train(self, mode: bool = True):
        """Set training or evaluation mode."""
        if mode:
            self._forget_taps()
        return super().train(mode)

    @torch.inference_mode()
    def _measure(self, image_shape: tuple) -> dict[str, int]:
        self.classifier.eval()
        try:
            values, _ = self._taps()(adapt(torch.zeros(2, *image_shape), *self._input))
        except RuntimeError as error:
            size = "x".join(map(str, self._input[1] or image_shape[:2]))
            raise InputError(
                f"the model does not take {size} images ({str(error).splitlines()[0]}); set model.input_size, "
                "model.channels or model.stem"
            ) from None
        return {name: average.shape[1] for name, average in values.items()}

    def state_dict(self, *args, **kwargs):
        """Return the classifier's state dict, without a prefix."""
        return self.classifier.state_dict(*args, **kwargs)

    def load_state_dict(self, state_dict, *args, **kwargs):
        """Load a state dict of the classifier."""
        return self.classifier.load_state_dict(state_dict, *args, **kwargs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits (B, C) for pixels (B, H, W[, 3]) from 0 to 1."""
        return self.classifier(adapt(x, *self._input))

    def activations(self, x: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return every ReLU use's output, maps averaged over space, a list of (B, n), and the logits (B, C).

        The model must be in evaluation mode.
        """
        averages, logits = self._taps()(adapt(x, *self._input))
        return list(averages.values()), logits

    def layer_widths(self) -> dict[str, int]:
        """Return the neurons (filters) of every ReLU use by name, in order."""
        return self._widths
