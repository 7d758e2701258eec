"""Networks whose hidden activations are set while they run, by functions of what a layer's ReLU gives."""

import inspect
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import torch
from torch import fx, nn

from neurons.core.errors import InputError
from neurons.networks.plain import MLP, ConvNet

# By layer name, a function from the ReLU's output, values (B, n) or maps (B, n, H, W), to what takes its place: of the
# same shape, and not negative.
Changes = dict[str, Callable[[torch.Tensor], torch.Tensor]]


def fill(values: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Return values (B, n) in the shape of a layer's output, (B, n, ...): every map filled with its neuron's value."""
    return values.reshape(*values.shape, *[1] * (like.ndim - values.ndim)).expand_as(like)


class _Interpreter(fx.Interpreter):
    """Runs a graph of `tapped.tap`, and overwrites ReLU outputs in place, so that a ReLU which itself works in place
    is changed for whatever reads its input later, too."""

    def __init__(self, taps: fx.GraphModule, changes: Changes):
        super().__init__(taps)
        output = next(node for node in taps.graph.nodes if node.op == "output")
        averaged, _ = output.args[0]
        self._changes = {mean.args[0]: changes[name] for name, mean in averaged.items() if name in changes}

    def run_node(self, node: fx.Node):
        result = super().run_node(node)
        if node in self._changes:
            result.copy_(self._changes[node](result.clone()))
        return result


class ChangedNetwork(nn.Module):
    """A network in evaluation mode with changed hidden activations; the network itself stays as it is.

    Parameters
    ----------
    model : of `build.build`.
    changes : see `Changes`.

    Raises
    ------
    InputError
        If a model of the user's gives its own activations and takes no changes of them.
    """

    def __init__(self, model: nn.Module, changes: Changes):
        super().__init__()
        self._model, self._changes = [model.eval()], changes
        if block := getattr(model, "block", None):
            self.block = block
        if isinstance(model, MLP | ConvNet):
            self._run = self._run_plain
            return
        from neurons.networks.tapped import TappedClassifier, adapt  # torchvision costs seconds to import

        if isinstance(model, TappedClassifier):
            runner = _Interpreter(model._taps(), changes)
            self._run = lambda x: runner.run(adapt(x, *model._input))[1]
        elif "changes" in inspect.signature(model.activations).parameters:
            self._run = lambda x: model.activations(x, changes=changes)[1]
        else:
            raise InputError(
                "the model's own method 'activations' takes no 'changes', so its neurons cannot be set: add that argument "
                "(docs/models.md), or leave the study 'coactivation' out of the run"
            )

    def _run_plain(self, x: torch.Tensor) -> torch.Tensor:
        """Run an `MLP` or `ConvNet`, whose maps before a ReLU are modules; what is put in their place is not negative,
        and so passes the ReLU."""
        (model,) = self._model
        head = getattr(model, "head", model)
        modules = dict(zip(model.layer_widths(), [*getattr(model, "convolutions", []), *head.hidden]))
        with ExitStack() as hooks:
            for name, change in self._changes.items():
                hooks.enter_context(_hooked(modules[name], change))
            return model(x)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits (B, C) for pixels (B, H, W[, 3]) from 0 to 1."""
        return self._run(x)


def _hooked(module: nn.Module, change: Callable) -> "torch.utils.hooks.RemovableHandle":
    """Hook a convolution or linear map: what it gives becomes the changed output of the ReLU after it."""
    return module.register_forward_hook(lambda _, given, output: change(torch.relu(output)))


@torch.inference_mode()
def spatial_layers(model: nn.Module, x: torch.Tensor) -> set[str]:
    """Return the names of the layers whose ReLU gives maps, seen on pixels (B, H, W[, 3])."""
    spatial = set()

    def watch(name: str, values: torch.Tensor) -> torch.Tensor:
        if values.ndim > 2:
            spatial.add(name)
        return values

    ChangedNetwork(model, {name: partial(watch, name) for name in model.layer_widths()})(x)
    return spatial
