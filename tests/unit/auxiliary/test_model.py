"""The auxiliary model: against torch modules, and batched against one by one."""

import csv

import numpy as np
import pytest
import torch
from dump_files import write_dump

from neurons.auxiliary.model import (
    CONTROL,
    WEIGHTS,
    method_rows,
    network_inputs,
    predict,
    train_iterations,
    train_networks,
    write_auxiliary,
)
from neurons.auxiliary.probabilities import proposed, read_patterns, write_patterns
from neurons.core.errors import InputError

OPTIONS = {"epochs": 3, "batch_size": 16, "learning_rate": 0.01, "dropout": 0.0}
CPU = torch.device("cpu")


@pytest.fixture
def patterns(tmp_path):
    found = []
    for iteration in (1, 2, 3):
        write_dump(tmp_path / "dump.h5", seed=5, iteration=iteration, sizes=(90, 40))
        path = tmp_path / f"{iteration:02d}.h5"
        write_patterns(tmp_path / "dump.h5", path, ["all", "last1"])
        found.append(path)
    return found


def random_inputs(networks: int, n: int = 100, n_classes: int = 4):
    rng = np.random.default_rng(1)
    inputs = rng.normal(3.0, 2.0, (n, networks, 2 * n_classes)).astype(np.float32)
    return inputs, rng.integers(0, n_classes, (networks, n))


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_side_by_side_equals_one_by_one(dropout):
    inputs, labels = random_inputs(5)
    options = OPTIONS | {"dropout": dropout}
    together = train_networks(inputs, labels, options, 7, CPU)
    for m in range(5):
        alone = train_networks(inputs[:, m : m + 1], labels[m : m + 1], options, 7, CPU)
        for name, tensor in alone.one(0).items():
            torch.testing.assert_close(together.one(m)[name], tensor, rtol=1e-4, atol=1e-5)


def test_network_is_two_linear_layers_with_relu():
    inputs, labels = random_inputs(2)
    network = train_networks(inputs, labels, OPTIONS, 0, CPU).one(1)
    model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.ReLU(), torch.nn.Linear(8, 4), torch.nn.Softmax(1))
    state = {"0.weight": network["hidden_weight"].T, "0.bias": network["hidden_bias"][0]}
    model.load_state_dict(state | {"2.weight": network["output_weight"].T, "2.bias": network["output_bias"][0]})
    x = torch.from_numpy(inputs[:, 1])
    x = (x - x.mean(0)) / x.std(0, correction=0)
    torch.testing.assert_close(predict(network, inputs[:, 1]), model(x).detach(), rtol=1e-4, atol=1e-5)


def test_training_equals_plain_torch():
    """The same network trained with autograd on nn.Module, one sample order, one Adam."""
    inputs, labels = random_inputs(1, n=64)
    ours = train_networks(inputs, labels, OPTIONS | {"epochs": 1, "batch_size": 64}, 3, CPU).one(0)
    start = train_networks(inputs, labels, OPTIONS | {"epochs": 0}, 3, CPU).one(0)
    weights = [start[name].requires_grad_() for name in WEIGHTS]
    x = torch.from_numpy(inputs[:, 0])
    x = (x - x.mean(0)) / x.std(0, correction=0)
    logits = torch.relu(x @ weights[0] + weights[1]) @ weights[2] + weights[3]
    torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels[0])).backward()
    torch.optim.Adam(weights, lr=0.01, eps=1e-7).step()
    for name, weight in zip(WEIGHTS, weights):
        torch.testing.assert_close(ours[name], weight.detach(), rtol=1e-4, atol=1e-5)


def test_constant_input_is_harmless():
    inputs, labels = random_inputs(1)
    inputs[:, 0, 2] = 0.3
    network = train_networks(inputs, labels, OPTIONS, 0, CPU).one(0)
    assert network["sd"][2] == 1 and torch.isfinite(predict(network, inputs[:, 0])).all()


def test_five_methods_against_a_loop(patterns):
    found = read_patterns(patterns[0])
    networks = train_iterations([found], OPTIONS, 0, CPU)[0]
    rows = {row[:3]: row[3] for row in method_rows(found, networks)}
    assert len(rows) == 2 * 5 * 2
    for split, data in found.splits.items():
        for choice, agreement in data.agreement.items():
            y = proposed(agreement, data.predicted)
            hits = dict.fromkeys(("base", "pattern", "proposed", "auxiliary", "control"), 0)
            for d, label in enumerate(data.labels):
                both = np.r_[data.predicted[d], y[d]].astype(np.float32)[None]
                twice = np.r_[data.predicted[d], data.predicted[d]][None]
                hits["base"] += data.predicted[d].argmax() == label
                hits["pattern"] += agreement[d].argmax() == label
                hits["proposed"] += y[d].argmax() == label
                hits["auxiliary"] += predict(networks[choice], both)[0].argmax().item() == label
                hits["control"] += predict(networks[CONTROL], twice)[0].argmax().item() == label
            for method, number in hits.items():
                assert rows[choice, method, split] == pytest.approx(number / len(data.labels))


def test_control_knows_no_activations(patterns):
    data = read_patterns(patterns[0]).splits["train"]
    inputs = network_inputs(data, CONTROL)
    np.testing.assert_array_equal(inputs[:, :3], data.predicted)
    np.testing.assert_array_equal(inputs[:, 3:], data.predicted)


def test_choices_with_the_same_layers_share_a_network(tmp_path):
    write_dump(tmp_path / "d.h5", widths={"one": 3, "two": 4})
    write_patterns(tmp_path / "d.h5", tmp_path / "p.h5", ["all", "last2", "last1"])
    networks = train_iterations([read_patterns(tmp_path / "p.h5")], OPTIONS, 0, CPU)[0]
    assert list(networks) == ["all", "last2", "last1", "control"]
    assert torch.equal(networks["all"]["output_weight"], networks["last2"]["output_weight"])
    assert not torch.equal(networks["all"]["output_weight"], networks["last1"]["output_weight"])


def test_files_of_all_iterations(patterns, tmp_path):
    tables = [tmp_path / f"{i:02d}.csv" for i in (1, 2, 3)]
    write_auxiliary(patterns, OPTIONS, 0, tables, tmp_path / "models.pt", CPU)
    rows = list(csv.DictReader(tables[0].read_text().splitlines()))
    assert list(rows[0]) == ["layers", "method", "split", "accuracy"] and len(rows) == 20
    models = torch.load(tmp_path / "models.pt", weights_only=True)
    assert list(models) == ["01", "02", "03"] and list(models["01"]) == ["all", "last1", "control"]
    first = (tmp_path / "models.pt").read_bytes()
    write_auxiliary(patterns, OPTIONS, 0, tables, tmp_path / "models.pt", CPU)
    assert (tmp_path / "models.pt").read_bytes() == first


def test_iterations_of_other_samples_are_refused(patterns, tmp_path):
    write_dump(tmp_path / "dump.h5", seed=9, sizes=(80, 40))
    write_patterns(tmp_path / "dump.h5", tmp_path / "other.h5", ["all", "last1"])
    with pytest.raises(InputError, match="same samples"):
        train_iterations([read_patterns(patterns[0]), read_patterns(tmp_path / "other.h5")], OPTIONS, 0, CPU)


def test_diverging_training_says_so():
    inputs, labels = random_inputs(1)
    with pytest.raises(InputError, match="lower auxiliary.learning_rate"):
        train_networks(inputs, labels, OPTIONS | {"learning_rate": 1e38}, 0, CPU)
