"""Training options of the CNNs: schedule, augmentation, momentum; resuming gives the same bytes."""

from math import cos, pi

import h5py
import numpy as np
import pytest
import torch

from neurons import training
from neurons.training import augment, make_optimizer, scheduled_rate, train

CPU = torch.device("cpu")
OPTIONS = {
    "optimizer": "sgd",
    "learning_rate": 0.05,
    "epsilon": 1e-7,
    "batch_size": 13,
    "iterations": 3,
    "epochs_per_iteration": 1,
    "momentum": 0.9,
    "weight_decay": 1e-3,
    "schedule": "cosine",
    "schedule_epochs": [],
    "schedule_factor": 0.1,
    "flip": True,
    "crop": 2,
    "mixed_precision": True,
}


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.h5"
    rng = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        file.attrs["classes"] = ["a", "b", "c"]
        for split, n in (("train", 40), ("test", 12)):
            file[f"{split}/images"] = rng.integers(0, 256, (n, 12, 12, 3), np.uint8)
            file[f"{split}/labels"] = np.arange(n) % 3
    return path


def run(data, folder, options=OPTIONS):
    paths = [folder / "snapshots" / f"{i:02d}.pt" for i in range(options["iterations"] + 1)]
    settings = {"model": {"name": "shufflenet_v2_x0_5"}, "training": options, "labels": "given"}
    train(data, "r", settings, 0, paths, folder / "history.csv", folder / "classes.csv", "code", CPU)
    return {path.name: path.read_bytes() for path in [*paths, folder / "history.csv", folder / "classes.csv"]}


def test_resumed_training_gives_the_same_bytes(data, tmp_path, monkeypatch):
    torch.set_num_threads(1)
    whole = run(data, tmp_path / "whole")
    real, epochs = training.train_epoch, []

    def killed(*args, **kwargs):
        if len(epochs) == 2:
            raise KeyboardInterrupt
        epochs.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(training, "train_epoch", killed)
    with pytest.raises(KeyboardInterrupt):
        run(data, tmp_path / "resumed")
    monkeypatch.setattr(training, "train_epoch", real)
    assert run(data, tmp_path / "resumed") == whole


def test_schedules():
    rates = [scheduled_rate(OPTIONS, epoch, 4) for epoch in (1, 2, 3, 4)]
    assert rates == pytest.approx([0.05 * (1 + cos(pi * t / 4)) / 2 for t in range(4)])
    step = OPTIONS | {"schedule": "step", "schedule_epochs": [2, 3]}
    assert [scheduled_rate(step, e, 4) for e in (1, 2, 3, 4)] == pytest.approx([0.05, 0.05, 0.005, 0.0005])
    assert scheduled_rate(OPTIONS | {"schedule": "constant"}, 3, 4) == 0.05


@pytest.mark.parametrize("shape", [(50, 6, 5), (50, 6, 5, 3)])
def test_augmented_images_are_cut_and_mirrored_ones(shape):
    torch.manual_seed(0)
    images = torch.randint(1, 256, shape, dtype=torch.uint8)
    padded = torch.zeros(shape[0], 10, 9, *shape[3:], dtype=torch.uint8)
    padded[:, 2:8, 2:7] = images
    seen = set()
    for d, image in enumerate(augment(images, True, 2)):
        found = [
            (y, x, flip)
            for flip in (False, True)
            for y in range(5)
            for x in range(5)
            if torch.equal(image, (padded[d].flip(1) if flip else padded[d])[y : y + 6, x : x + 5])
        ]
        assert found
        seen.update(found)
    assert len(seen) > 15
    torch.testing.assert_close(augment(images, False, 0), images)


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


def test_last_batch_of_one_joins_the_one_before_where_batches_are_normalised():
    assert [len(batch) for batch in training._batches(27, 13, True, CPU)] == [13, 14]
    assert [len(batch) for batch in training._batches(27, 13, False, CPU)] == [13, 13, 1]
