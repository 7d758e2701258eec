"""Activations set inside a network, against networks written out by hand."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from neurons.core.errors import InputError
from neurons.networks.build import build
from neurons.networks.plain import initialise
from neurons.networks.setting import ChangedNetwork, fill, spatial_layers
from neurons.networks.tapped import TappedClassifier


def x_of(*shape: int) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def conv_net():
    model = build({"filters": [2, 3], "hidden": [6, 5], "dropout": 0.5}, (8, 8), 4)
    initialise(model, 0)
    return model


def test_a_value_fills_its_map():
    values = torch.tensor([[1.0, 2.0]])
    assert fill(values, torch.zeros(3, 2)).tolist() == [[1, 2]] * 3
    filled = fill(values, torch.zeros(3, 2, 4, 5))
    assert filled.shape == (3, 2, 4, 5) and (filled[:, 0] == 1).all() and (filled[:, 1] == 2).all()


@pytest.mark.parametrize("name", ["conv_net", "resnet18", "vgg11"])
@torch.no_grad()
def test_a_network_without_changes_is_itself(name, request):
    torch.manual_seed(0)
    model = request.getfixturevalue(name) if name == "conv_net" else build({"name": name}, (32, 32, 3), 4)
    x = x_of(3, 8, 8) if name == "conv_net" else x_of(3, 32, 32, 3)
    torch.testing.assert_close(ChangedNetwork(model, {})(x), model.eval()(x))
    unchanged = {layer: lambda values: values for layer in model.layer_widths()}
    torch.testing.assert_close(ChangedNetwork(model, unchanged)(x), model(x))


@torch.no_grad()
def test_a_plain_network_goes_on_with_what_is_set(conv_net):
    x = x_of(3, 8, 8)
    changes = {"conv_2": lambda maps: maps + 1, "dense_1": lambda values: values * torch.arange(6)}
    pool, (first, second) = functional.max_pool2d, conv_net.convolutions
    maps = torch.relu(second(pool(torch.relu(first(x.unsqueeze(1))), 2))) + 1
    values = torch.relu(conv_net.head.hidden[0](pool(maps, 2).flatten(1))) * torch.arange(6)
    expected = conv_net.head.output(torch.relu(conv_net.head.hidden[1](values)))
    torch.testing.assert_close(ChangedNetwork(conv_net, changes)(x), expected)
    assert not conv_net.head.hidden[0]._forward_hooks  # the network itself is as it was
    assert ChangedNetwork(conv_net, changes).training and not conv_net.training


class Odd(nn.Module):
    """ReLUs as module, function and method, one of them in place and used by its input's name."""

    def __init__(self):
        super().__init__()
        self.one, self.two, self.three = nn.Conv2d(1, 2, 3), nn.Conv2d(2, 3, 3), nn.Linear(12, 4)
        self.relu = nn.ReLU(inplace=True)
        self.change = lambda name, values: values

    def forward(self, x):
        y = self.one(x)
        self.relu(y)
        y = self.change("relu", y)
        z = self.change("relu_1", functional.relu(self.two(y))) + 1
        z = self.change("relu_2", z.mean(3).relu())
        return self.three(z.flatten(1))


@pytest.mark.parametrize("layer", ["relu", "relu_1", "relu_2"])
@torch.no_grad()
def test_every_use_of_a_relu_can_be_set(layer):
    torch.manual_seed(0)
    odd = Odd()
    model = TappedClassifier(odd, (8, 8), {"name": "odd"}).eval()
    assert list(model.layer_widths()) == ["relu", "relu_1", "relu_2"]
    x = x_of(5, 8, 8)

    def by_hand(name, values):
        return 3 - values if name == layer else values

    plain, changed = model(x), ChangedNetwork(model, {layer: lambda values: 3 - values})(x)
    odd.change = by_hand
    torch.testing.assert_close(changed, odd(x.unsqueeze(1)))
    assert not torch.allclose(changed, plain)


def test_maps_are_told_from_values(conv_net):
    assert spatial_layers(conv_net, x_of(1, 8, 8)) == {"conv_1", "conv_2"}
    torch.manual_seed(0)
    vgg = build({"name": "vgg11"}, (32, 32, 3), 4)
    assert set(vgg.layer_widths()) - spatial_layers(vgg, x_of(1, 32, 32, 3)) == {"classifier.1", "classifier.4"}


class Own(nn.Module):
    """A model with an interface of its own, which takes no changes."""

    def activations(self, x):
        return [x.flatten(1)], x.flatten(1)

    def layer_widths(self):
        return {"only": 4}


class Changing(Own):
    """One that does."""

    def activations(self, x, changes=None):
        hidden = x.flatten(1)
        return [hidden], (changes or {}).get("only", lambda values: values)(hidden) * 2


def test_a_model_with_its_own_interface_has_to_take_changes():
    with pytest.raises(InputError, match="takes no 'changes'.*add that argument"):
        ChangedNetwork(Own(), {})
    x = x_of(2, 2, 2)
    torch.testing.assert_close(ChangedNetwork(Changing(), {"only": lambda v: v + 1})(x), (x.flatten(1) + 1) * 2)
    assert spatial_layers(Changing(), x) == set()
