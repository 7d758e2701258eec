"""Measures of the network and of its weights against loops, numpy and direct evaluation."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from neurons.measures.landscape import margin, path_norm, sharpness
from neurons.measures.network import Network
from neurons.measures.weights import distance_from_start, spectral_norm, weight_norm
from neurons.networks.build import build
from neurons.networks.plain import MLP, ConvNet, initialise

torch.set_num_threads(1)  # arrays this small


def images_of(rng, n=50, shape=(4, 5), classes=3):
    labels = rng.permutation(np.arange(n) % classes)
    images = rng.integers(0, 120, (n, *shape)) + 60 * labels.reshape(-1, *[1] * len(shape))
    return images.astype(np.uint8), labels


def with_biases(model, seed=0):
    initialise(model, seed)
    generator = torch.Generator().manual_seed(seed)
    for name, values in model.named_parameters():
        if name.endswith("bias"):
            nn.init.uniform_(values, -0.2, 0.2, generator=generator)
    return model


@pytest.fixture(params=["mlp", "convnet"])
def model(request):
    return with_biases(MLP(20, [7, 6], 3, 0.5) if request.param == "mlp" else ConvNet((4, 5), [4], [6], 3, 0.5))


def literal_margin(model, images, labels) -> float:
    values = []
    dense = model.head if isinstance(model, ConvNet) else model
    weight, bias = dense.output.weight.detach().numpy(), dense.output.bias.detach().numpy()
    for image, label in zip(images, labels):
        with torch.no_grad():
            layers, _ = model.eval().activations(torch.from_numpy(image[None] / 255).float())
        last = layers[-1][0].numpy()
        logits = weight @ last + bias
        best = max(logit for c, logit in enumerate(logits) if c != label)
        values.append((logits[label] - best) / np.linalg.norm(last))
    return float(np.percentile(values, 10))


@pytest.mark.parametrize("block", [1, 7, 50, 1024])
def test_margin_is_the_loop(model, rng, block):
    images, labels = images_of(rng)
    network = Network(model, images, labels)
    network.block = block
    assert margin(network) == pytest.approx(literal_margin(model, images, labels), rel=1e-4)


def test_margin_leaves_no_hook_behind(model, rng):
    margin(Network(model, *images_of(rng)))
    assert not any(module._forward_pre_hooks for module in model.modules())


def test_margin_of_a_dead_last_layer_is_zero_and_of_one_class_not_defined(rng):
    images, labels = images_of(rng)
    dead = MLP(20, [5], 3)
    with torch.no_grad():
        dead.hidden[0].weight.zero_()
        dead.hidden[0].bias.fill_(-1)
    assert margin(Network(dead, images, labels)) == 0
    assert np.isnan(margin(Network(MLP(20, [5], 1), images, 0 * labels)))


def test_margin_needs_a_linear_layer(rng):
    class Convolution(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Conv2d(1, 3, (4, 5))

        def forward(self, x):
            return self.layer(x[:, None]).flatten(1)

    assert np.isnan(margin(Network(Convolution(), *images_of(rng))))


def test_path_norm_sums_over_all_paths():
    model = with_biases(MLP(3, [4, 2], 2))
    weights = {name: value.numpy().astype(float) ** 2 for name, value in model.state_dict().items()}
    first, second, last = (weights[f"{name}.weight"] for name in ("hidden.0", "hidden.1", "output"))
    total = sum(
        first[j, i] * second[k, j] * last[c, k] for i, j, k, c in product(range(3), range(4), range(2), range(2))
    )
    total += sum(weights["hidden.0.bias"][j] * second[k, j] * last[c, k] for j, k, c in product(*map(range, (4, 2, 2))))
    total += sum(weights["hidden.1.bias"][k] * last[c, k] for k, c in product(range(2), range(2)))
    total += weights["output.bias"].sum()
    network = Network(model, np.zeros((1, 3), np.uint8), np.zeros(1, int))
    assert path_norm(network) == pytest.approx(total, rel=1e-6)


def test_path_norm_of_a_convolution_is_that_of_its_matrix(rng):
    """Every pixel of the image is an input; the maps are pooled by their maximum, as in the network."""
    model = with_biases(ConvNet((4, 4), [2], [3], 2))
    state = {name: value.numpy().astype(float) ** 2 for name, value in model.state_dict().items()}
    kernel, maps = state["convolutions.0.weight"], np.zeros((2, 4, 4))
    for f, y, x, dy, dx in np.ndindex(2, 4, 4, 3, 3):
        if 0 <= y + dy - 1 < 4 and 0 <= x + dx - 1 < 4:
            maps[f, y, x] += kernel[f, 0, dy, dx]
    maps += state["convolutions.0.bias"][:, None, None]
    values = maps.reshape(2, 2, 2, 2, 2).max(axis=(2, 4)).reshape(-1)
    for name in ("hidden.0", "output"):
        values = state[f"head.{name}.weight"] @ values + state[f"head.{name}.bias"]
    network = Network(model, np.zeros((1, 4, 4), np.uint8), np.zeros(1, int))
    assert path_norm(network) == pytest.approx(values.sum(), rel=1e-6)


def test_path_norm_leaves_the_network_alone_and_is_left_out_with_normalisation(model, rng):
    network = Network(model, *images_of(rng))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    path_norm(network)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    normalised = nn.Sequential(nn.Flatten(), nn.Linear(20, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))
    assert np.isnan(path_norm(Network(normalised, *images_of(rng))))


def test_path_norm_does_not_change_when_a_neuron_is_rescaled():
    model = with_biases(MLP(5, [6], 3))
    network = Network(model, np.zeros((1, 5), np.uint8), np.zeros(1, int))
    before = path_norm(network)
    with torch.no_grad():
        model.hidden[0].weight *= 4
        model.hidden[0].bias *= 4
        model.output.weight /= 4
    assert path_norm(network) == pytest.approx(before, rel=1e-9)


def predictions(model, images) -> np.ndarray:
    with torch.no_grad():
        return model.eval()(torch.from_numpy(images / 255).float()).argmax(1).numpy()


def trained(rng, epochs=80):
    images, labels = images_of(rng, n=90)
    model = with_biases(MLP(20, [12], 3))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    x, y = torch.from_numpy(images / 255).float(), torch.from_numpy(labels)
    for _ in range(epochs):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
    return Network(model, images, labels)


def literal_noisy_accuracy(network, images, labels, sigma, seed, draws) -> float:
    """Mean accuracy over draws of noise, of matrix products in numpy."""
    state = {name: value.detach().clone() for name, value in network.model.named_parameters()}
    values = []
    for draw in range(draws):
        seed_here = int(np.random.SeedSequence((seed, draw)).generate_state(1)[0])
        generator = torch.Generator().manual_seed(seed_here)
        w = {n: (p + sigma * torch.randn(p.shape, generator=generator)).numpy() for n, p in state.items()}
        hidden = np.maximum(images.reshape(len(images), -1) / 255 @ w["hidden.0.weight"].T + w["hidden.0.bias"], 0)
        logits = hidden @ w["output.weight"].T + w["output.bias"]
        values.append(np.mean(logits.argmax(axis=1) == labels))
    return float(np.mean(values))


def test_sharpness_is_the_last_sigma_that_holds_by_direct_evaluation(rng):
    network = trained(rng)
    images, labels = network.sample(1000, 0)
    sigma = sharpness(network)
    own = literal_noisy_accuracy(network, images, labels, 0.0, 0, 1)
    assert own > 0.9
    assert literal_noisy_accuracy(network, images, labels, sigma, 0, 10) >= own - 0.1 - 1e-9
    assert literal_noisy_accuracy(network, images, labels, 1.02 * sigma, 0, 10) < own - 0.1 - 1e-9


def test_sharpness_leaves_the_weights_as_they_were_and_follows_its_seed(rng):
    network = trained(rng)
    before = {name: value.clone() for name, value in network.model.state_dict().items()}
    first, again, other = sharpness(network), sharpness(network), sharpness(network, seed=1)
    assert all(torch.equal(before[name], value) for name, value in network.model.state_dict().items())
    assert first == again != other
    assert other == pytest.approx(first, rel=0.5)


def test_sharpness_grows_with_the_scale_of_the_weights(rng):
    """A linear classifier times 16: the same predictions, 16 times the noise to change them."""
    images, _ = images_of(rng, n=60)
    model = with_biases(MLP(20, [], 3))
    labels = predictions(model, images)
    assert len(set(labels)) > 1
    small = sharpness(Network(model, images, labels))
    with torch.no_grad():
        model.output.weight *= 16
        model.output.bias *= 16
    assert sharpness(Network(model, images, labels)) == pytest.approx(16 * small, rel=1e-6)


def test_sharpness_of_a_single_class_is_not_defined(rng):
    images, labels = images_of(rng)
    assert np.isnan(sharpness(Network(MLP(20, [4], 1), images, 0 * labels), draws=1))


def test_sharpness_of_a_network_at_the_edge_is_small_but_found(rng):
    """Logits that differ by 1e-4: noise of 1e-2 already swaps them."""
    images, labels = images_of(rng, classes=2)
    model = MLP(20, [], 2)
    with torch.no_grad():
        model.output.weight.zero_()
        model.output.bias.copy_(torch.tensor([1e-4, 0.0]))
    assert 0 < sharpness(Network(model, images, 0 * labels)) < 1e-2


def test_sharpness_of_classes_that_tie_is_zero(rng):
    images, labels = images_of(rng)
    model = MLP(20, [4], 3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    assert sharpness(Network(model, images, 0 * labels), draws=3) == 0


@pytest.fixture
def states(rng):
    def state():
        return {
            "conv.weight": rng.normal(size=(4, 3, 3, 3)).astype("f4"),
            "conv.bias": rng.normal(size=4).astype("f4"),
            "norm.weight": np.full(4, 100, "f4"),
            "dense.weight": rng.normal(size=(5, 4)).astype("f4"),
        }

    return state(), state()


def test_norms_of_weights_are_those_of_numpy(states):
    weights, first = states
    kernel, dense = weights["conv.weight"].reshape(4, 27).astype(float), weights["dense.weight"].astype(float)
    flat = np.concatenate([kernel.ravel(), dense.ravel()])
    start = np.concatenate([first["conv.weight"].ravel(), first["dense.weight"].ravel()]).astype(float)
    assert weight_norm(weights, first) == pytest.approx(np.linalg.norm(flat))
    assert distance_from_start(weights, first) == pytest.approx(np.linalg.norm(flat - start))
    expected = np.sqrt(np.linalg.eigvalsh(kernel @ kernel.T)[-1] * np.linalg.eigvalsh(dense.T @ dense)[-1])
    assert spectral_norm(weights, first) == pytest.approx(expected)


def test_distance_from_itself_is_zero(states):
    assert distance_from_start(states[0], states[0]) == 0


def test_a_tapped_network_has_margin_and_sharpness(rng):
    settings = {"name": "resnet18", "filters": [], "hidden": [], "dropout": 0, "stem": "small"}
    torch.manual_seed(0)  # torchvision draws its own weights, and some networks no noise moves
    model = build(settings, (16, 16, 3), 3)
    images, _ = images_of(rng, n=12, shape=(16, 16, 3))
    network = Network(model, images, predictions(model, images))
    assert 0 < margin(network) < np.inf and np.isnan(path_norm(network))
    assert 0 < sharpness(network, draws=1, steps=0) < 2**10
