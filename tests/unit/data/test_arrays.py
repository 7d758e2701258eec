"""Arrays that an `.npz` file declares and does not hold, and labels that no one can count up to."""

import io
import os
import tracemalloc
import zipfile

import h5py
import numpy as np
import pytest
from samples import files_in

from neurons.core.errors import InputError
from neurons.data.arrays import array_shapes
from neurons.data.convert import convert

NPZ = {"source": "npz", "path": "toy.npz"}


def toy(rng, **others) -> dict:
    """Arrays of three classes, 12 training and 6 test images."""
    made = {}
    for split, n in (("train", 12), ("test", 6)):
        made[f"x_{split}"], made[f"y_{split}"] = rng.integers(0, 256, (n, 4, 5), np.uint8), np.arange(n) % 3
    return made | others


def converted(tmp_path) -> list[str]:
    """Convert `toy.npz` and return its classes."""
    convert("toy", NPZ, tmp_path, tmp_path / "data.h5")
    with h5py.File(tmp_path / "data.h5") as file:
        return list(file.attrs["classes"])


def refused(tmp_path, message: str) -> None:
    """Check the refusal, and that nothing large was allocated for it."""
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=message) as error:
            converted(tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()
    assert "\n" not in str(error.value)
    assert not [name for name in files_in(tmp_path) if "data.h5" in name]


@pytest.mark.parametrize("label", [5, 2**16, 2**31, 2**40, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_label_beyond_the_others_is_refused(tmp_path, rng, label):
    labels = np.arange(12, dtype=np.uint64) % 3
    labels[7] = label
    np.savez(tmp_path / "toy.npz", **toy(rng, y_train=labels))
    refused(tmp_path, f"toy.npz: y_train has 4 distinct labels and among them {label}, but not 3; number the classes")


@pytest.mark.parametrize("label", [3, 2**31, 2**63, 2**64 - 1])
@pytest.mark.parametrize("split", ["train", "test"])
def test_a_label_beyond_named_classes_is_refused(tmp_path, rng, label, split):
    made = toy(rng, classes=["a", "b", "c"])
    made[f"y_{split}"] = made[f"y_{split}"].astype(np.uint64)
    made[f"y_{split}"][4] = label
    np.savez(tmp_path / "toy.npz", **made)
    refused(tmp_path, f"toy, {split}: label {label} lies outside the 3 classes")


@pytest.mark.parametrize("labels, missing", [([0, 2] * 6, 1), ([1, 2] * 6, 0), ([-1, 0, 1] * 4, 0), ([3] * 12, 0)])
def test_numbers_that_are_missing_among_the_classes_are_told(tmp_path, rng, labels, missing):
    np.savez(tmp_path / "toy.npz", **toy(rng, y_train=np.array(labels)))
    refused(tmp_path, f"toy.npz: y_train has .* but not {missing}; number the classes from 0 to")


@pytest.mark.parametrize("dtype", ["u1", "i2", ">i4", "u8"])
def test_labels_of_any_whole_numbers(tmp_path, rng, dtype):
    np.savez(tmp_path / "toy.npz", **toy(rng, y_train=(np.arange(12) % 3).astype(dtype)))
    assert converted(tmp_path) == ["0", "1", "2"]


@pytest.mark.parametrize("names", [["a", "b", "c"], [b"a", b"b", b"c"]])
def test_names_of_classes(tmp_path, rng, names):
    np.savez(tmp_path / "toy.npz", **toy(rng, classes=np.array(names)))
    assert converted(tmp_path) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "names, message",
    [
        ([b"a", b"\xff", b"c"], "classes holds a name that is not UTF-8"),
        ([["a", "b", "c"]], r"classes is <U1 \(1, 3\); it must be a list of names"),
        ([0.0, 1.0, 2.0], "classes is float64"),
        (["a", "b", "a"], "class 'a': the name is given twice"),
        (["a", "b\0c", "d"], "the name holds a control character"),
        (["a", "b", "\ud800"], "the name holds a control character or is not UTF-8"),
    ],
)
def test_names_of_classes_that_are_none(tmp_path, rng, names, message):
    np.savez(tmp_path / "toy.npz", **toy(rng, classes=np.array(names)))
    refused(tmp_path, message)


def header(shape, descr="|u1") -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": descr, "fortran_order": False, "shape": shape})
    return stream.getvalue()


def with_entry(path, made: dict, name: str, content: bytes) -> None:
    """Write an archive in which the array `name` is `content`, whatever that is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, value in made.items():
            stream = io.BytesIO()
            np.save(stream, value)
            archive.writestr(f"{key}.npy", content if key == name else stream.getvalue())


@pytest.mark.parametrize("name", ["x_train", "y_train", "x_test", "y_test"])
@pytest.mark.parametrize(
    "content, message",
    [
        (header((10**12,)), "declares 1000000000000 bytes, the file holds 0"),
        (header((10**6, 10**6, 10**6)) + bytes(100), "declares 10{18} bytes, the file holds 100"),
        (header((12, 4, 5)) + bytes(200), "declares 240 bytes, the file holds 200"),
        (header((12,), "|O") + bytes(96), "holds Python objects"),
        (b"", "not a readable .npz of plain arrays"),
        (b"\x93NUMPY\x01\x00\xff\xff", "not a readable .npz of plain arrays"),
        (b"\x93NUMPY\x01\x00\x10\x00__import__('os')", "not a readable .npz of plain arrays"),
    ],
)
def test_headers_are_checked_before_anything_is_read(tmp_path, rng, name, content, message):
    with_entry(tmp_path / "toy.npz", toy(rng), name, content)
    refused(tmp_path, message)


def test_a_bomb_that_holds_what_it_declares_is_refused_by_the_memory(tmp_path, rng, monkeypatch):
    np.savez_compressed(tmp_path / "toy.npz", **toy(rng, x_train=np.zeros((12, 10000, 1000), np.uint8)))
    monkeypatch.setattr("neurons.core.memory.machine_memory", lambda: 10**8)
    refused(tmp_path, "toy.npz: its arrays take 0.1 GB, more than this machine's memory of 0.1 GB; keep fewer images")


def test_shapes_are_told_without_reading(tmp_path, rng):
    np.savez(tmp_path / "toy.npz", **toy(rng, classes=["a", "b", "c"]))
    shapes = {"x_train": (12, 4, 5), "y_train": (12,), "x_test": (6, 4, 5), "y_test": (6,), "classes": (3,)}
    assert array_shapes(tmp_path / "toy.npz") == shapes


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path, make):
    make(tmp_path / "toy.npz")
    refused(tmp_path, "toy.npz: not a regular file")


@pytest.mark.parametrize(
    "others, message",
    [
        ({"y_test": np.zeros(0, int), "x_test": np.zeros((0, 4, 5), np.uint8)}, "y_test is empty"),
        ({"x_train": np.zeros((12, 0, 5), np.uint8), "x_test": np.zeros((6, 0, 5), np.uint8)}, "have no pixel"),
        ({"y_train": np.zeros(12, int), "y_test": np.zeros(6, int)}, "data set toy: 1 class; a classifier needs two"),
        ({"y_train": np.arange(12) % 2}, "toy, test: label 2 lies outside the 2 classes"),
        ({"y_test": np.arange(6) % 2}, "toy, test: class 2 has no sample; every class needs at least one"),
        ({"y_train": np.eye(3, dtype=int)[np.arange(12) % 3]}, r"images \(12, 4, 5\) and labels \(36,\) do not fit"),
        ({"y_train": np.arange(12) % 3 == 1}, "y_train is bool; labels must be whole numbers"),
    ],
)
def test_worlds_too_small_are_refused(tmp_path, rng, others, message):
    np.savez(tmp_path / "toy.npz", **toy(rng, **others))
    refused(tmp_path, message)


def test_two_classes_and_one_sample_of_a_class_are_enough(tmp_path, rng):
    labels = np.r_[np.zeros(11, int), 1]
    np.savez(tmp_path / "toy.npz", **toy(rng, y_train=labels, y_test=labels[-6:]))
    assert converted(tmp_path) == ["0", "1"]
