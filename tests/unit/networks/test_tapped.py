"""Tapped classifiers: layers against torchvision's graph, maps against hooks, blocks against single samples."""

import re

import pytest
import torch
from torch import nn
from torchvision.models import get_model, inception_v3
from torchvision.models.feature_extraction import create_feature_extractor, get_graph_node_names

from neurons.core.errors import InputError
from neurons.networks.build import build
from neurons.networks.plain import initialise
from neurons.networks.tapped import TappedClassifier, adapt

SIZES = {"resnet50": (32, 32, 3), "vgg16": (32, 32, 3), "inception_v3": (75, 75, 3)}
LAYERS = {"resnet50": 49, "vgg16": 15, "inception_v3": 94}


def plain(name: str, classes: int = 10):
    return (
        inception_v3(weights=None, num_classes=classes, aux_logits=False, init_weights=False)
        if (name == "inception_v3")
        else get_model(name, weights=None, num_classes=classes)
    )


@pytest.fixture(scope="module")
def tapped():
    torch.manual_seed(0)
    return {name: build({"name": name}, shape, 10).eval() for name, shape in SIZES.items()}


@pytest.mark.parametrize("name", SIZES)
def test_layers_are_the_relu_nodes_of_torchvisions_graph(name, tapped):
    model = plain(name)
    nodes = get_graph_node_names(model)[1]
    modules = dict(model.named_modules())
    expected = [
        node
        for node in nodes
        if isinstance(modules.get(re.sub(r"_\d+$", "", node)), nn.ReLU)
        or re.fullmatch(r"relu(_\d+)?", node.rsplit(".", 1)[-1])
    ]
    assert list(tapped[name].layer_widths()) == expected
    assert len(expected) == LAYERS[name]


@pytest.mark.parametrize("name", SIZES)
@torch.no_grad()
def test_activations_are_the_means_of_the_extracted_maps(name, tapped):
    model, shape = tapped[name], SIZES[name]
    x = torch.rand(2, *shape, generator=torch.Generator().manual_seed(1))
    names = list(model.layer_widths())
    extractor = create_feature_extractor(model.classifier, train_return_nodes=[], eval_return_nodes=names).eval()
    maps = extractor(x.permute(0, 3, 1, 2))
    layers, logits = model.activations(x)
    for layer, node in zip(layers, names):
        values = maps[node] if maps[node].ndim == 2 else maps[node].mean((2, 3))
        torch.testing.assert_close(layer, values, rtol=1e-3, atol=1e-4)
        assert layer.shape[1] == model.layer_widths()[node]
    torch.testing.assert_close(logits, model(x), rtol=1e-3, atol=1e-4)


@torch.no_grad()
def test_averaged_map_against_a_hook():
    torch.manual_seed(0)
    model = build({"name": "resnet18", "stem": "small"}, (16, 16, 3), 10).eval()
    seen = []
    hook = model.classifier.layer1[0].relu.register_forward_hook(lambda module, given, out: seen.append(out.clone()))
    x = torch.rand(3, 16, 16, 3)
    model(x)
    hook.remove()
    layers, _ = model.activations(x)
    ours = dict(zip(model.layer_widths(), layers))
    for name, maps in zip(("layer1.0.relu", "layer1.0.relu_1"), seen):
        expected = torch.tensor([[float(channel.mean()) for channel in sample] for sample in maps])
        torch.testing.assert_close(ours[name], expected)


@torch.no_grad()
def test_batch_equals_sample_by_sample(tapped):
    model = tapped["resnet50"]
    x = torch.rand(4, 32, 32, 3, generator=torch.Generator().manual_seed(2))
    together, logits = model.activations(x)
    for d in range(4):
        alone, own = model.activations(x[d : d + 1])
        torch.testing.assert_close(own[0], logits[d], rtol=1e-3, atol=1e-4)
        for a, b in zip(alone, together):
            torch.testing.assert_close(a[0], b[d], rtol=1e-3, atol=1e-4)


def test_state_dict_is_torchvisions_own(tapped):
    for name, model in tapped.items():
        assert list(model.state_dict()) == list(plain(name).state_dict())


