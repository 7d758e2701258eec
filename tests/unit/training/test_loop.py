import copy

import h5py
import numpy as np
import pytest
import torch
from samples import files_in, read_rows

from neurons.core.errors import InputError
from neurons.core.seeds import epoch_seed
from neurons.data.dataset import mixed
from neurons.dumps.format import Dump
from neurons.dumps.write import dump
from neurons.networks.build import build
from neurons.networks.plain import initialise
from neurons.training import loop as training
from neurons.training import unfinished
from neurons.training.loop import train

SETTINGS = {
    "model": {"filters": [], "hidden": [6], "dropout": 0.1},
    "training": {
        "optimizer": "adam",
        "learning_rate": 0.01,
        "epsilon": 1e-7,
        "momentum": 0.0,
        "weight_decay": 0.0,
        "schedule": "constant",
        "flip": False,
        "crop": 0,
        "mixed_precision": False,
        "batch_size": 8,
        "iterations": 2,
        "epochs_per_iteration": 2,
    },
    "labels": "given",
}
CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def settings_with(labels="given", dropout=0.1, **options) -> dict:
    settings = copy.deepcopy(SETTINGS) | {"labels": labels}
    settings["training"] |= options
    settings["model"]["dropout"] = dropout
    return settings


def run(folder, data, settings=SETTINGS, seed=5, source="digest", name="toy") -> dict[str, bytes]:
    """Train into `folder` and return the bytes of all its files by name."""
    snapshots = [folder / "snapshots" / f"{i:02d}.pt" for i in range(settings["training"]["iterations"] + 1)]
    paths = snapshots, folder / "history.csv", folder / "class_accuracy.csv"
    train(data, name, settings, seed, *paths, source, CPU)
    return {name: (folder / name).read_bytes() for name in files_in(folder)}


def weights_of(folder, iteration: int) -> dict[str, torch.Tensor]:
    return torch.load(folder / "snapshots" / f"{iteration:02d}.pt", weights_only=True)["model"]


def literal_evaluation(weights, images, labels):
    """Classify one sample at a time with matrix products; return the hits and the mean cross-entropy."""
    w = {name: value.numpy().astype(np.float64) for name, value in weights.items()}
    hits, loss = [], 0.0
    for image, label in zip(images, labels):
        hidden = np.maximum(w["hidden.0.weight"] @ (image.ravel() / 255) + w["hidden.0.bias"], 0)
        logits = w["output.weight"] @ hidden + w["output.bias"]
        hits.append(int(logits.argmax()) == label)
        loss -= np.log(np.exp(logits[label]) / np.exp(logits).sum())
    return hits, loss / len(labels)


@pytest.mark.parametrize("labels", ["given", "mixed"])
def test_evaluated_figures_are_those_of_a_loop_over_samples(small_data, tmp_path, labels):
    path, arrays = small_data
    run(tmp_path / "out", path, settings_with(labels))
    history, by_class = (read_rows(tmp_path / "out" / name) for name in ("history.csv", "class_accuracy.csv"))
    assert [(row["iteration"], row["epoch"]) for row in history] == [("1", "2"), ("2", "4")]
    assert [(row["iteration"], row["class"]) for row in by_class] == [(i, c) for i in "12" for c in "012"]
    for row in history:
        for split in ("train", "test"):
            own = arrays[f"{split}/labels"]
            own = mixed(own, 5, split) if labels == "mixed" else own
            weights = weights_of(tmp_path / "out", int(row["iteration"]))
            hits, loss = literal_evaluation(weights, arrays[f"{split}/images"], own)
            assert float(row[f"{split}_accuracy"]) == pytest.approx(np.mean(hits), rel=1e-5)
            assert float(row[f"{split}_loss"]) == pytest.approx(loss, rel=1e-4)
            for entry in (entry for entry in by_class if entry["iteration"] == row["iteration"]):
                share = [hit for hit, label in zip(hits, own) if label == int(entry["class"])]
                assert float(entry[f"{split}_accuracy"]) == pytest.approx(np.mean(share), rel=1e-5)


