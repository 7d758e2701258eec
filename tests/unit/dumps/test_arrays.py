import subprocess
import sys

import numpy as np
import pytest
import torch
from samples import files_in

from neurons.core.errors import InputError
from neurons.dumps import create
from neurons.dumps.format import Dump
from neurons.dumps.imported import import_dump

CLASSES = ["cat", "dog", "owl"]


def arrays(rng, n=2500):
    labels = rng.permutation(np.arange(n) % 3)
    outputs = rng.random((n, 3)) + 0.01
    layers = {"fc1": np.maximum(rng.normal(size=(n, 5)), 0), "fc2": np.maximum(rng.normal(size=(n, 2)), 0)}
    return labels, layers, outputs / outputs.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("kind", ["numpy", "torch", "lists"])
def test_rows_come_back_sorted_by_class_and_stable(tmp_path, rng, kind):
    labels, layers, outputs = arrays(rng)
    given = {
        "numpy": lambda values: values,
        "torch": lambda values: torch.tensor(values, requires_grad=values.dtype.kind == "f"),
        "lists": lambda values: values.tolist(),
    }[kind]
    with create(tmp_path / "01.h5", CLASSES, iteration=1, epoch=5, seed=3, running_accuracy=0.5) as add:
        for split in ("train", "test"):
            add(split, given(labels), {name: given(values) for name, values in layers.items()}, given(outputs))
    order = np.argsort(labels, kind="stable")
    with Dump(tmp_path / "01.h5") as dump:
        assert (dump.classes, dump.layers, dump.splits) == (CLASSES, ["fc1", "fc2"], ["train", "test"])
        assert (dump.seed, dump.epoch, dump.iteration, dump.running_accuracy) == (3, 5, 1, 0.5)
        for split in dump.splits:
            np.testing.assert_array_equal(dump.labels(split), labels[order])
            np.testing.assert_array_equal(dump.index(split), order)
            for name, values in layers.items():
                read = np.concatenate([block for _, block in dump.blocks(split, name)])
                np.testing.assert_array_equal(read, values[order].astype("f4"))
            read = np.concatenate([block for _, block in dump.probabilities(split)])
            np.testing.assert_array_equal(read, outputs[order].astype("f4"))
    import_dump(tmp_path, 3, 1, 1, tmp_path / "made/01.h5")


def test_the_users_own_numbers_of_samples_are_kept(tmp_path, rng):
    labels, layers, outputs = arrays(rng, 30)
    numbers = rng.permutation(100)[:30]
    with create(tmp_path / "01.h5", CLASSES, 1) as add:
        add("train", labels, layers, outputs, index=numbers)
    with Dump(tmp_path / "01.h5") as dump:
        np.testing.assert_array_equal(dump.index("train"), numbers[np.argsort(labels, kind="stable")])


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda a: a | {"probabilities": np.log(a["probabilities"])}, "softmax them"),
        (lambda a: a | {"probabilities": a["probabilities"][:, :2]}, "probabilities: 2 columns, should be 3"),
        (lambda a: a | {"labels": a["labels"] + 1}, "label 3 lies outside the 3 classes"),
        (lambda a: a | {"labels": a["labels"] / 2}, "should be whole numbers"),
        (lambda a: a | {"labels": a["labels"] * 0}, "class 1 has no sample"),
        (lambda a: a | {"layers": {"fc1": -a["layers"]["fc1"]}}, "layer fc1: an activation is negative"),
        (lambda a: a | {"layers": {"fc1": a["layers"]["fc1"][:5]}}, r"layer fc1: float64 \(5, 5\), should be numbers"),
        (lambda a: a | {"layers": {"conv": np.zeros((30, 2, 4, 4))}}, "average a convolutional map over its positions"),
        (lambda a: a | {"layers": {"fc1": np.full((30, 2), "a")}}, "should be numbers"),
        (lambda a: a | {"layers": {}}, "should be one or more"),
        (lambda a: a | {"index": [1, 2]}, "index has the shape"),
        (lambda a: a | {"split": "test"}, "add the split 'train' first"),
    ],
)
def test_arrays_that_are_no_dump_are_refused_and_leave_no_file(tmp_path, rng, change, words):
    labels, layers, outputs = arrays(rng, 30)
    given = change({"split": "train", "labels": labels, "layers": layers, "probabilities": outputs})
    with pytest.raises(InputError, match=words) as error, create(tmp_path / "01.h5", CLASSES, 1) as add:
        add(**given)
    assert "01.h5" in str(error.value) and files_in(tmp_path) == []


def test_splits_must_have_the_same_layers(tmp_path, rng):
    labels, layers, outputs = arrays(rng, 30)
    for other, words in (
        ({"fc1": layers["fc1"]}, "layers fc1, should be fc1, fc2"),
        (layers | {"fc1": layers["fc2"]}, "5"),
    ):
        with pytest.raises(InputError, match=words), create(tmp_path / "01.h5", CLASSES, 1) as add:
            add("train", labels, layers, outputs)
            add("test", labels, other, outputs)
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("error", [None, KeyboardInterrupt, ValueError])
def test_a_loop_that_breaks_off_leaves_no_file(tmp_path, rng, error):
    with pytest.raises(error or InputError), create(tmp_path / "01.h5", CLASSES, 1) as add:
        if error:
            add("train", *arrays(rng, 30))
            raise error
    assert files_in(tmp_path) == []


SHOWN = """
import numpy as np
rng = np.random.default_rng(0)
labels = np.arange(60) % 3
def train_one_epoch():
    outputs = rng.random((60, 3))
    fc1, fc2 = rng.random((60, 6)) * (1 + labels[:, None]), rng.random((60, 4))
    return fc1, fc2, outputs / outputs.sum(axis=1, keepdims=True)
fc1, _, _ = train_one_epoch()
"""


def test_the_page_shows_what_works(root, tmp_path):
    """As written: five lines each for a dump per epoch, and for measures on arrays."""
    parts = (root / "docs/dumps.md").read_text(encoding="utf-8").split("```python\n")[1:]
    shown = [part.split("```")[0] for part in parts if "from neurons" in part.split("```")[0]]
    assert len(shown) == 2
    assert all(len([line for line in text.splitlines() if line]) <= 6 for text in shown)  # with the import
    (tmp_path / "loop.py").write_text(SHOWN + "".join(shown))
    environment = {"PYTHONPATH": str(root / "scripts"), "PATH": ""}
    command = [sys.executable, "loop.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()][:4] == [
        *("selectivity", "effective_rank", "nc1", "class_information")
    ]
    for iteration in (1, 2, 3):
        import_dump(tmp_path / "dumps", 0, iteration, 3, tmp_path / f"made/{iteration:02d}.h5")
