"""Dumps that cannot be right: attributes and arrays of every wrong kind, refused in one line before they are read."""

import tracemalloc

import h5py
import numpy as np
import pytest

from neurons.core.errors import InputError
from neurons.dumps.checks import check_probabilities
from neurons.dumps.format import Dump, create


def refused(path, message: str) -> None:
    """Check the refusal, that it is one line with the file's name, and that nothing large was allocated for it."""
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=message) as error:
            Dump(path)
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()
    assert str(path) in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    "key, value, message",
    [
        ("classes", "abc", "the root attribute 'classes' is 'abc', should be a list of names"),
        ("classes", 3, "the root attribute 'classes' is .*3.*, should be a list of names"),
        ("classes", [0.5, 1.5, 2.5], "should be a list of names"),
        ("classes", np.array([["a", "b", "c"]], object), "should be a list of names"),
        ("classes", h5py.Empty("S1"), "the root attribute 'classes' is .*, should be a list of names"),
        ("classes", np.array([], "S1"), "the root attribute 'classes' is empty: the dump has no classes"),
        ("classes", ["a", "b", "a"], "classes: 'a': the name is given twice; rename one"),
        ("classes", ["a", "b\n", "c"], "the name holds a control character or is not UTF-8"),
        ("classes", np.array([b"a", b"b", b"\xff"]), "the name holds a control character or is not UTF-8"),
        ("layers", np.array([], "S1"), "the root attribute 'layers' is empty: the dump has no layers"),
        ("layers", ["dense_1", "dense_2", "dense_1"], "layers: 'dense_1': the name is given twice; rename one"),
        ("layers", "dense_1", "the root attribute 'layers' is 'dense_1', should be a list of names"),
        ("layers", ["dense_1", ""], "train/layers/: not an array of floats"),
        ("layers", ["dense_1", "../labels"], "'layers/../labels' is missing"),
        ("layers", ["dense_1", "dense_3"], "'layers/dense_3' is missing"),
        ("seed", "0", "the root attribute 'seed' is '0', should be a whole number from 0"),
        ("seed", 0.0, "the root attribute 'seed' is .*0.0.*, should be a whole number from 0"),
        ("seed", [0], "the root attribute 'seed' is .*, should be a whole number from 0"),
        ("epoch", -1, "the root attribute 'epoch' is .*-1.*, should be a whole number from 0"),
        ("iteration", h5py.Empty("i8"), "the root attribute 'iteration' is .*, should be a whole number from 0"),
        ("running_accuracy", 7, "the root attribute 'running_accuracy' is .*7.*, should be a share from 0 to 1"),
        ("running_accuracy", -0.1, "should be a share from 0 to 1"),
        ("running_accuracy", float("nan"), "should be a share from 0 to 1"),
        ("running_accuracy", "0.9", "the root attribute 'running_accuracy' is '0.9', should be a share"),
        ("running_accuracy", [0.9], "should be a share from 0 to 1"),
        ("running_accuracy", h5py.Empty("f8"), "should be a share from 0 to 1"),
    ],
)
def test_attributes_of_the_wrong_kind(small_dump, key, value, message):
    refused(small_dump(**{key: value})[0], message)


@pytest.mark.parametrize("value", [0, 0.0, 0.25, 1, np.float32(0.5)])
def test_shares_of_any_type(small_dump, value):
    with Dump(small_dump(running_accuracy=value)[0]) as dump:
        assert dump.running_accuracy == value


ARRAYS = ["labels", "index", "probabilities", "layers/dense_2"]


def replaced(path, name: str, make) -> None:
    """Take an array out of the training split and let `make(group, name)` put something else there."""
    with h5py.File(path, "r+") as file:
        shape, dtype = file[f"train/{name}"].shape, file[f"train/{name}"].dtype
        del file[f"train/{name}"]
        make(file["train"], name, shape, dtype)


def null(group, name, shape, dtype):
    group[name] = h5py.Empty(dtype)


def scalar(group, name, shape, dtype):
    group[name] = dtype.type(0)


def text(group, name, shape, dtype):
    group.create_dataset(name, data=np.full(shape, b"one"))


def folder(group, name, shape, dtype):
    group.create_group(name)


def dangling(group, name, shape, dtype):
    group[name] = h5py.SoftLink("/nowhere")


def outside(group, name, shape, dtype):
    group[name] = h5py.ExternalLink("nowhere.h5", "/nowhere")


def complex_numbers(group, name, shape, dtype):
    group.create_dataset(name, shape, np.complex64, data=np.zeros(shape, np.complex64))


def records(group, name, shape, dtype):
    group.create_dataset(name, shape, [("value", dtype)])


def virtual(group, name, shape, dtype):
    group.create_virtual_dataset(name, h5py.VirtualLayout(shape, dtype))


def never_written(group, name, shape, dtype):
    group.create_dataset(name, shape, dtype)


def never_written_chunks(group, name, shape, dtype):
    group.create_dataset(name, shape, dtype, chunks=(2, *shape[1:]))


def partly_written(group, name, shape, dtype):
    group.create_dataset(name, shape, dtype, chunks=(2, *shape[1:]))[:2] = 0