def test_running_accuracy_is_that_of_plain_gradient_descent(small_data, tmp_path, monkeypatch):
    """Follow SGD by hand: forward, count the batch's hits, step. Only the order of samples is the library's."""
    path, arrays = small_data
    losses, train_epoch = [], training.train_epoch
    monkeypatch.setattr(training, "train_epoch", lambda *given: losses.append(train_epoch(*given)) or losses[-1])
    options = {"optimizer": "sgd", "learning_rate": 0.5, "epochs_per_iteration": 1, "iterations": 3}
    run(tmp_path / "out", path, settings_with(dropout=0.0, **options))
    names = ("hidden.0.weight", "hidden.0.bias", "output.weight", "output.bias")
    parameters = [weights_of(tmp_path / "out", 0)[name].double().requires_grad_() for name in names]
    images = torch.from_numpy(arrays["train/images"]).double().flatten(1) / 255
    labels = torch.from_numpy(arrays["train/labels"])
    history, by_class = (read_rows(tmp_path / "out" / name) for name in ("history.csv", "class_accuracy.csv"))
    for epoch in (1, 2, 3):
        torch.manual_seed(epoch_seed(5, epoch))
        order, hits, total = torch.randperm(41), np.zeros(41, bool), 0.0
        for start in range(0, 41, 8):
            rows = order[start : start + 8]
            w1, b1, w2, b2 = parameters
            logits = (images[rows] @ w1.T + b1).clamp(min=0) @ w2.T + b2
            own_loss = logits.logsumexp(1) - logits[range(len(rows)), labels[rows]]
            hits[rows] = (logits.argmax(1) == labels[rows]).numpy()
            total += own_loss.sum().item()
            gradients = torch.autograd.grad(own_loss.mean(), parameters)
            parameters = [(p - 0.5 * g).detach().requires_grad_() for p, g in zip(parameters, gradients)]
        assert losses[epoch - 1][0] == pytest.approx(total / 41, rel=1e-4)
        row = history[epoch - 1]
        assert float(row["running_accuracy"]) == pytest.approx(hits.mean(), rel=1e-5)
        for c in range(3):
            share = hits[arrays["train/labels"] == c].mean()
            assert float(by_class[3 * (epoch - 1) + c]["running_accuracy"]) == pytest.approx(share, rel=1e-5)
    for name, value in zip(names, parameters):
        torch.testing.assert_close(weights_of(tmp_path / "out", 3)[name].double(), value.detach(), rtol=1e-3, atol=1e-4)


def test_snapshots(small_data, tmp_path):
    files = run(tmp_path / "out", small_data[0])
    snapshots = [f"snapshots/{i}.pt" for i in ("00", "01", "02")]
    assert [name for name in files if not name.endswith(".sha256")] == ["class_accuracy.csv", "history.csv", *snapshots]
    fresh = build(SETTINGS["model"], (4, 5), 3)
    initialise(fresh, 5)
    for name, value in weights_of(tmp_path / "out", 0).items():
        assert torch.equal(value, fresh.state_dict()[name])
    for i, name in enumerate(snapshots):
        state = torch.load(tmp_path / "out" / name, weights_only=True)
        facts = {key: state[key] for key in ("run", "seed", "iteration", "epoch")}
        assert facts == {"run": "toy", "seed": 5, "iteration": i, "epoch": 2 * i}


def test_same_seed_same_bytes(small_data, tmp_path):
    first, again, other = (run(tmp_path / f"{i}", small_data[0], seed=seed) for i, seed in enumerate((5, 5, 6)))
    assert first == again
    assert first["snapshots/02.pt"] != other["snapshots/02.pt"]


class Killed(BaseException):
    pass


def kill(monkeypatch, epoch: int, saved: bool) -> None:
    """Make the next training end abruptly just before or after the state of `epoch` is saved."""
    save = unfinished.save

    def save_and_die(state, path):
        dies = path.name == "last.pt" and state["epoch"] == epoch
        if saved or not dies:
            save(state, path)
        if dies:
            raise Killed

    monkeypatch.setattr(unfinished, "save", save_and_die)


def interrupt(folder, data, epoch=3, saved=True, **options) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        kill(monkeypatch, epoch, saved)
        with pytest.raises(Killed):
            run(folder, data, **options)
    assert not [name for name in files_in(folder) if not name.startswith("unfinished/")]


def test_a_kill_while_the_unfinished_state_is_removed_does_no_harm(small_data, tmp_path, monkeypatch):
    undisturbed = run(tmp_path / "undisturbed", small_data[0])

    def remove_a_part(folder, *_, **__):
        (folder / "00.pt").unlink(missing_ok=True)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(unfinished.shutil, "rmtree", remove_a_part)
        with pytest.raises(Killed):
            interrupted = tmp_path / "out"
            (interrupted / "unfinished").mkdir(parents=True)
            patch.setattr(unfinished.shutil, "rmtree", lambda *_, **__: None)
            interrupt(interrupted, small_data[0], 3)
            patch.setattr(unfinished.shutil, "rmtree", remove_a_part)
            run(interrupted, small_data[0])
    assert run(tmp_path / "out", small_data[0]) == undisturbed


