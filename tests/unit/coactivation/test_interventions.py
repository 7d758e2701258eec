import dataclasses

import numpy as np
import pandas as pd
import pytest
import torch
from graphs import random_graph
from torch import nn

from neurons.coactivation.interventions import (
    SILENCING_COLUMNS,
    layer_to_set,
    logits_of,
    predictions_by_k,
    random_like,
    rest_of_network,
    silenced_accuracy,
    silencing_table,
    top_k_inputs,
    top_neurons,
)
from neurons.networks.build import build
from neurons.networks.device import pixels
from neurons.networks.plain import initialise
from neurons.networks.tapped import TappedClassifier
from neurons.training.evaluation import Split

CPU, BLANK = torch.device("cpu"), torch.zeros(1, 4, 4)


@pytest.fixture
def net():
    """Two filters, then dense layers of 8 and 8, on 4 x 4 images and 3 classes."""
    model = build({"filters": [2], "hidden": [8, 8], "dropout": 0.4}, (4, 4), 3)
    initialise(model, 1)
    return model.eval()


@pytest.fixture
def samples():
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (200, 4, 4), generator=generator, dtype=torch.uint8)
    return Split(images, torch.randint(0, 3, (200,), generator=generator))


@pytest.mark.parametrize("filters", [[], [2]])
def test_the_rest_of_the_network_goes_on_from_the_first_dense_layer(samples, filters):
    model = build({"filters": filters, "hidden": [8, 6, 5], "dropout": 0.4}, (4, 4), 3)
    initialise(model, 0)
    model.eval()
    with torch.inference_mode():
        layers, logits = model.activations(pixels(samples.images))
        rest = rest_of_network(model, "dense_1", pixels(samples.images[:1]))
        torch.testing.assert_close(rest(layers[len(filters)]), logits)


def test_hand_set_activations_give_the_hand_computed_prediction():
    model = build({"filters": [], "hidden": [3, 2], "dropout": 0.0}, (1, 2), 2)
    with torch.no_grad():
        model.hidden[1].weight.copy_(torch.tensor([[1.0, -1.0, 0.0], [0.0, 2.0, -3.0]]))
        model.hidden[1].bias.copy_(torch.tensor([0.5, -1.0]))
        model.output.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
        model.output.bias.zero_()
    rest = rest_of_network(model, "dense_1", torch.zeros(1, 1, 2))
    # First neuron at 2: relu(2.5), relu(-1); second at 4: relu(-3.5), relu(7).
    np.testing.assert_allclose(rest(torch.tensor([[2.0, 0, 0], [0, 4.0, 0]])).detach(), [[2.5, 0], [0, 7]])


def test_top_neurons_are_sorted_and_alive():
    graph = random_graph()
    nodes = np.arange(2, 10)
    for c, order in enumerate(top_neurons(graph, nodes)):
        values = graph.weights[nodes[order], 18 + c]
        assert (np.diff(values) <= 0).all() and len(order) == 7 and 0 not in order  # 0 is dead


def test_inputs_have_k_neurons_at_their_maximum():
    values = top_k_inputs(np.array([1.0, 2, 3, 4]), [np.array([2, 0, 1]), np.array([3, 1])], 3)
    np.testing.assert_array_equal(values, [[1, 2, 3, 0], [0, 2, 0, 4]])


def test_figure2_equals_running_each_class_by_hand(net):
    graph = random_graph(5)
    rows, shares = predictions_by_k(graph, "dense_1", rest_of_network(net, "dense_1", BLANK), 50, CPU)
    assert len(shares) == 8 and len(rows) == 24  # the layer has 8 neurons
    for row in rows.rename(columns={"class": "own"}).itertuples():
        candidates = [n for n in range(2, 10) if graph.live[n]]
        best = sorted(candidates, key=lambda n: -graph.weights[n, 18 + row.own])[: row.k]
        x = torch.zeros(8)
        for node in best:
            x[node - 2] = float(graph.maximum[node])
        with torch.inference_mode():
            h = torch.relu(net.head.hidden[1](x))
            chances = net.head.output(h).softmax(0)
        assert row.predicted == int(chances.argmax())
        assert row.probability == pytest.approx(chances[row.predicted].item(), abs=1e-6)
    for share in shares.itertuples():
        right = rows[rows["k"] == share.k]["right"].sum()
        assert share.classes_right == right and share.all_right == int(right == 3)


def test_the_smallest_k_is_marked_once():
    graph = random_graph(1)
    passing = nn.Linear(8, 3, bias=False)  # class c listens to its own top neuron alone
    with torch.no_grad():
        passing.weight.zero_()
        for c, order in enumerate(top_neurons(graph, np.arange(2, 10))):
            passing.weight[c, order[0]] += 1
    _, shares = predictions_by_k(graph, "dense_1", passing, 5, CPU)
    expected = shares.loc[shares["all_right"] == 1, "k"].min()
    assert shares["smallest"].sum() == shares["all_right"].max()
    if shares["smallest"].any():
        assert shares.loc[shares["smallest"] == 1, "k"].iloc[0] == expected


def test_logits_are_those_of_the_samples_asked_for(net, samples):
    index = np.random.default_rng(0).permutation(200)[:77]
    with torch.no_grad():
        expected = [net(samples.images[[i]].float() / 255)[0].tolist() for i in index]
    np.testing.assert_allclose(logits_of(net, samples, index), expected, rtol=1e-4, atol=1e-5)