@torch.no_grad()
def test_taps_follow_new_weights_and_training():
    torch.manual_seed(0)
    model = build({"name": "resnet18"}, (32, 32, 3), 4)
    x = torch.rand(4, 32, 32, 3)
    model.eval().activations(x)
    model.train()(x)  # moves the running statistics of batch normalisation
    model.load_state_dict({k: v + 0.01 if v.is_floating_point() else v for k, v in model.state_dict().items()})
    _, logits = model.eval().activations(x)
    torch.testing.assert_close(logits, model(x))


def test_widths_of_stems_channels_and_sizes():
    gray = build({"name": "resnet18", "stem": "small"}, (28, 28), 10)
    assert gray.classifier.conv1.weight.shape == (64, 1, 3, 3) and isinstance(gray.classifier.maxpool, nn.Identity)
    colour = build({"name": "resnet18", "channels": 3, "input_size": [64, 64]}, (28, 28), 10).eval()
    assert colour.classifier.conv1.weight.shape == (64, 3, 7, 7)
    assert colour(torch.rand(2, 28, 28)).shape == (2, 10)
    small = build({"name": "inception_v3", "stem": "small"}, (32, 32, 3), 10)
    assert len(small.layer_widths()) == 94


def test_adapt():
    gray = torch.rand(2, 4, 4)
    torch.testing.assert_close(adapt(gray, 3, None)[:, 2], gray)
    colour = torch.rand(2, 4, 4, 3)
    luma = colour @ torch.tensor([0.299, 0.587, 0.114])
    torch.testing.assert_close(adapt(colour, 1, None)[:, 0], luma)
    torch.testing.assert_close(adapt(torch.full((1, 4, 4, 3), 0.5), None, [8, 6]), torch.full((1, 3, 8, 6), 0.5))
    assert adapt(colour, 3, None, "imagenet")[0, 1, 2, 3] == pytest.approx((colour[0, 2, 3, 1].item() - 0.456) / 0.224)


class Functional(nn.Module):
    """ReLUs as module, function and method; the module twice."""

    def __init__(self, classes: int = 3):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 1)
        self.act, self.out = nn.ReLU(inplace=True), nn.Linear(4, classes)

    def forward(self, x):
        x = self.act(self.second(self.act(self.first(x))))
        x = torch.relu(self.second(x)) + nn.functional.relu(x)
        return self.out(x.mean((2, 3)).relu())


@torch.no_grad()
def test_every_use_of_a_relu_counts_once():
    model = TappedClassifier(Functional(), (6, 6), {}).eval()
    assert list(model.layer_widths()) == ["act", "act_1", "relu", "relu_1", "relu_2"]
    layers, _ = model.activations(torch.rand(2, 6, 6))
    assert [tuple(layer.shape) for layer in layers] == [(2, 4)] * 5


class OddlyNamed(nn.Module):
    """An input and a parameter that are called relu are none."""

    def __init__(self):
        super().__init__()
        self.relu_ = nn.Parameter(torch.ones(36, 3))
        self.act = nn.ReLU()

    def forward(self, relu):
        return self.act(relu.flatten(1) @ self.relu_)


def test_only_calls_of_a_relu_count():
    assert list(TappedClassifier(OddlyNamed(), (6, 6), {}).layer_widths()) == ["act"]


class Branching(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


def test_what_cannot_be_tapped_is_said():
    with pytest.raises(InputError, match="cannot be traced"):
        TappedClassifier(Branching(), (6, 6), {"builder": "branching"})
    with pytest.raises(InputError, match="no ReLU"):
        TappedClassifier(nn.Flatten(), (6, 6), {"builder": "flat"})
    with pytest.raises(InputError, match="no classifier 'resnet5', did you mean 'resnet"):
        build({"name": "resnet5"}, (32, 32, 3), 10)
    with pytest.raises(InputError, match="set model.input_size"):
        build({"name": "vgg16"}, (8, 8, 3), 10)
    with pytest.raises(InputError, match="'small' is known for"):
        build({"name": "vgg16", "stem": "small"}, (32, 32, 3), 10)
    with pytest.raises(InputError, match="model.options"):
        build({"name": "resnet18", "options": {"depth": 3}}, (32, 32, 3), 10)


def test_torchvisions_initial_weights_stay():
    torch.manual_seed(0)
    model = build({"name": "resnet18"}, (32, 32, 3), 4)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    initialise(model, 1)
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
