"""Optimisers and learning rates, by the names that the schema gives them."""

from math import cos, pi

import torch

from neurons.core.errors import choose


def _adam(options: dict, parameters) -> torch.optim.Optimizer:
    # Fused: one pass over the weights.
    return torch.optim.Adam(
        parameters,
        lr=options["learning_rate"],
        eps=options["epsilon"],
        weight_decay=options["weight_decay"],
        fused=True,
    )


def _sgd(options: dict, parameters) -> torch.optim.Optimizer:
    return torch.optim.SGD(
        parameters,
        lr=options["learning_rate"],
        momentum=options["momentum"],
        weight_decay=options["weight_decay"],
        fused=True,
    )


def _rmsprop(options: dict, parameters) -> torch.optim.Optimizer:
    # The mean square decays by a factor of 0.9 a step, as Keras' does (PyTorch's default is 0.99).
    return torch.optim.RMSprop(
        parameters,
        lr=options["learning_rate"],
        alpha=0.9,
        eps=options["epsilon"],
        momentum=options["momentum"],
        weight_decay=options["weight_decay"],
    )


OPTIMISERS = {"adam": _adam, "sgd": _sgd, "rmsprop": _rmsprop}


def make_optimizer(options: dict, parameters) -> torch.optim.Optimizer:
    """Return the optimiser of a run's `training` settings.

    Raises
    ------
    InputError
        If `optimizer` is not one of `OPTIMISERS`.
    """
    return choose(OPTIMISERS, options["optimizer"], "training.optimizer")(options, parameters)


def _cosine(options: dict, epoch: int, epochs: int) -> float:
    return options["learning_rate"] * (1 + cos(pi * (epoch - 1) / epochs)) / 2


def _step(options: dict, epoch: int, epochs: int) -> float:
    drops = sum(epoch > after for after in options["schedule_epochs"])
    return options["learning_rate"] * options["schedule_factor"] ** drops


SCHEDULES = {"constant": lambda options, epoch, epochs: options["learning_rate"], "cosine": _cosine, "step": _step}


def scheduled_rate(options: dict, epoch: int, epochs: int) -> float:
    """Return the learning rate of an epoch (from 1): a function of the epoch alone, so that resuming changes nothing.

    `constant`; `cosine`: half a cosine from the full rate down towards 0 after the last epoch; `step`: times
    `schedule_factor` after each of the `schedule_epochs`.

    Raises
    ------
    InputError
        If `schedule` is not one of `SCHEDULES`.
    """
    return choose(SCHEDULES, options["schedule"], "training.schedule")(options, epoch, epochs)
