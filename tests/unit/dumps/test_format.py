import h5py
import numpy as np
import pytest
from samples import files_in, relu_values

from neurons.core.errors import InputError
from neurons.dumps.format import Dump, chunk_rows, create

LABELS = np.repeat([0, 1, 2], [5, 1, 6])
ATTRIBUTES = {
    "run": "tiny",
    "seed": 3,
    "iteration": 2,
    "epoch": 4,
    "classes": ["cat", "dog", "eel"],
    "config_digest": "abc",
}


def write(path, layers, outputs, dtype="float32", rows=5, labels=LABELS):
    """Write the training split of a dump in blocks of `rows` rows."""
    with create(path, ATTRIBUTES, {name: values.shape[1] for name, values in layers.items()}, dtype) as add:
        starts = range(0, len(labels), rows)
        blocks = (([v[s : s + rows] for v in layers.values()], outputs[s : s + rows]) for s in starts)
        add("train", labels, np.arange(len(labels))[::-1], blocks)


@pytest.fixture
def layers(rng):
    return {"dense_1": relu_values(rng, len(LABELS), 6), "dense_2": rng.random((len(LABELS), 3)).astype("f4")}


@pytest.fixture
def outputs(rng):
    return rng.dirichlet(np.ones(3), len(LABELS)).astype("f4")


def read_all(dump, layer, split="train"):
    return np.concatenate([block for _, block in dump.blocks(split, layer)])


@pytest.mark.parametrize("rows", [1, 5, 100])
def test_round_trip(tmp_path, layers, outputs, rows):
    write(tmp_path / "02.h5", layers, outputs, rows=rows)
    with Dump(tmp_path / "02.h5") as dump:
        assert (dump.classes, dump.layers) == (["cat", "dog", "eel"], ["dense_1", "dense_2"])
        assert (dump.epoch, dump.iteration, dump.splits, dump.running_accuracy) == (4, 2, ["train"], None)
        assert dump.labels("train").tolist() == LABELS.tolist() and dump.counts("train").tolist() == [5, 1, 6]
        for name, values in layers.items():
            assert dump.width(name) == values.shape[1]
            np.testing.assert_array_equal(read_all(dump, name), values)
        np.testing.assert_array_equal(np.concatenate([b for _, b in dump.probabilities("train")]), outputs)
    with h5py.File(tmp_path / "02.h5") as file:
        assert file["train/index"][:].tolist() == list(range(12))[::-1]
        assert {key: file.attrs[key] for key in ("run", "seed", "config_digest")} == {
            "run": "tiny",
            "seed": 3,
            "config_digest": "abc",
        }
        assert file["train/probabilities"].dtype == file["train/layers/dense_1"].dtype == np.float32


def test_float16_rounds_to_eleven_bits(tmp_path, layers, outputs):
    write(tmp_path / "02.h5", layers, outputs, "float16")
    with Dump(tmp_path / "02.h5") as dump:
        stored = read_all(dump, "dense_2")
        assert stored.dtype == np.float32
        np.testing.assert_array_equal(stored, layers["dense_2"].astype(np.float16))
        np.testing.assert_allclose(stored, layers["dense_2"], rtol=2**-11)


@pytest.mark.parametrize(
    "value, kind", [(np.nan, "NaN"), (np.inf, "infinite"), (-1, "negative"), (-np.inf, "infinite")]
)
def test_bad_activations_are_refused(tmp_path, small_dump, layers, outputs, value, kind):
    layers["dense_2"][7, 1] = value
    with pytest.raises(InputError, match=f"layer dense_2: an activation is {kind}"):
        write(tmp_path / "new" / "02.h5", layers, outputs)
    assert files_in(tmp_path / "new") == []

    def spoil(arrays):
        arrays["train/layers/dense_2"][7, 1] = value

    with (
        Dump(small_dump(change=spoil)[0]) as dump,
        pytest.raises(InputError, match=f"train, layer dense_2: an activation is {kind}"),
    ):
        read_all(dump, "dense_2")


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_what_float16_cannot_hold_is_refused(tmp_path, layers, outputs):
    layers["dense_1"][0, 0] = 70000
    with pytest.raises(InputError, match="float16 ends at 65504"):
        write(tmp_path / "02.h5", layers, outputs, "float16")
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_dump_cut_short_is_refused(small_dump, share):
    path, _ = small_dump()
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError, match="01.h5: not a readable HDF5 file"):
        Dump(path)


def test_a_damaged_block_is_refused_when_it_is_read(tmp_path, rng, outputs):
    write(tmp_path / "02.h5", {"dense_1": rng.random((12, 50)).astype("f4")}, outputs)
    with h5py.File(tmp_path / "02.h5") as file:
        chunk = file["train/layers/dense_1"].id.get_chunk_info(0)
    with open(tmp_path / "02.h5", "r+b") as stream:
        stream.seek(chunk.byte_offset)
        stream.write(b"\xff" * min(100, chunk.size))
    with Dump(tmp_path / "02.h5") as dump, pytest.raises(InputError, match="dense_1 is damaged"):
        read_all(dump, "dense_1")


def change_to(key, make):
    """Return a change of the dump's arrays: `key` is dropped (None) or replaced by `make(old)`."""

    def change(arrays):
        arrays.update({key: make(arrays[key])}) if make else arrays.pop(key)

    return change


