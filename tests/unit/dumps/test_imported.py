import math
import os

import h5py
import numpy as np
import pytest
from samples import files_in, read_rows

from neurons.core.errors import InputError
from neurons.dumps.format import Dump
from neurons.dumps.imported import import_dump, summarise


def in_order(change=None):
    """Return a change of a dump's arrays that numbers its samples alike in every dump, and then changes more."""

    def number(arrays):
        for split in ("train", "test"):
            if f"{split}/index" in arrays:
                arrays[f"{split}/index"] = np.arange(len(arrays[f"{split}/labels"]))
        if change:
            change(arrays)

    return number


@pytest.fixture
def run_of(small_dump):
    """A writer of a run of three dumps; `second` are the options of 02.h5 where they differ."""

    def write(**second):
        for iteration in (1, 2, 3):
            given = {"iteration": iteration, "epoch": iteration} | (second if iteration == 2 else {})
            small_dump(f"0{iteration}.h5", **given | {"change": in_order(given.get("change"))})

    return write


def test_a_good_dump_is_linked_to(run_of, tmp_path, monkeypatch):
    run_of()
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # again over the link of before
        import_dump(".", 0, 2, 3, "out/02.h5")
    link = tmp_path / "out/02.h5"
    assert link.is_symlink() and link.resolve() == (tmp_path / "02.h5").resolve()
    with Dump(link) as dump:
        assert dump.iteration == 2
    assert files_in(tmp_path) == ["01.h5", "02.h5", "03.h5", "out/02.h5"]


def spoil(key, value):
    def change(arrays):
        arrays[key][1, 2] = value

    return change


def refused(tmp_path, message, iteration=2, seed=0, iterations=3):
    with pytest.raises(InputError, match=message) as error:
        import_dump(tmp_path, seed, iteration, iterations, tmp_path / "out/02.h5")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists() or files_in(tmp_path / "out") == []


@pytest.mark.parametrize(
    "options, message",
    [
        ({"name": "04.h5"}, "02.h5: no such dump; fix the run's 'activations' or its training.iterations"),
        ({"iteration": 3}, "02.h5: its attribute 'iteration' is 3, its name says 2"),
        ({"change": spoil("train/layers/dense_2", np.nan)}, "train, layer dense_2: an activation is NaN"),
        ({"change": spoil("test/layers/dense_1", -0.5)}, "test, layer dense_1: an activation is negative"),
        ({"change": spoil("test/probabilities", 7)}, "02.h5: test: row 1 of the probabilities is no distribution"),
        ({"epoch": None}, "the root attribute 'epoch' is missing"),
    ],
)
def test_a_bad_dump_is_refused(run_of, tmp_path, options, message):
    run_of()
    (tmp_path / "02.h5").unlink()
    run_of(**options) if "name" not in options else None
    refused(tmp_path, message)


def rows(keep):
    """Return a change that keeps these rows of the training split."""

    def change(arrays):
        for key in list(arrays):
            if key.startswith("train/"):
                arrays[key] = arrays[key][keep]

    return change


def put(key, value):
    def change(arrays):
        arrays[key] = value

    return change


@pytest.mark.parametrize(
    "second, message",
    [
        (
            {"widths": {"dense_1": 6, "fc2": 4}},
            r"layers \(neurons\): dense_1 \(6\), fc2 \(4\); 01.h5 has dense_1 \(6\), dense_2",
        ),
        ({"widths": {"dense_1": 6}}, r"layers \(neurons\): dense_1 \(6\); 01.h5 has dense_1 \(6\), dense_2 \(4\)"),
        ({"widths": {"dense_1": 6, "dense_2": 5}}, r"layers \(neurons\): dense_1 \(6\), dense_2 \(5\); 01.h5"),
        ({"widths": {"dense_2": 4, "dense_1": 6}}, r"layers \(neurons\): dense_2 \(4\), dense_1 \(6\); 01.h5"),
        ({"classes": ["a", "c", "b"]}, "classes: a, c, b; 01.h5 has a, b, c"),
        ({"test": False}, "splits: train; 01.h5 has train, test"),
        ({"change": rows([0, 1, 2, 3, 5, 6, 7, 8, 9])}, "samples per class in train: 4 1 4; 01.h5 has 5 1 4"),
        (
            {"seed": 1},
            "its attribute 'seed' is 1, but it is given for seed 0; fix the run's 'activations' or its 'seeds'",
        ),
        ({"epoch": 0}, "its epoch 0 is before 1, that of the dump before it"),
    ],
)
@pytest.mark.parametrize("iteration", [1, 2, 3])
def test_dumps_that_do_not_fit_together_are_refused_whichever_is_imported(run_of, tmp_path, second, message, iteration):
    run_of(**second)
    refused(tmp_path, f"02.h5: {message}", iteration)


