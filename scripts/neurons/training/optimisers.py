"""Optimisers and learning rates, by the names that the schema gives them."""

from math import cos, pi

from torch.optim import SGD, Adam, Optimizer, RMSprop

from neurons.core.errors import choose


def _common(options: dict) -> dict:
    return {"lr": options["learning_rate"], "weight_decay": options["weight_decay"]}


OPTIMISERS = {
    # Fused: one pass over the weights.
    "adam": lambda weights, options: Adam(weights, **_common(options), eps=options["epsilon"], fused=True),
    "sgd": lambda weights, options: SGD(weights, **_common(options), momentum=options["momentum"], fused=True),
    # The mean square decays by a factor of 0.9 a step, as Keras' does (PyTorch's default is 0.99).
    "rmsprop": lambda weights, options: RMSprop(
        weights, **_common(options), alpha=0.9, eps=options["epsilon"], momentum=options["momentum"]
    ),
}


def make_optimizer(options: dict, parameters) -> Optimizer:
    """Return the optimiser of a run's `training` settings.

    Raises
    ------
    InputError
        If `optimizer` is not one of `OPTIMISERS`.
    """
    return choose(OPTIMISERS, options["optimizer"], "training.optimizer")(parameters, options)


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