@pytest.mark.parametrize(
    "key, make, message",
    [
        ("train/labels", lambda v: v[::-1], "train: rows are not sorted by class"),
        ("train/labels", lambda v: v[::-1].astype("u1"), "train: rows are not sorted by class"),
        ("train/labels", lambda v: v + 1, "train: label 3 lies outside the 3 classes"),
        ("train/labels", lambda v: v - 1, "train: label -1 lies outside the 3 classes"),
        ("test/labels", lambda v: np.minimum(v, 1), "test: class 2 has no sample"),
        ("train/labels", lambda v: v * 1.0, "train/labels: float64 .*, should be whole numbers"),
        ("train/labels", None, "'labels' is missing"),
        ("train/index", None, "'index' is missing"),
        ("train/layers/dense_2", None, "'layers/dense_2' is missing"),
        (
            "train/probabilities",
            lambda v: v[:, :2],
            r"train/probabilities: float32 \(10, 2\), should be floats \(10, 3\)",
        ),
        ("train/layers/dense_1", lambda v: v[:-1], r"train/layers/dense_1: float32 \(9, 6\), should be floats \(10"),
        ("train/layers/dense_1", lambda v: v.astype("i4"), "train/layers/dense_1: int32"),
        ("train/layers/dense_1", lambda v: v[:, 0], "train/layers/dense_1: float32"),
        ("test/layers/dense_1", lambda v: v[:, :4], "test/layers/dense_1: 4 neurons, but 6 in train"),
    ],
)
def test_arrays_that_are_not_of_this_form_are_refused(small_dump, key, make, message):
    path, _ = small_dump(change=change_to(key, make))
    with pytest.raises(InputError, match=message) as error:
        Dump(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["run", "seed", "iteration", "epoch", "classes", "layers"])
def test_a_missing_attribute_is_named(small_dump, name):
    path, _ = small_dump(**{name: None})
    with pytest.raises(InputError, match=f"not an activation dump: the root attribute '{name}' is missing"):
        Dump(path)


@pytest.mark.parametrize("name", ["iteration", "epoch"])
def test_a_number_that_is_none_is_refused(small_dump, name):
    with pytest.raises(InputError, match=f"root attribute '{name}' is 'one', should be a whole number from 0"):
        Dump(small_dump(**{name: "one"})[0])


def test_names_may_be_byte_strings(small_dump):
    with Dump(small_dump(classes=np.array([b"a", b"b", b"c"]), layers=np.array([b"dense_1"]))[0]) as dump:
        assert (dump.classes, dump.layers) == (["a", "b", "c"], ["dense_1"])


def test_probabilities_that_are_no_numbers_are_refused(tmp_path, small_dump, layers, outputs):
    outputs[3, 1] = np.nan
    with pytest.raises(InputError, match="train: a class probability is NaN"):
        write(tmp_path / "02.h5", layers, outputs)
    assert files_in(tmp_path) == []
    path, _ = small_dump(change=change_to("train/probabilities", lambda v: v * np.nan))
    with Dump(path) as dump, pytest.raises(InputError, match="train: a class probability is NaN"):
        list(dump.probabilities("train"))


def test_other_hdf5_is_refused(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["weights"] = np.zeros(3)
    with pytest.raises(InputError, match="not an activation dump"):
        Dump(tmp_path / "other.h5")


@pytest.mark.parametrize("chunks", [None, 1, 3, 4, 6])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_class_blocks_are_the_classes_rows_whatever_the_layout(small_dump, chunks, dtype):
    path, arrays = small_dump(chunks=chunks, dtype=dtype)
    with Dump(path) as dump:
        for split in ("train", "test"):
            values, labels = arrays[f"{split}/layers/dense_1"], arrays[f"{split}/labels"]
            blocks = list(dump.class_blocks(split, "dense_1"))
            assert all(block.dtype == np.float32 and len(block) for _, block in blocks)
            for c in range(3):
                own = np.concatenate([block for d, block in blocks if d == c])
                np.testing.assert_array_equal(own, values[labels == c])
            assert [c for c, _ in blocks] == sorted(c for c, _ in blocks)


def test_class_blocks_over_many_blocks_of_a_contiguous_layout(small_dump, monkeypatch):
    monkeypatch.setattr("neurons.dumps.format.BLOCK_ROWS", 2)
    path, arrays = small_dump()
    with Dump(path) as dump:
        blocks = list(dump.class_blocks("train", "dense_2"))
    assert [(c, len(block)) for c, block in blocks] == [(0, 2), (0, 2), (0, 1), (1, 1), (2, 2), (2, 2)]
    np.testing.assert_array_equal(np.concatenate([b for _, b in blocks]), arrays["train/layers/dense_2"])


def test_recorded_running_accuracy(small_dump):
    with Dump(small_dump(running_accuracy=0.75)[0]) as dump:
        assert dump.running_accuracy == 0.75


@pytest.mark.parametrize("rows, width", [(1, 10), (60000, 512), (100, 8192), (60000, 1), (5, 10**7)])
def test_chunks_are_about_two_mebibytes_at_most(rows, width):
    chunk = chunk_rows(rows, width)
    assert 1 <= chunk <= min(rows, 1024)
    assert chunk * width * 4 <= 2**21 or chunk <= 64
