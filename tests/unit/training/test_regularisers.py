import numpy as np
import pytest
import torch
from layers import class_values, write_layers
from samples import blocks_of
from torch import nn

from neurons.communities.entropy import layer_entropy
from neurons.dumps.format import Dump
from neurons.graphs.overlap_modularity import modularity, weighted_belonging
from neurons.graphs.pattern_graph import activation_graph
from neurons.measures import selectivity as table_selectivity
from neurons.measures.layer import Layer
from neurons.networks.plain import MLP, initialise
from neurons.training.regularisers import (
    Regulariser,
    penalise,
    random_direction,
    selectivity,
    sham_gradients,
    soft_entropy,
    soft_modularity,
    top_sets,
)

COUNTS = [12, 9, 15]
TOP = 4


@pytest.fixture
def batch(rng):
    """Activations of double precision (B, n), one neuron dead, and labels."""
    values, labels = class_values(rng, COUNTS, 7)
    values[:, 2] = 0
    return torch.from_numpy(values.astype(np.float64)), torch.from_numpy(labels)


def graph_of(batch):
    values, labels = batch[0].numpy().astype("f4"), batch[1].numpy()
    return activation_graph(blocks_of(values, labels), np.array(COUNTS), values.shape[1], TOP)


def sets_of(batch):
    values, labels = batch[0].numpy().astype("f4"), batch[1].numpy()
    means = np.array([values[labels == c].mean(axis=0, dtype=np.float64) for c in range(len(COUNTS))])
    return top_sets(torch.from_numpy(means), TOP), torch.from_numpy(means)


def positive(values):
    """Every activation well above 0, so that no finite difference crosses the ReLU's corner."""
    return (
        values + 0.5 + torch.rand(values.shape, generator=torch.Generator().manual_seed(0)).double()
    ).requires_grad_()


def test_gradients_are_those_of_finite_differences(batch):
    values, labels = positive(batch[0]), batch[1]
    sets, means = sets_of((values.detach(), labels))
    assert torch.autograd.gradcheck(lambda v: selectivity(v, labels, 3), values)
    assert torch.autograd.gradcheck(lambda v: soft_entropy(v, 0.1), values)
    assert torch.autograd.gradcheck(lambda v: soft_modularity(v, labels, sets, means, 0.3), values)


def test_zeros_have_a_finite_gradient(batch):
    values, labels = batch[0].clone().requires_grad_(), batch[1]
    total = selectivity(values, labels, 3) + soft_entropy(values) + soft_modularity(values, labels, *sets_of(batch))
    total.backward()
    assert torch.isfinite(values.grad).all() and (values.grad != 0).any()


def test_selectivity_of_all_samples_is_the_tables(batch, tmp_path):
    path = write_layers(tmp_path / "01.h5", {"dense_1": batch[0].numpy()}, batch[1].numpy())
    with Dump(path) as dump:
        expected = table_selectivity.selectivity(Layer(dump, "dense_1"))
    assert selectivity(*batch, 3).item() == pytest.approx(expected, rel=1e-6)


def test_soft_entropy_becomes_the_tables(batch):
    values, labels = batch[0].numpy().astype("f4"), batch[1].numpy()
    expected = layer_entropy(blocks_of(values, labels), 3, values.shape[1]).overall.sum()
    errors = [abs(soft_entropy(batch[0], tau).item() - expected) for tau in (0.1, 0.01, 1e-7)]
    assert errors[0] > errors[1] > errors[2] and errors[2] < 1e-6


def test_soft_modularity_becomes_the_tables_equation_4(batch):
    graph, (sets, means) = graph_of(batch), sets_of(batch)
    np.testing.assert_array_equal(sets.numpy()[:, graph.neurons], graph.membership)
    expected = modularity(graph.adjacency, weighted_belonging(graph.adjacency, graph.membership))
    errors = [abs(soft_modularity(*batch, sets, means, tau).item() - expected) for tau in (1.0, 0.1, 1e-9)]
    assert errors[0] > errors[1] > errors[2] and errors[2] < 1e-9


def literal_soft_modularity(values, labels, sets, means, tau) -> float:
    """Eq. 4 over all pairs of vertices, one by one, of co-activations one by one."""
    used = np.flatnonzero(sets.any(axis=0))
    weights = np.zeros((len(used), len(used)))
    for i in range(len(sets)):
        rows = values[labels == i]
        for a, p in enumerate(used):
            for b, q in enumerate(used):
                if p != q and sets[i, p] and sets[i, q] and len(rows):
                    both = [1 / (1 + np.exp(-(rows[:, n] - means[i, n]) / tau)) for n in (p, q)]
                    weights[a, b] += np.mean(both[0] * both[1])
    total, degree, value = weights.sum(), weights.sum(axis=1), 0.0
    strength = np.array(
        [[weights[a, sets[c, used]].sum() * sets[c, p] for c in range(len(sets))] for a, p in enumerate(used)]
    )
    member = sets[:, used].T
    alpha = np.array([s / s.sum() if s.any() else m / m.sum() for s, m in zip(strength, member)])
    for a, b, c in np.ndindex(len(used), len(used), len(sets)):
        value += alpha[a, c] * alpha[b, c] * (weights[a, b] - degree[a] * degree[b] / total) / total
    return value


@pytest.mark.parametrize("tau", [0.05, 0.5])
def test_soft_modularity_is_the_loop(batch, tau):
    sets, means = sets_of(batch)
    expected = literal_soft_modularity(*(x.numpy() for x in (*batch, sets, means)), tau)
    assert soft_modularity(*batch, sets, means, tau).item() == pytest.approx(expected, rel=1e-9)