@pytest.mark.parametrize("epoch", [1, 2, 3, 4])
@pytest.mark.parametrize("saved", [False, True])
def test_an_interrupted_training_ends_with_the_same_bytes(small_data, tmp_path, capsys, epoch, saved):
    undisturbed = run(tmp_path / "undisturbed", small_data[0])
    interrupt(tmp_path / "out", small_data[0], epoch, saved)
    assert run(tmp_path / "out", small_data[0]) == undisturbed
    done = epoch if saved else epoch - 1
    assert (f"going on from epoch {done}" in capsys.readouterr().out) == (done > 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"settings": settings_with(learning_rate=0.02)},
        {"settings": settings_with("mixed")},
        {"settings": settings_with(dropout=0.2)},
        {"seed": 6},
        {"source": "edited"},
        {"name": "other"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_another_training_does_not_go_on_from_it(small_data, tmp_path, capsys, changed):
    interrupt(tmp_path / "out", small_data[0])
    assert run(tmp_path / "out", small_data[0], **changed) == run(tmp_path / "fresh", small_data[0], **changed)
    assert "going on" not in capsys.readouterr().out


def test_divergence_names_the_epoch_and_leaves_no_output(small_data, tmp_path):
    settings = settings_with(optimizer="sgd", learning_rate=1e30)
    with pytest.raises(InputError, match=r"loss is (nan|inf) in epoch 1: training diverged; lower .*learning_rate"):
        run(tmp_path / "out", small_data[0], settings)
    assert not [name for name in files_in(tmp_path / "out") if not name.startswith("unfinished/")]


def test_divergence_in_a_later_epoch(small_data, tmp_path, monkeypatch):
    losses = iter([1.0, 1.0, float("nan")])
    monkeypatch.setattr(training, "train_epoch", lambda *_: (next(losses), torch.zeros(41, dtype=torch.bool)))
    with pytest.raises(InputError, match="the training loss is nan in epoch 3"):
        run(tmp_path / "out", small_data[0])


def small_world(tmp_path, rng, train_labels, test_labels):
    """Write a converted data set of 3 x 3 images with these labels."""
    path = tmp_path / "data.h5"
    with h5py.File(path, "w") as file:
        file.attrs["classes"] = [f"class {c}" for c in range(max(train_labels) + 1)]
        for split, labels in (("train", train_labels), ("test", test_labels)):
            file[f"{split}/images"] = rng.integers(0, 256, (len(labels), 3, 3), np.uint8)
            file[f"{split}/labels"] = np.array(labels)
    return path


@pytest.mark.parametrize("labels", ["given", "mixed"])
@pytest.mark.parametrize("batch_size", [1, 2, 100])
@pytest.mark.parametrize(
    "train_labels, test_labels", [([0, 1], [0, 1]), ([0] * 9 + [1], [1, 0]), ([0, 1, 2, 1, 1], [2, 1, 0])]
)
def test_hardly_anything_is_enough_to_train_and_dump(tmp_path, rng, train_labels, test_labels, batch_size, labels):
    data = small_world(tmp_path, rng, train_labels, test_labels)
    settings = settings_with(labels, batch_size=batch_size, iterations=1, epochs_per_iteration=1)
    settings |= {"dumps": {"dtype": "float32"}}
    snapshots = [tmp_path / "snapshots" / f"{i:02d}.pt" for i in (0, 1)]
    tables = tmp_path / "history.csv", tmp_path / "class_accuracy.csv"
    train(data, "small", settings, 0, snapshots, *tables, "code", CPU)
    dump(snapshots[1], data, settings, "digest", tmp_path / "01.h5", CPU)
    (row,), by_class = read_rows(tables[0]), read_rows(tables[1])
    assert len(by_class) == max(train_labels) + 1
    assert all(0 <= float(entry[name]) <= 1 for entry in by_class for name in ("train_accuracy", "test_accuracy"))
    with Dump(tmp_path / "01.h5") as written:
        for split, own in (("train", train_labels), ("test", test_labels)):
            assert written.labels(split).tolist() == sorted(own)
            (_, outputs), *_ = written.probabilities(split)
            hits = outputs.argmax(1) == written.labels(split)
            assert float(row[f"{split}_accuracy"]) == pytest.approx(hits.mean(), rel=1e-5)


BOUND = {"learning_rate": 0.05, "iterations": 1, "epochs_per_iteration": 12}


def test_a_training_stops_after_the_first_epoch_below_its_loss(small_data, tmp_path, capsys):
    every = settings_with(**BOUND | {"iterations": 12, "epochs_per_iteration": 1})
    run(tmp_path / "every", small_data[0], every)
    losses = [float(row["train_loss"]) for row in read_rows(tmp_path / "every/history.csv")]
    epoch = next(i for i in range(4, 13) if losses[i - 1] < min(losses[: i - 1]))
    bound = (losses[epoch - 1] + min(losses[: epoch - 1])) / 2
    run(tmp_path / "out", small_data[0], settings_with(**BOUND, stop_at_loss=bound))
    (row,) = read_rows(tmp_path / "out/history.csv")
    assert (row["iteration"], row["epoch"]) == ("1", str(epoch))
    assert row | {"iteration": str(epoch)} == read_rows(tmp_path / "every/history.csv")[epoch - 1]
    for name, weights in weights_of(tmp_path / "out", 1).items():
        assert torch.equal(weights, weights_of(tmp_path / "every", epoch)[name])
    assert f"in epoch {epoch} reached stop_at_loss" in capsys.readouterr().out


def test_a_training_that_does_not_reach_its_loss_ends_at_the_cap_and_says_so(small_data, tmp_path, capsys):
    settings = settings_with(**BOUND | {"epochs_per_iteration": 3}, stop_at_loss=1e-6)
    run(tmp_path / "out", small_data[0], settings)
    (row,) = read_rows(tmp_path / "out/history.csv")
    assert row["epoch"] == "3" and "not reached: training loss" in capsys.readouterr().out


def test_a_training_killed_once_it_has_stopped_goes_no_further(small_data, tmp_path, monkeypatch):
    settings = settings_with(**BOUND, stop_at_loss=0.8)
    undisturbed = run(tmp_path / "undisturbed", small_data[0], settings)
    (row,) = read_rows(tmp_path / "undisturbed/history.csv")
    assert 1 < int(row["epoch"]) < 12

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(training.Unfinished, "publish", killed)
        run(tmp_path / "out", small_data[0], settings)
    assert run(tmp_path / "out", small_data[0], settings) == undisturbed


REGULARISER = {"measure": "selectivity", "strength": 0.7, "top_neurons": 3, "sham": False}


def test_a_regulariser_adds_its_measure_to_the_loss(small_data, tmp_path):
    """One step of plain gradient descent on the whole set, by autograd on a loss written out here."""
    path, arrays = small_data
    step = {"optimizer": "sgd", "learning_rate": 0.5, "batch_size": 41, "epochs_per_iteration": 1, "iterations": 1}
    run(tmp_path / "out", path, settings_with(dropout=0.0, **step, regulariser=REGULARISER))
    first = {name: value.double().requires_grad_() for name, value in weights_of(tmp_path / "out", 0).items()}
    images, labels = (torch.from_numpy(arrays[f"train/{part}"]) for part in ("images", "labels"))
    hidden = (images.double().flatten(1) / 255 @ first["hidden.0.weight"].T + first["hidden.0.bias"]).clamp(min=0)
    logits = hidden @ first["output.weight"].T + first["output.bias"]
    loss = (logits.logsumexp(1) - logits[range(41), labels]).mean()
    live = hidden[:, (hidden > 0).any(0)]
    means = torch.stack([live[labels == c].mean(0) for c in range(3)])
    most, rest = means.max(0).values, (means.sum(0) - means.max(0).values) / 2
    (loss + 0.7 * ((most - rest) / (most + rest)).mean()).backward()
    for name, weights in weights_of(tmp_path / "out", 1).items():
        expected = first[name] - 0.5 * first[name].grad
        torch.testing.assert_close(weights.double(), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("measure", ["selectivity", "entropy", "modularity"])
@pytest.mark.parametrize("sham", [False, True])
def test_a_regularised_training_is_the_same_again_and_after_a_kill(small_data, tmp_path, measure, sham):
    settings = settings_with(regulariser=REGULARISER | {"measure": measure, "sham": sham})
    settings["model"]["hidden"] = [24]
    undisturbed = run(tmp_path / "undisturbed", small_data[0], settings)
    interrupt(tmp_path / "out", small_data[0], 3, settings=settings)
    assert run(tmp_path / "out", small_data[0], settings) == undisturbed
    plain = run(tmp_path / "plain", small_data[0], settings | {"training": settings_with()["training"]})
    assert plain["snapshots/00.pt"] == undisturbed["snapshots/00.pt"]
    # The class sets of so small a network are all the same, and the modularity of one set is constant.
    assert (plain["history.csv"] == undisturbed["history.csv"]) == (measure == "modularity" and not sham)


def test_a_regulariser_of_strength_0_is_none(small_data, tmp_path):
    settings = settings_with(regulariser=REGULARISER | {"strength": 0})
    assert run(tmp_path / "out", small_data[0], settings) == run(tmp_path / "plain", small_data[0])