def test_a_silenced_neuron_is_0_and_the_network_is_put_back(net, samples):
    before = {name: value.clone() for name, value in net.state_dict().items()}
    chosen = [("conv_1", 1), ("dense_1", 0), ("dense_1", 3), ("dense_2", 5)]
    with torch.inference_mode():
        maps = torch.relu(net.convolutions[0](pixels(samples.images).unsqueeze(1)))
        maps[:, 1] = 0
        x = nn.functional.max_pool2d(maps, 2).flatten(1)
        first = torch.relu(net.head.hidden[0](x))
        first[:, [0, 3]] = 0
        second = torch.relu(net.head.hidden[1](first))
        second[:, 5] = 0
        hits = net.head.output(second).argmax(1) == samples.labels
    assert silenced_accuracy(net, samples, chosen) == pytest.approx(hits.double().mean().item())
    for name, value in net.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)


def test_the_first_dense_layer_is_set(net, capsys):
    assert layer_to_set(random_graph(), net, BLANK) == "dense_1"
    rest_of_network(net, "dense_1", BLANK)
    assert capsys.readouterr().out == ""


def test_a_path_around_the_layer_is_said(capsys):
    class Around(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = nn.Linear(4, 3), nn.Linear(4, 3)

        def forward(self, x):
            x = x.flatten(1)
            return torch.relu(self.one(x)) + self.two(x)

    torch.manual_seed(0)
    model = TappedClassifier(Around(), (2, 2), {"name": "around"}).eval()
    rest = rest_of_network(model, "relu", torch.zeros(1, 2, 2))
    assert "paths lead around layer relu" in capsys.readouterr().out
    values = torch.tensor([[1.0, 0, 2]])
    torch.testing.assert_close(rest(values), values + model.classifier.two.bias)


def test_without_dense_layers_the_last_maps_are_set_and_filled():
    torch.manual_seed(0)
    model = build({"name": "resnet18", "stem": "small"}, (8, 8, 3), 3).eval()
    names = list(model.layer_widths())
    graph = random_graph()
    hidden = np.repeat(names, 2)
    classes = graph.layer[~graph.hidden]
    layers = np.concatenate([hidden, classes])
    graph = dataclasses.replace(
        graph, layer=layers, kind=np.array(["unit"] * len(hidden) + ["class"] * len(classes), object)
    )
    blank = torch.zeros(1, 8, 8, 3)
    assert layer_to_set(graph, model, blank) == names[-1] == "layer4.1.relu_1"
    values = torch.rand(2, 512)
    with torch.inference_mode():
        # A map that is filled with a value has it as its mean, which is what the last layer takes.
        torch.testing.assert_close(rest_of_network(model, names[-1], blank)(values), model.classifier.fc(values))


def test_a_silenced_filter_of_torchvisions_is_0_all_over_its_map():
    torch.manual_seed(0)
    model = build({"name": "vgg11"}, (32, 32, 3), 3).eval()
    names, classifier = list(model.layer_widths()), model.classifier
    generator = torch.Generator().manual_seed(1)
    images = torch.randint(0, 256, (20, 32, 32, 3), generator=generator, dtype=torch.uint8)
    chosen = [(names[1], 5), (names[1], 9), (names[-1], 4)]
    with torch.no_grad():
        x = pixels(images).permute(0, 3, 1, 2)
        for i, module in enumerate(classifier.features):
            x = module(x)
            if f"features.{i}" == names[1]:
                x[:, [5, 9]] = 0
        x = classifier.avgpool(x).flatten(1)
        for i, module in enumerate(classifier.classifier):
            x = module(x)
            if f"classifier.{i}" == names[-1]:
                x[:, 4] = 0
        best = x.argmax(1)
        labels = best.clone()
        labels[:7] = (labels[:7] + 1) % 3
    test = Split(images, labels)
    assert silenced_accuracy(model, test, chosen) == pytest.approx(13 / 20)
    shifted = silenced_accuracy(model, test, [(names[-1], n) for n in range(4096)])  # only the last bias is left
    assert shifted == pytest.approx((labels == classifier.classifier[-1].bias.argmax()).double().mean().item())


def test_random_neurons_are_of_the_same_layers():
    layers = np.repeat(["a", "b", "c"], [5, 10, 20])
    chosen = np.array([0, 1, 2, 6, 16, 17])
    rows = random_like(layers, chosen, np.random.default_rng(0))
    assert len(set(rows)) == 6
    names, counts = np.unique(layers[rows], return_counts=True)
    assert dict(zip(names, counts)) == {"a": 3, "b": 1, "c": 2}


def test_silencing_takes_the_most_central_and_repeats_itself():
    centrality = pd.DataFrame(
        {"layer": ["a"] * 5 + ["b"] * 6, "neuron": [*range(5), *range(6)], "strength": np.r_[99, np.arange(10.0)]}
    ).assign(live=[0] + [1] * 10)
    asked = []

    def accuracy(neurons):
        asked.append(neurons)
        return 1 - len(neurons) / 100

    table = silencing_table(centrality, ("strength",), [0.2, 0.5], 3, accuracy)
    assert asked[0] == [] and asked[1] == [("b", 5), ("b", 4)]
    counts = table.groupby(["choice", "share"]).size()
    assert counts["strength", 0.2] == 1 and counts["random", 0.5] == 3 and counts["random_like_strength", 0.5] == 3
    np.testing.assert_allclose(table["accuracy_lost"], table["neurons"] / 100)
    assert ("a", 0) not in {neuron for neurons in asked for neuron in neurons}  # it is dead
    first = list(asked)
    asked.clear()
    silencing_table(centrality, ("strength",), [0.2, 0.5], 3, accuracy)
    assert asked == first


def test_a_network_whose_neurons_all_died_has_none_to_silence():
    centrality = pd.DataFrame({"layer": ["one"] * 3, "neuron": range(3), "live": 0, "strength": 0.0})
    table = silencing_table(centrality, ("strength",), [0.2], 3, lambda chosen: pytest.fail("silenced"))
    assert table.empty and list(table) == list(SILENCING_COLUMNS)
