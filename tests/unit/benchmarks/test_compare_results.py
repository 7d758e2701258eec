"""The comparison of two result trees: it finds one flipped bit in each kind of file, and nothing where there is none."""

import importlib.util
import shutil

import h5py
import numpy as np
import pytest
import torch


@pytest.fixture
def script(root):
    spec = importlib.util.spec_from_file_location("compare_results", root / "benchmarks/compare_results.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def trees(tmp_path):
    """Two equal trees of results, with NaN in every kind of number and two kinds of file that do not count."""
    old = tmp_path / "old"
    (old / "run/logs").mkdir(parents=True)
    for name in ("a.csv", "a.md", "a.json", "a.graphml", "a.gexf", "a.svg", "a.png", "a.html"):
        (old / "run" / name).write_text("x,y\n1,nan\n2,3\n")
    for name in ("report.html", "run/logs/a.log", "run/.a.part"):
        (old / name).write_text("old\n")
    with h5py.File(old / "run/a.h5", "w") as file:
        file.attrs["classes"] = ["cat", "dog"]
        file.attrs["share"] = np.nan
        file["train/values"] = np.array([[1.0, np.nan], [0.0, 2.0]], np.float32)
        file["train/values"].attrs["seeds"] = np.array([1, 2])
        file["count"] = 3
        file["names"] = ["one", "two"]
        file["empty"] = np.zeros((0, 3))
    weights = {"a": torch.tensor([0.5, float("nan")]), "one": torch.tensor(2.0), "flags": torch.tensor([True])}
    torch.save({"model": weights, "run": "toy", "seed": 0, "loss": float("nan"), "steps": [1, 2.5]}, old / "run/a.pt")
    shutil.copytree(old, tmp_path / "new")
    for name in ("report.html", "run/logs/a.log", "run/.a.part"):
        (tmp_path / "new" / name).write_text("new\n")
    return old, tmp_path / "new"


def flip(data: bytes) -> bytes:
    """Return `data` with the lowest bit of its first byte flipped."""
    return bytes([data[0] ^ 1]) + data[1:]


def test_equal_trees_are_equal(script, trees, capsys):
    assert script.main([*map(str, trees)]) == 0
    assert "All results are equal" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["a.csv", "a.md", "a.json", "a.graphml", "a.gexf", "a.html"])
def test_a_flipped_bit_in_a_file_of_text_is_found(script, trees, capsys, name):
    path = trees[1] / "run" / name
    path.write_bytes(path.read_bytes().replace(b"3", b"2"))
    assert script.main([*map(str, trees)]) == 1
    assert f"differs: run/{name}: line 3: '2,3\\n' became '2,2\\n'" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["train/values", "count"])
def test_a_flipped_bit_in_an_array_is_found(script, trees, capsys, name):
    with h5py.File(trees[1] / "run/a.h5", "r+") as file:
        values = file[name][()]
        file[name][...] = np.frombuffer(flip(values.tobytes()), values.dtype).reshape(values.shape)
    assert script.main([*map(str, trees)]) == 1
    assert f"/{name}: " in capsys.readouterr().out


def test_the_sign_of_zero_and_another_nan_are_differences(script, trees):
    for bits in (0x80000000, 0x7FC00001):
        with h5py.File(trees[1] / "run/a.h5", "r+") as file:
            file["train/values"][1, 0] = np.array(bits, np.uint32).view(np.float32)
        assert script.hdf5_difference(*(tree / "run/a.h5" for tree in trees))


@pytest.mark.parametrize("block", [1, 8, 15, 16, 17, 1000])
def test_arrays_are_compared_to_their_last_row(script, tmp_path, monkeypatch, block):
    monkeypatch.setattr(script, "BLOCK", block)
    values = np.arange(21, dtype=np.float64).reshape(7, 3)
    for name in ("old.h5", "same.h5", "new.h5"):
        values[-1, -1] += name == "new.h5"
        with h5py.File(tmp_path / name, "w") as file:
            file["values"] = values
    assert script.hdf5_difference(tmp_path / "old.h5", tmp_path / "same.h5") is None
    assert "values" in script.hdf5_difference(tmp_path / "old.h5", tmp_path / "new.h5")


def test_how_an_array_is_stored_and_the_order_of_attributes_do_not_count(script, trees):
    with h5py.File(trees[0] / "run/a.h5") as old, h5py.File(trees[1] / "run/b.h5", "w") as new:
        for name in sorted(old.attrs, reverse=True):
            new.attrs[name] = old.attrs[name]
        for name in ("names", "empty", "count"):
            old.copy(name, new)
        new.create_dataset("train/values", data=old["train/values"][()], compression="gzip", chunks=(1, 1))
        new["train/values"].attrs["seeds"] = old["train/values"].attrs["seeds"]
    assert script.hdf5_difference(trees[0] / "run/a.h5", trees[1] / "run/b.h5") is None


