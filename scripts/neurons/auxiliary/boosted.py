"""The boosted model: a trained classifier, its activation probabilities, and the auxiliary network on top.

    from neurons.auxiliary.boosted import BoostedClassifier
    boosted = BoostedClassifier.load("results/digits/auxiliary/boosted.pt")
    probabilities = boosted(images)  # uint8 (B, H, W[, 3]), or floats from 0 to 1 -> (B, C)

The file holds tensors and plain values only and is read with `weights_only=True`; no code is run from it.
"""

import torch
from torch import nn

from neurons.auxiliary.model import predict
from neurons.auxiliary.probabilities import read_patterns
from neurons.core.errors import InputError
from neurons.core.hdf5 import open_hdf5
from neurons.networks.build import build
from neurons.networks.device import pixels
from neurons.networks.snapshots import load_weights, read_snapshot, save


class BoostedClassifier(nn.Module):
    """A classifier whose softmax is corrected by an auxiliary network that sees its activation pattern.

    Parameters
    ----------
    base : model with `activations` (see `networks.build`).
    probability : P (Eq. 14) by layer, each (C, n) float64, for the layers that the auxiliary network uses.
    network : the auxiliary network's tensors (see `model.Networks.one`).
    layer_names : all hidden layers of the base model, in order.
    classes : names of the classes.
    """

    def __init__(self, base: nn.Module, probability: dict, network: dict, layer_names: list[str], classes: list[str]):
        super().__init__()
        self.base, self.layer_names, self.classes = base, layer_names, classes
        self.used = list(probability)
        for name, tensor in network.items():
            self.register_buffer(f"auxiliary_{name}", tensor)
        self.network_names = list(network)
        for i, values in enumerate(probability.values()):
            self.register_buffer(f"probability_{i}", values)
        self.eval()

    @classmethod
    def load(cls, path, base: nn.Module | None = None) -> "BoostedClassifier":
        """Read a boosted model.

        Parameters
        ----------
        base : the untrained model, where it comes from a file of your own (`model.module`): the boosted file never runs
            code, so build it yourself. Its weights are loaded from the boosted file.

        Raises
        ------
        InputError
            If the file is damaged, or `base` is needed or does not fit.
        """
        state = read_snapshot(path)
        if base is None:
            if state["settings"].get("module"):
                where = f"{state['settings']['builder']} of {state['settings']['module']}"
                raise InputError(f"{path}: its base model is your own ({where}); pass it as base=")
            base = build(state["settings"], tuple(state["image_shape"]), len(state["classes"]))
        load_weights(base, state["model"], path, "the model passed as base")
        return cls(base, state["probability"], state["auxiliary"], state["layers"], state["classes"])

    def combine(self, activations: list[torch.Tensor], predicted: torch.Tensor) -> torch.Tensor:
        """Return the boosted probabilities (B, C) for hidden activations, a list of (B, n), and Y_predicted (B, C)."""
        by_name = dict(zip(self.layer_names, activations))
        agreement = sum(
            (by_name[name] > 0).double() @ getattr(self, f"probability_{i}").T for i, name in enumerate(self.used)
        )
        product = agreement.float().double() * predicted.double()
        total = product.sum(1, keepdim=True)
        proposed = torch.where(total > 0, product / total, predicted.double())
        network = {name: getattr(self, f"auxiliary_{name}") for name in self.network_names}
        return predict(network, torch.cat([predicted.double(), proposed], 1).float())

    @torch.inference_mode()
    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return class probabilities (B, C) for a batch of images (B, H, W[, 3]): uint8, or floats from 0 to 1."""
        x = images if images.is_floating_point() else pixels(images)
        activations, logits = self.base.activations(x)
        return self.combine(activations, logits.softmax(1))


def write_boosted(snapshot, patterns_path, models, data, settings: dict, output) -> None:
    """Write the boosted model of one snapshot, for the first layer choice of its run.

    Parameters
    ----------
    snapshot, patterns_path, models, data : paths of the snapshot, its iteration's patterns, the run's trained
        auxiliary networks and the converted data set.
    settings : the run's `model` settings.
    """
    state, patterns = read_snapshot(snapshot), read_patterns(patterns_path)
    with open_hdf5(data) as file:
        image_shape = list(file["train/images"].shape[1:])
    choice, names = next(iter(patterns.layers.items()))
    model = build(settings, tuple(image_shape), len(patterns.classes))
    networks = torch.load(models, weights_only=True)[f"{patterns.iteration:02d}"]
    save(
        {
            "model": state["model"],
            "settings": settings,
            "image_shape": image_shape,
            "classes": patterns.classes,
            "layers": list(model.layer_widths()),
            "choice": choice,
            "probability": {name: torch.from_numpy(patterns.probability[name]) for name in names},
            "auxiliary": {name: tensor.contiguous() for name, tensor in networks[choice].items()},
            "iteration": patterns.iteration,
            "run": state["run"],
            "seed": state["seed"],
        },
        output,
    )
