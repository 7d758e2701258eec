import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurons.core.errors import InputError
from neurons.data.dataset import check_labels, check_names, mixed, read_labels, take_rows


@pytest.fixture
def file(tmp_path, rng):
    with h5py.File(tmp_path / "data.h5", "w") as file:
        for split, n in (("train", 60), ("test", 20)):
            file[f"{split}/images"] = rng.integers(0, 256, (n, 3, 2), np.uint8)
            file[f"{split}/labels"] = np.arange(n) % 4
        yield file


@given(rows=st.lists(st.integers(0, 59)), span=st.sampled_from([1, 7, 1000]))
def test_take_rows_is_fancy_indexing(file, monkeypatch, rows, span):
    monkeypatch.setattr("neurons.data.dataset.SPAN", span)
    images = file["train/images"]
    taken = take_rows(images, np.array(rows, int))
    np.testing.assert_array_equal(taken, images[:][np.array(rows, int)])
    assert taken.dtype == np.uint8


@given(rows=st.lists(st.integers(0, 59)), stored=st.sampled_from([{}, {"chunks": (7, 3, 2)}, {"compression": "gzip"}]))
def test_take_rows_reads_files_in_whichever_form(tmp_path_factory, rows, stored):
    path, values = tmp_path_factory.mktemp("rows") / "data.h5", np.arange(360, dtype=np.uint16).reshape(60, 3, 2)
    with h5py.File(path, "w") as file:
        file["before"] = np.zeros(5)
        file.create_dataset("images", data=values, **stored)
    with h5py.File(path) as file:
        taken = take_rows(file["images"], np.array(rows, int))
    np.testing.assert_array_equal(taken, values[np.array(rows, int)])
    assert type(taken) is np.ndarray and taken.flags.writeable and taken.dtype == np.uint16


def test_take_rows_reads_just_these_rows(tmp_path, monkeypatch):
    """Where the array lies in one piece, HDF5 is asked for none of it."""
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["images"] = np.arange(40_000).reshape(20_000, 2)
    with h5py.File(tmp_path / "data.h5") as file:
        monkeypatch.setattr(h5py.Dataset, "__getitem__", None)
        assert take_rows(file["images"], np.array([19_999, 3])).tolist() == [[39_998, 39_999], [6, 7]]


def test_mixed_labels_are_a_permutation_of_their_own_per_split_and_seed():
    labels = np.repeat(np.arange(5), 40)
    drawn = [mixed(labels, seed, split) for seed in (0, 1) for split in ("train", "test")]
    for one in drawn:
        np.testing.assert_array_equal(np.bincount(one), np.bincount(labels))
        assert sum((one == other).all() for other in [*drawn, labels]) == 1
        assert 0.05 < (one == labels).mean() < 0.4  # by chance, a fifth
    np.testing.assert_array_equal(mixed(labels, 1, "test"), drawn[3])


def test_read_labels_mixes_only_when_asked(file):
    given_labels = file["test/labels"][:]
    np.testing.assert_array_equal(read_labels(file, "test", "given", 3), given_labels)
    np.testing.assert_array_equal(read_labels(file, "test", "mixed", 3), mixed(given_labels, 3, "test"))


def test_check_labels_counts():
    assert check_labels(np.array([2, 0, 1, 2]), 3, "here").tolist() == [1, 1, 2]


@pytest.mark.parametrize(
    "labels, message",
    [
        ([0, 1, 3], "here: label 3 lies outside the 3 classes"),
        ([0, -2, 1, 2], "here: label -2 lies outside the 3 classes"),
        ([0, 2, 2], "here: class 1 has no sample"),
        ([], "here: no samples"),
    ],
)
def test_check_labels_refuses(labels, message):
    with pytest.raises(InputError, match=message):
        check_labels(np.array(labels, int), 3, "here")


@pytest.mark.parametrize("dtype", ["u1", "i8", "u8", ">i4"])
def test_check_labels_counts_any_whole_numbers(dtype):
    assert check_labels(np.array([2, 0, 1, 2], dtype), 3, "here").tolist() == [1, 1, 2]


@pytest.mark.parametrize("label, dtype", [(2**31, "i8"), (2**62, "i8"), (2**63, "u8"), (2**64 - 1, "u8")])
def test_a_huge_label_is_refused_without_an_array_of_its_size(label, dtype):
    with pytest.raises(InputError, match=f"here: label {label} lies outside the 3 classes"):
        check_labels(np.array([0, 1, 2, label], dtype), 3, "here")


@pytest.mark.parametrize("names", [["a", "b"], ["Ωμ", "日本\u3000"], ["a b", "a|b", "$x_{", "<b>"], ["", "-"]])
def test_names_that_can_be_written_pass(names):
    check_names(names, "class")


@pytest.mark.parametrize(
    "names, message",
    [
        (["a", "b\n"], r"class 'b\\n': the name holds a control character or is not UTF-8; rename it"),
        (["\0"], r"class '\\x00': "),
        (["\x1b[31m"], r"class '\\x1b\[31m': "),
        (["\udcff.png"], r"class '\\udcff.png': "),
        (["a", "b", "a"], "class 'a': the name is given twice; rename one"),
    ],
)
def test_names_that_cannot_be_written_are_refused(names, message):
    with pytest.raises(InputError, match=message):
        check_names(names, "class")