def change_attribute(file):
    file.attrs["classes"] = ["cat", "dig"]


def change_number(file):
    file.attrs["share"] = 0.5


def change_inner_attribute(file):
    file["train/values"].attrs["seeds"] = [1, 3]


def drop_attribute(file):
    del file.attrs["share"]


def change_type(file):
    del file["count"]
    file["count"] = np.int32(3)


def change_text(file):
    file["names"][1] = "twe"


def drop_array(file):
    del file["empty"]


def reshape_array(file):
    del file["empty"]
    file["empty"] = np.zeros((3, 0))


def array_to_group(file):
    del file["empty"]
    file.create_group("empty")


@pytest.mark.parametrize(
    "change, words",
    [
        (change_attribute, "@classes"),
        (change_number, "@share"),
        (change_inner_attribute, "/train/values@seeds"),
        (drop_attribute, "@share is in one file"),
        (change_type, "int64 () became int32 ()"),
        (change_text, "/names"),
        (drop_array, "/empty is in one file"),
        (reshape_array, "(0, 3) became float64 (3, 0)"),
        (array_to_group, "/empty is in one file only, or of another kind"),
    ],
)
def test_everything_in_an_hdf5_file_counts(script, trees, change, words):
    paths = [tree / "run/a.h5" for tree in trees]
    with h5py.File(paths[1], "r+") as file:
        change(file)
    assert words in script.hdf5_difference(*paths)


@pytest.mark.parametrize(
    "change, where",
    [
        ({"model": "a"}, "['model']['a']"),
        ({"model": "one"}, "['model']['one']"),
        ({"model": "flags"}, "['model']['flags']"),
        ({"seed": 1}, "['seed']: 0 became 1"),
        ({"seed": False}, "['seed']: int became bool"),
        ({"loss": 0.1}, "['loss']: nan became 0.1"),
        ({"steps": [1, 2.5000000000000004]}, "['steps'][1]"),
        ({"steps": [1]}, "['steps']"),
        ({"more": 1}, "['more'] is in one file only"),
    ],
)
def test_a_flipped_bit_in_weights_is_found(script, trees, change, where):
    paths = [tree / "run/a.pt" for tree in trees]
    content = torch.load(paths[1], weights_only=True)
    if "model" in change:
        tensor = content["model"][change["model"]]
        bits = flip(tensor.numpy().tobytes())
        content["model"][change["model"]] = torch.frombuffer(bytearray(bits), dtype=tensor.dtype).reshape(tensor.shape)
    else:
        content |= change
    torch.save(content, paths[1])
    assert where in script.torch_difference(*paths)


@pytest.mark.parametrize("name", ["a.svg", "a.png"])
def test_drawings_are_listed_and_count_when_asked(script, trees, capsys, name):
    (trees[1] / "run" / name).write_text("x,y\n1,nan\n2,2\n")
    assert script.main([*map(str, trees)]) == 0
    assert f"differs: run/{name}" in capsys.readouterr().out
    assert script.main([*map(str, trees), "--drawings"]) == 1


def test_files_of_one_tree_alone(script, trees, capsys):
    (trees[1] / "run/b.csv").write_text("x\n")
    assert script.main([*map(str, trees)]) == 0
    assert "added: run/b.csv" in capsys.readouterr().out
    (trees[1] / "run/a.html").unlink()
    assert script.main([*map(str, trees)]) == 1
    assert "missing: run/a.html" in capsys.readouterr().out
    assert script.main([*map(str, trees), "--dropped", "*.html"]) == 0
    (trees[1] / "run/a.csv").unlink()
    assert script.main([*map(str, trees), "--dropped", "*.html"]) == 1


def test_trees_that_share_nothing_are_not_equal(script, tmp_path, capsys):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    assert script.main([str(tmp_path / "old"), str(tmp_path / "new")]) == 1
    with pytest.raises(SystemExit):
        script.main([str(tmp_path / "old"), str(tmp_path / "nowhere")])
    assert "no such folder" in capsys.readouterr().err


def test_the_first_differing_line_may_be_the_end(script, tmp_path):
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("x\n1\n")
    other.write_text("x\n")
    assert script.bytes_difference(one, other) == "line 2: '1\\n' became None"
