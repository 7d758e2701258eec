"""Optimisers against their updates by hand, and learning rates against their formulas."""

from math import cos, pi

import numpy as np
import pytest
import torch
from samples import ALL_OPTIONS as OPTIONS

from neurons.core.errors import InputError
from neurons.training.optimisers import make_optimizer, scheduled_rate


def test_schedules():
    rates = [scheduled_rate(OPTIONS, epoch, 4) for epoch in (1, 2, 3, 4)]
    assert rates == pytest.approx([0.05 * (1 + cos(pi * t / 4)) / 2 for t in range(4)])
    step = OPTIONS | {"schedule": "step", "schedule_epochs": [2, 3]}
    assert [scheduled_rate(step, e, 4) for e in (1, 2, 3, 4)] == pytest.approx([0.05, 0.05, 0.005, 0.0005])
    assert scheduled_rate(OPTIONS | {"schedule": "constant"}, 3, 4) == 0.05


def test_sgd_takes_momentum_and_weight_decay():
    optimizer = make_optimizer(OPTIONS, [torch.nn.Parameter(torch.ones(2))])
    assert optimizer.defaults["momentum"] == 0.9 and optimizer.defaults["weight_decay"] == 1e-3


def steps_by_hand(start, gradients, optimizer, rate, epsilon, momentum, decay):
    """Follow the updates as they are printed, one weight at a time in plain Python."""
    weight, first, second, velocity = start, 0.0, 0.0, 0.0
    for t, slope in enumerate(gradients, start=1):
        slope = slope + decay * weight
        if optimizer == "adam":
            first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
            weight -= rate * (first / (1 - 0.9**t)) / ((second / (1 - 0.999**t)) ** 0.5 + epsilon)
        elif optimizer == "rmsprop":
            second = 0.9 * second + 0.1 * slope**2
            velocity = momentum * velocity + slope / (second**0.5 + epsilon)
            weight -= rate * velocity
        else:
            velocity = momentum * velocity + slope
            weight -= rate * velocity
    return weight


@pytest.mark.parametrize("momentum, decay", [(0.0, 0.0), (0.9, 1e-2)])
@pytest.mark.parametrize("name, rate", [("adam", 0.001), ("rmsprop", 0.001), ("sgd", 0.01)])
def test_optimisers_step_as_written_by_hand(name, rate, momentum, decay):
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=5), rng.normal(size=(6, 5))
    gradients[:, 4] *= 1e-6  # as small as epsilon, which then counts
    settings = OPTIONS | {"optimizer": name, "learning_rate": rate, "momentum": momentum, "weight_decay": decay}
    weights = torch.nn.Parameter(torch.tensor(start))
    optimizer = make_optimizer(settings, [weights])
    for gradient in gradients:
        weights.grad = torch.tensor(gradient)
        optimizer.step()
    wanted = [steps_by_hand(w, g, name, rate, 1e-7, momentum, decay) for w, g in zip(start, gradients.T)]
    np.testing.assert_allclose(weights.detach().numpy(), wanted, rtol=1e-9)


@pytest.mark.parametrize(
    "name, kind, group",
    [
        ("adam", torch.optim.Adam, {"lr": 0.05, "eps": 1e-7, "betas": (0.9, 0.999), "weight_decay": 1e-3}),
        ("rmsprop", torch.optim.RMSprop, {"lr": 0.05, "eps": 1e-7, "alpha": 0.9}),
        ("sgd", torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    ],
)
def test_optimisers(name, kind, group):
    optimizer = make_optimizer(OPTIONS | {"optimizer": name}, [torch.nn.Parameter(torch.zeros(2))])
    assert type(optimizer) is kind
    assert {key: optimizer.param_groups[0][key] for key in group} == group


def test_an_unknown_optimiser_or_schedule_fails():
    with pytest.raises(InputError, match="training.optimizer: 'adagrad' is not one of adam, sgd, rmsprop"):
        make_optimizer(OPTIONS | {"optimizer": "adagrad"}, [torch.nn.Parameter(torch.zeros(2))])
    with pytest.raises(InputError, match="training.schedule: 'linear' is not one of constant, cosine, step"):
        scheduled_rate(OPTIONS | {"schedule": "linear"}, 1, 4)