def terabytes(group, name, shape, dtype):
    group.create_dataset(name, (10**12, *shape[1:]), dtype, chunks=(1000, *shape[1:]))[:3] = 0


def wide(group, name, shape, dtype):
    group.create_dataset(name, (shape[0], 10**12), dtype, chunks=(1, 1000))


def large_chunks(group, name, shape, dtype):
    group.create_dataset(name, shape, dtype, chunks=(2**28, *(16 for _ in shape[1:])), maxshape=(None,) * len(shape))


@pytest.mark.parametrize(
    "make",
    [null, scalar, text, folder, dangling, outside, complex_numbers, records, virtual, never_written]
    + [never_written_chunks, partly_written, terabytes, wide, large_chunks],
)
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_that_are_none(small_dump, name, make):
    path, _ = small_dump()
    replaced(path, name, make)
    refused(path, f"01.h5: train(/{name}: |: not an activation dump: '{name}' is missing)")


def test_more_labels_than_memory_are_refused(small_dump, monkeypatch):
    monkeypatch.setattr("neurons.core.memory.machine_memory", lambda: 100)
    refused(small_dump()[0], "01.h5: train: 10 labels take 0.0 GB, more than this machine's memory")


def test_a_layer_without_neurons(small_dump):
    path, _ = small_dump(widths={"dense_1": 6, "dense_2": 4})
    replaced(path, "layers/dense_2", lambda group, name, shape, dtype: group.create_dataset(name, (shape[0], 0), dtype))
    refused(path, "01.h5: train/layers/dense_2: no neurons; leave the layer out")


def test_no_samples(small_dump):
    def empty(arrays):
        arrays.update({key: value[:0] for key, value in arrays.items() if key.startswith("train")})

    refused(small_dump(change=empty)[0], "01.h5: train: no samples")


@pytest.mark.parametrize("name", ["train", "test"])
def test_a_split_that_is_no_group(small_dump, name):
    path, _ = small_dump()
    with h5py.File(path, "r+") as file:
        del file[name]
        file[name] = np.zeros(3)
    if name == "train":
        refused(path, "01.h5: not an activation dump: the group 'train' is missing")
    else:
        with Dump(path) as dump:
            assert dump.splits == ["train"]


def test_damaged_labels(small_dump):
    path, arrays = small_dump()
    replaced(
        path,
        "labels",
        lambda group, name, *_: group.create_dataset(
            name, data=arrays["train/labels"], chunks=(10,), compression="gzip"
        ),
    )
    with h5py.File(path) as file:
        chunk = file["train/labels"].id.get_chunk_info(0)
    with open(path, "r+b") as stream:
        stream.seek(chunk.byte_offset)
        stream.write(b"\xff" * chunk.size)
    refused(path, "01.h5: /train/labels is damaged")


GOOD = np.array([[0.2, 0.3, 0.5], [1, 0, 0], [0, 0.5, 0.5]])


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("n_classes", [1, 2, 10, 1000])
def test_softmax_outputs_pass_in_any_precision(rng, dtype, n_classes):
    logits = rng.normal(0, 3, (50, n_classes))
    odds = np.exp(logits)
    check_probabilities((odds / odds.sum(axis=1, keepdims=True)).astype(dtype).astype("f4"), "here")


@pytest.mark.parametrize(
    "row, told",
    [
        ([2.5, -1, 0.5], "from -1 to 2.5, sum 2"),
        ([7, 0, 0], "from 0 to 7, sum 7"),
        ([0.5, 0.5, 0.5], "from 0.5 to 0.5, sum 1.5"),
        ([2, -1, 0], "from -1 to 2, sum 1"),
        ([0, 0, 0], "from 0 to 0, sum 0"),
        ([20, 30, 50], "from 20 to 50, sum 100"),
        ([-0.6, -1.2, -1.6], "from -1.6 to -0.6, sum -3.4"),
    ],
)
def test_logits_and_other_numbers_are_told(row, told):
    values = GOOD.copy()
    values[1] = row
    words = rf"here: row 8 of the probabilities is no distribution \({told}\); if these are logits, softmax them"
    with pytest.raises(InputError, match=words):
        check_probabilities(values, "here", 7)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_probabilities_that_are_no_numbers(value):
    values = GOOD.copy()
    values[2, 1] = value
    with pytest.raises(InputError, match="here: a class probability is NaN or infinite"):
        check_probabilities(values, "here")


def test_a_writer_is_told_of_logits_and_of_missing_rows(tmp_path):
    attributes = {"run": "r", "seed": 0, "iteration": 1, "epoch": 1, "classes": ["a", "b", "c"]}
    labels, layer = np.array([0, 1, 2]), np.ones((3, 4), np.float32)
    for outputs, message in (
        (GOOD * 3, "01.h5: train: row 0 of the probabilities is no"),
        (GOOD[:2], "2 rows .* for 3 labels"),
    ):
        with (
            pytest.raises(InputError, match=message),
            create(tmp_path / "01.h5", attributes, {"dense_1": 4}, "float32") as add,
        ):
            add("train", labels, labels, [([layer[: len(outputs)]], outputs)])
        assert not (tmp_path / "01.h5").exists()