def test_a_batch_without_some_class(batch):
    values, labels = batch[0][:21], batch[1][:21]
    sets, means = sets_of(batch)
    expected = literal_soft_modularity(*(x.numpy() for x in (values, labels, sets, means)), 0.5)
    assert soft_modularity(values, labels, sets, means, 0.5).item() == pytest.approx(expected, rel=1e-9)
    assert 0 < selectivity(values, labels, 3).item() < 1


def test_sets_and_means_have_no_gradient(batch):
    sets, means = sets_of(batch)
    means.requires_grad_()
    values = batch[0].clone().requires_grad_()
    soft_modularity(values, batch[1], sets, means).backward()
    assert means.grad is None


def test_ties_go_to_the_lower_number():
    assert top_sets(torch.tensor([[1.0, 2, 2, 2], [0, 0, 0, 0]]), 2).tolist() == [
        [False, True, True, False],
        [True, True, False, False],
    ]


@pytest.mark.parametrize("function", [lambda v, y: selectivity(v, y, 3), lambda v, y: soft_entropy(v)])
def test_a_dead_layer_has_no_penalty(function):
    values = torch.zeros(6, 4, dtype=torch.float64, requires_grad=True)
    result = function(values, torch.tensor([0, 0, 1, 1, 2, 2]))
    result.backward()
    assert result.item() == 0 and not values.grad.any()


def test_a_single_class_and_a_layer_without_co_activation_have_no_penalty():
    values, labels = torch.ones(4, 3, dtype=torch.float64, requires_grad=True), torch.zeros(4, dtype=torch.int64)
    assert selectivity(values, labels, 3).item() == 0
    sets = torch.eye(3, dtype=torch.bool)  # sets of one neuron have no pairs
    assert soft_modularity(values, labels, sets, torch.zeros(3, 3, dtype=torch.float64)).item() == 0


@pytest.fixture
def network():
    model = MLP(20, [8, 6], 3).double()
    initialise(model, 0)
    generator = torch.Generator().manual_seed(1)
    images, labels = torch.rand(60, 20, generator=generator, dtype=torch.float64), torch.arange(60) % 3
    return model, images, labels


def batches_of(model, images, labels, size=17):
    def batches():
        for x, y in zip(images.split(size), labels.split(size)):
            yield model.activations(x)[0], y

    return batches


@pytest.mark.parametrize("measure", ["selectivity", "entropy", "modularity"])
@pytest.mark.parametrize("strength", [-0.05, 0.05])
def test_a_regulariser_moves_its_measure_the_way_of_its_sign(network, measure, strength):
    model, images, labels = network
    penalty = Regulariser(measure, 3, top=3)
    penalty.refresh(batches_of(model, images, labels))
    values = []
    for _ in range(20):
        value = penalty(model.activations(images)[0], labels)
        values.append(value.item())
        model.zero_grad()
        penalise(value, list(model.parameters()), strength)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= parameter.grad
    assert (values[-1] - values[0]) * strength < 0


@pytest.mark.parametrize("size", [1, 17, 60])
def test_refresh_takes_the_means_of_the_whole_set(network, size):
    model, images, labels = network
    penalty = Regulariser("modularity", 3, top=3)
    penalty.refresh(batches_of(model, images, labels, size))
    with torch.no_grad():
        layers = model.activations(images)[0]
    value = penalty(layers, labels).item()
    expected = []
    for layer in layers:
        means = torch.stack([layer[labels == c].mean(0) for c in range(3)])
        expected.append(soft_modularity(layer, labels, top_sets(means, 3), means).item())
    assert value == pytest.approx(np.mean(expected), rel=1e-9)


def test_the_sham_pushes_as_hard_the_way_of_its_direction(network):
    model, images, labels = network
    parameters = list(model.parameters())
    direction = random_direction(parameters, torch.Generator().manual_seed(3))
    value = Regulariser("selectivity", 3)(model.activations(images)[0], labels)
    own = torch.autograd.grad(value, parameters, retain_graph=True, materialize_grads=True)
    sham = sham_gradients(own, direction)
    flat = [torch.cat([g.flatten() for g in some]) for some in (own, sham, direction)]
    assert flat[1].norm().item() == pytest.approx(flat[0].norm().item()) and flat[2].norm().item() == pytest.approx(1)
    assert (flat[1] @ flat[2]).item() == pytest.approx(flat[1].norm().item())
    assert abs((flat[0] @ flat[2]).item()) < 0.4 * flat[0].norm().item()
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    penalise(value, parameters, -2.0, direction)
    for parameter, gradient in zip(parameters, sham):
        torch.testing.assert_close(parameter.grad, 1 - 2 * gradient)


def test_penalise_is_the_gradient_of_the_summed_loss(network):
    model, images, labels = network
    parameters, penalty = list(model.parameters()), Regulariser("entropy", 3)

    def parts():
        layers, logits = model.activations(images)
        return nn.functional.cross_entropy(logits, labels), penalty(layers, labels)

    loss, value = parts()
    expected = torch.autograd.grad(loss + 0.3 * value, parameters, allow_unused=True)
    loss, value = parts()
    loss.backward(retain_graph=True)
    penalise(value, parameters, 0.3)
    for parameter, gradient in zip(parameters, expected):
        torch.testing.assert_close(parameter.grad, gradient)