def test_one_seeds_dumps_given_for_another(run_of, tmp_path):
    run_of()
    refused(tmp_path, "01.h5: its attribute 'seed' is 0, but it is given for seed 1", seed=1)


def test_fewer_dumps_than_iterations(run_of, tmp_path):
    run_of()
    refused(tmp_path, "04.h5: no such dump; fix the run's 'activations' or its training.iterations", iterations=4)


@pytest.mark.parametrize(
    "index, message",
    [
        (np.arange(10) + 1, "train: its sample numbers are not those of 01.h5; dump the same samples"),
        (np.arange(10)[::-1].copy(), "train: its labels of samples are not those of 01.h5"),
        (np.zeros(10, int), "train/index: sample 0 is there twice"),
        (np.arange(10) - 1, "train/index: -1 is no number of a sample"),
        (np.arange(9), r"train/index: int64 \(9,\), should be whole numbers \(10\)"),
        (np.arange(10.0), r"train/index: float64 \(10,\), should be whole numbers \(10\)"),
        (np.arange(10)[:, None], r"train/index: int64 \(10, 1\), should be whole numbers \(10\)"),
    ],
)
def test_samples_that_are_not_the_first_dumps_are_refused(run_of, tmp_path, index, message):
    run_of(change=put("train/index", index))
    refused(tmp_path, f"02.h5: {message}")


def test_samples_may_come_in_another_order(run_of, tmp_path):
    run_of(change=put("train/index", np.r_[4, 3, 2, 1, 0, 5, 9, 8, 7, 6]))
    import_dump(tmp_path, 0, 2, 3, tmp_path / "out/02.h5")
    assert (tmp_path / "out/02.h5").is_symlink()


def test_a_named_pipe_is_refused_without_waiting(run_of, tmp_path):
    run_of()
    (tmp_path / "03.h5").unlink()
    os.mkfifo(tmp_path / "03.h5")
    refused(tmp_path, "03.h5: no such dump")


def literal_figures(arrays, split):
    """Accuracy, mean cross-entropy and accuracy per class, one sample at a time."""
    hits, loss = {0: [], 1: [], 2: []}, 0.0
    for label, shares in zip(arrays[f"{split}/labels"].tolist(), arrays[f"{split}/probabilities"].tolist()):
        hits[label].append(shares.index(max(shares)) == label)
        loss -= math.log(shares[label])
    every = [hit for own in hits.values() for hit in own]
    return sum(every) / len(every), loss / len(every), [sum(own) / len(own) for own in hits.values()]


@pytest.mark.parametrize("test", [True, False])
def test_accuracies_are_those_of_the_recorded_probabilities(small_dump, tmp_path, test):
    options = [{}, {"running_accuracy": 0.625}]
    made = [small_dump(f"0{i}.h5", iteration=i, epoch=3 * i, test=test, **own) for i, own in enumerate(options, 1)]
    summarise([path for path, _ in made], tmp_path / "history.csv", tmp_path / "class_accuracy.csv")
    history, by_class = read_rows(tmp_path / "history.csv"), read_rows(tmp_path / "class_accuracy.csv")
    assert [(row["iteration"], row["epoch"]) for row in history] == [("1", "3"), ("2", "6")]
    assert [row["running_accuracy"] for row in history] == ["", "0.625"]
    assert [(row["iteration"], row["class"]) for row in by_class] == [(i, c) for i in "12" for c in "012"]
    for i, (_, arrays) in enumerate(made):
        for split in ("train", "test"):
            own = [row[f"{split}_accuracy"] for row in by_class[3 * i : 3 * i + 3]]
            written = [history[i][f"{split}_accuracy"], history[i][f"{split}_loss"], *own]
            if split == "test" and not test:
                assert set(written) == {""}
                continue
            accuracy, loss, shares = literal_figures(arrays, split)
            assert [float(value) for value in written] == pytest.approx([accuracy, loss, *shares], rel=1e-5)


def test_a_probability_of_zero_has_a_finite_loss(small_dump, tmp_path):
    path, _ = small_dump(test=False)
    with h5py.File(path, "r+") as file:
        file["train/probabilities"][:] = [[0, 0, 1]] * 10
    summarise([path], tmp_path / "history.csv", tmp_path / "class_accuracy.csv")
    (row,) = read_rows(tmp_path / "history.csv")
    assert float(row["train_accuracy"]) == 0.4 and 0 < float(row["train_loss"]) < 100
