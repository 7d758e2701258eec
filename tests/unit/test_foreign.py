import math

import h5py
import numpy as np
import pytest
from samples import files_in, read_rows

from neurons.dumps import Dump
from neurons.errors import InputError
from neurons.foreign import import_dump, summarise


def test_a_good_dump_is_linked_to(small_dump, tmp_path, monkeypatch):
    path, _ = small_dump("02.h5", iteration=2)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # again over the link of before
        import_dump(".", 2, "out/02.h5")
    link = tmp_path / "out/02.h5"
    assert link.is_symlink() and link.resolve() == path.resolve()
    with Dump(link) as dump:
        assert dump.iteration == 2
    assert files_in(tmp_path) == ["02.h5", "out/02.h5"]


def spoil(key, value):
    def change(arrays):
        arrays[key][1, 2] = value

    return change


@pytest.mark.parametrize(
    "options, message",
    [
        ({"name": "03.h5"}, "02.h5: no such dump; mend the run's 'activations' or its training.iterations"),
        ({"iteration": 3}, "02.h5: its attribute 'iteration' is 3, its name says 2"),
        ({"change": spoil("train/layers/dense_2", np.nan)}, "train, layer dense_2: an activation is NaN"),
        ({"change": spoil("test/layers/dense_1", -0.5)}, "test, layer dense_1: an activation is negative"),
        ({"epoch": None}, "the root attribute 'epoch' is missing"),
    ],
)
def test_a_bad_dump_is_refused(small_dump, tmp_path, options, message):
    small_dump(**{"name": "02.h5", "iteration": 2} | options)
    with pytest.raises(InputError, match=message):
        import_dump(tmp_path, 2, tmp_path / "out/02.h5")
    assert not (tmp_path / "out").exists() or files_in(tmp_path / "out") == []


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
