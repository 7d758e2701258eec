import numpy as np
import pytest
import torch
from torch.nn import functional as F

from neurons.core.errors import InputError
from neurons.networks.build import build
from neurons.networks.plain import initialise

SETTINGS = {"filters": [], "hidden": [7, 5], "dropout": 0.5}


@pytest.fixture
def images():
    return torch.from_numpy(np.random.default_rng(0).random((6, 8, 10, 3)).astype("f4"))


def made(settings, image_shape, classes=4, seed=0):
    model = build(SETTINGS | settings, image_shape, classes)
    initialise(model, seed)
    for name, bias in model.named_parameters():  # biases other than 0, to see them used
        if name.endswith("bias"):
            torch.nn.init.uniform_(bias, -0.1, 0.1, generator=torch.Generator().manual_seed(seed))
    return model.eval()


def close(ours, expected):
    np.testing.assert_allclose(ours.detach().numpy(), np.asarray(expected), rtol=1e-4, atol=1e-5)


def test_mlp_is_matrix_products(images):
    model = made({}, (8, 10, 3))
    weights = {name: value.numpy().astype(np.float64) for name, value in model.state_dict().items()}
    x, expected = images.numpy().reshape(6, -1), []
    for i in range(2):
        x = np.maximum(x @ weights[f"hidden.{i}.weight"].T + weights[f"hidden.{i}.bias"], 0)
        expected.append(x)
    layers, logits = model.activations(images)
    for ours, theirs in zip(layers, expected, strict=True):
        close(ours, theirs)
    close(logits, x @ weights["output.weight"].T + weights["output.bias"])
    assert model.layer_widths() == {"dense_1": 7, "dense_2": 5}


@pytest.mark.parametrize("channels", [1, 3])
def test_conv_net_is_torch_functions(images, channels):
    x = images if channels == 3 else images[..., 0]
    model = made({"filters": [4, 6]}, x.shape[1:])
    weights = model.state_dict()
    maps, expected = (x.permute(0, 3, 1, 2) if channels == 3 else x[:, None]), []
    for i in range(2):
        weight, bias = weights[f"convolutions.{i}.weight"], weights[f"convolutions.{i}.bias"]
        maps = F.relu(F.conv2d(maps, weight, bias, padding=1))
        expected.append(maps.flatten(2).mean(2))  # a filter's mean over all positions
        maps = F.max_pool2d(maps, 2)
    x_dense = maps.flatten(1)
    for i in range(2):
        x_dense = F.relu(F.linear(x_dense, weights[f"head.hidden.{i}.weight"], weights[f"head.hidden.{i}.bias"]))
        expected.append(x_dense)
    layers, logits = model.activations(x)
    for ours, theirs in zip(layers, expected, strict=True):
        close(ours, theirs)
    close(logits, F.linear(x_dense, weights["head.output.weight"], weights["head.output.bias"]))
    assert list(model.layer_widths().items()) == [("conv_1", 4), ("conv_2", 6), ("dense_1", 7), ("dense_2", 5)]


@pytest.mark.parametrize("filters", [[], [3]])
def test_forward_without_dropout_is_the_logits_of_activations(images, filters):
    model = made({"filters": filters}, (8, 10, 3))
    torch.testing.assert_close(model(images), model.activations(images)[1])
    model.train()
    dropped = model(images)
    assert not torch.allclose(dropped, model.activations(images)[1])


def test_more_poolings_than_the_image_can_take():
    with pytest.raises(InputError, match="model.filters: 4 poolings leave nothing"):
        build(SETTINGS | {"filters": [2, 2, 2, 2]}, (8, 8), 3)


def test_initial_weights_are_glorot_uniform_and_biases_zero():
    model = build(SETTINGS | {"filters": [8], "hidden": [200]}, (8, 8, 3), 10)
    initialise(model, 0)
    weights = model.state_dict()
    fans = {
        "convolutions.0.weight": (9 * 3, 9 * 8),
        "head.hidden.0.weight": (8 * 16, 200),
        "head.output.weight": (200, 10),
    }
    for name, (fan_in, fan_out) in fans.items():
        limit = np.sqrt(6 / (fan_in + fan_out))
        largest, sd = weights[name].abs().max().item(), weights[name].std().item()
        assert 0.95 * limit < largest <= limit * (1 + 1e-6), name
        assert sd == pytest.approx(limit / np.sqrt(3), rel=0.1), name
        assert not weights[name.replace("weight", "bias")].any()


def test_initial_weights_follow_the_seed():
    first, again, other = (build(SETTINGS, (4, 4), 3) for _ in range(3))
    for model, seed in ((first, 1), (again, 1), (other, 2)):
        torch.manual_seed(seed + 10)  # the global state must not matter
        initialise(model, seed)
    assert torch.equal(first.output.weight, again.output.weight)
    assert not torch.equal(first.output.weight, other.output.weight)
