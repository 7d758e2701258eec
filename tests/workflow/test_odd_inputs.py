"""Odd configurations, data and dumps, drawn by fixed seeds: each works, or is refused in one line and leaves no file."""

import copy
import datetime
import json
import math
import os
import random
import re
import shutil

import h5py
import numpy as np
import pytest
import yaml
from dump_files import write_dump

from neurons.core.errors import InputError
from neurons.core.files import read_recorded
from neurons.core.tables import read_csv_table
from neurons.data.convert import convert
from neurons.dumps.imported import import_dump
from neurons.workflow.config import resolve
from running import REPOSITORY, TINY, copied, refused

SCHEMA = yaml.safe_load((REPOSITORY / "config/schema.yaml").read_text())
RICH = {
    "data_dir": "data",
    "download": True,
    "gpu": True,
    "temporary_dumps": False,
    "datasets": {
        "digits": {"source": "digits", "test_share": 0.2, "split_seed": 0},
        "own": {"source": "npz", "path": "x"},
    },
    "defaults": {"dataset": "digits", "training": {"iterations": 3}},
    "sweep": {"base": "tiny", "vary": {"entropy.bins": [5, 10], "model.dropout": [0.1]}},
    "runs": {
        "tiny": {
            "labels": "given",
            "seeds": [0],
            "studies": ["communities"],
            "published": "mnist",
            "model": {"hidden": [12, 8], "dropout": 0.02},
            "training": {"optimizer": "adam", "learning_rate": 0.001, "batch_size": 64},
            "graph": {"top_neurons": 4},
            "modularity": {"starts": 3, "resolution": 1.0},
            "entropy": {"bins": 10},
            "auxiliary": {"epochs": 2},
            "coactivation": {"louvain_runs": 2},
        },
        "imported": {"activations": "elsewhere", "dataset": "digits"},
        "large": {"model": {"name": "resnet18", "options": {}}},
        "snapshots": {"snapshots": "weights"},
    },
}
SECTIONS = [("datasets",), ("runs",), ("defaults",), ("sweep",), ("sweep", "vary")]
_KNOT = []
_KNOT.append(_KNOT)
VALUES = {
    "nothing": None,
    "empty": "",
    "blank": " ",
    "newline": "tiny\n",
    "quotes": "'\"`$(touch ran){x}\\",
    "nul": "a\0b",
    "upwards": "../../etc",
    "long": "x" * 5000,
    "exponent": "1e-3",
    "huge": 2**63,
    "beyond floats": 10**400,
    "minus": -1,
    "zero": 0,
    "half": 0.5,
    "nan": math.nan,
    "infinite": math.inf,
    "tiny float": 5e-324,
    "true": True,
    "day": datetime.date(2020, 1, 1),
    "list": [],
    "list of nothing": [None],
    "list in list": [[[]]],
    "knot": _KNOT,
    "mapping": {},
    "number as key": {1: 2},
    "nothing as key": {None: None},
}


def paths(tree, path=()) -> list[tuple]:
    """Return the path of every entry in a tree of mappings and lists."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [found for key, value in entries for found in ((*path, key), *paths(value, (*path, key)))]


def put(tree, path: tuple, value, rename: bool):
    """Return a copy of a tree with another value at a path, or the same value under another key."""
    tree = copy.deepcopy(tree)
    place = tree
    for key in path[:-1]:
        place = place[key]
    if rename and isinstance(place, dict):
        place[value] = place.pop(path[-1])
    else:
        place[path[-1]] = value
    return tree


def fault(act, *names: str) -> str | None:
    """Return what is wrong with how an act ends: None if it works, or is refused in one printable line with all names in it."""
    try:
        act()
    except InputError as error:
        lines = str(error).splitlines()
        if len(lines) != 1 or not lines[0].isprintable():
            return f"not one printable line: {str(error)[:200]!r}"
        return next((f"{name} is not in: {lines[0][:200]}" for name in names if name not in lines[0]), None)
    except Exception as error:  # noqa: BLE001 - whatever else is raised is the finding
        return f"{type(error).__name__}: {str(error)[:150]}"
    return None


def resolved(config: dict) -> None:
    """Resolve a configuration; what comes of it has plain names, and can be digested."""
    result = resolve(config, SCHEMA)
    for name in (*result["runs"], *result["datasets"]):
        assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name), f"accepted the name {name!r}"
    json.dumps(result).encode()


def odd_configs(value: str) -> dict[str, dict]:
    """Return the rich configuration with an odd value at each place but for whole sections, and each key renamed to it."""
    is_key = isinstance(VALUES[value], str | int | float | bool | None | datetime.date)
    draws = [(path, rename) for path in paths(RICH) for rename in ((False, True) if is_key else (False,))]
    return {
        f"{'.'.join(map(str, path))} {'renamed to' if rename else '='} {value}": put(RICH, path, VALUES[value], rename)
        for path, rename in draws
        if rename or path not in SECTIONS
    }


@pytest.mark.parametrize("value", VALUES)
def test_an_odd_configuration_is_resolved_or_refused_in_one_line(value):
    faults = {
        name: found for name, config in odd_configs(value).items() if (found := fault(lambda c=config: resolved(c)))
    }
    assert faults == {}


@pytest.mark.parametrize("section", [" ".join(path) for path in SECTIONS])
def test_a_section_of_odd_values_is_refused_in_one_line(section):
    configs = {name: put(RICH, tuple(section.split()), value, False) for name, value in VALUES.items()}
    faults = {name: found for name, config in configs.items() if (found := fault(lambda c=config: resolved(c)))}
    assert faults == {}


def test_an_odd_configuration_is_planned_or_ends_snakemake_with_one_line(place):
    """Some of them through Snakemake itself, with its reader of YAML, its own rules for names and its planning."""
    draws = [draw for value in VALUES for draw in odd_configs(value).items()]
    faults = {}
    for name, config in random.Random(0).sample(draws, 30):
        outcome = place.run(config, "--dry-run", "--quiet", "rules")
        lines = len(outcome.error_lines)
        if "Traceback" in outcome.screen or outcome.code != (1 if lines else 0) or lines > 1:
            faults[name] = outcome.screen[-500:]
    assert faults == {}
    assert not (place / "results").exists()


def images(shape=(12, 4, 4), dtype=np.uint8):
    return np.arange(math.prod(shape)).reshape(shape).astype(dtype)


LABELS = np.arange(12) % 3
WHOLE = {"x_train": images(), "y_train": LABELS, "x_test": images(), "y_test": LABELS}
ARCHIVES = {
    "whole": {},
    "without labels": {"y_train": None},
    "without images": {"x_test": None},
    "no samples at all": {"x_train": images((0, 4, 4)), "y_train": LABELS[:0]},
    "empty test split": {"x_test": images((0, 4, 4)), "y_test": LABELS[:0]},
    "fewer labels": {"y_train": LABELS[:11]},
    "labels of floats": {"y_train": LABELS + 0.5},
    "labels of whole floats": {"y_train": LABELS.astype(float)},
    "labels of text": {"y_train": np.array(["a", "b", "c"] * 4)},
    "labels of nan": {"y_train": np.full(12, np.nan)},
    "labels of booleans": {"y_train": LABELS > 0, "y_test": LABELS > 0},
    "labels of objects": {"y_train": np.array([0, 1, None] * 4, object)},
    "one-hot labels": {"y_train": np.eye(3, dtype=int)[LABELS], "y_test": np.eye(3, dtype=int)[LABELS]},
    "columns of labels": {"y_train": LABELS[:, None], "y_test": LABELS[:, None]},
    "one class": {"y_train": LABELS * 0, "y_test": LABELS * 0},
    "a class that only the test set has": {"y_test": np.r_[LABELS[:-1], 3]},
    "a class that the test set lacks": {"y_test": LABELS % 2},
    "one sample": {"x_train": images((1, 4, 4)), "y_train": LABELS[:1]},
    "labels of 8 bits": {"y_train": LABELS.astype(np.int8), "y_test": LABELS.astype(np.uint8)},
    "a label of 100,000": {"y_train": np.r_[LABELS[:-1], 100_000]},
    "a number as labels": {"y_train": np.array(3)},
    "flat images": {"x_train": images((12, 16)), "x_test": images((12, 16))},
    "images of 0 pixels": {"x_train": images((12, 0, 4)), "x_test": images((12, 0, 4))},
    "images of 1 pixel": {"x_train": images((12, 1, 1)), "x_test": images((12, 1, 1))},
    "two channels": {"x_train": images((12, 4, 4, 2)), "x_test": images((12, 4, 4, 2))},
    "five axes": {"x_train": images((12, 4, 4, 3, 1)), "x_test": images((12, 4, 4, 3, 1))},
    "images of 16 bits": {"x_train": images(dtype=np.uint16), "x_test": images(dtype=np.uint16)},
    "images of text": {"x_train": np.full((12, 4, 4), "a"), "x_test": np.full((12, 4, 4), "a")},
    "images of another size": {"x_test": images((12, 5, 4))},
    "images of objects": {"x_train": np.array([[[None]]] * 12, object)},
    "too few class names": {"classes": np.array(["a", "b"])},
    "too many class names": {"classes": np.array(["a", "b", "c", "d"])},
    "class names twice": {"classes": np.array(["a", "a", "b"])},
    "numbers as class names": {"classes": np.array([1, 2, 3])},
    "a number as class names": {"classes": np.array(3)},
    "class names with newlines": {"classes": np.array(["a\nb", "$x{", "|"])},
    "empty class names": {"classes": np.array(["", " ", "x"])},
    "class names with NUL": {"classes": np.array(["a\0b", "c", "d"])},
    "class names with surrogates": {"classes": np.array(["a\udcff", "c", "d"])},
    "class names of objects": {"classes": np.array([None, {}, []], object)},
    "class names in a table": {"classes": np.array([["a", "b", "c"]])},
}


def converted(folder, changes: dict) -> None:
    arrays = {name: value for name, value in (WHOLE | changes).items() if value is not None}
    np.savez(folder / "own.npz", **arrays)
    convert("own", {"source": "npz", "path": "own.npz", "grayscale": False}, folder, folder / "made/own.h5")
    with h5py.File(folder / "made/own.h5") as file:
        for split in ("train", "test"):
            assert len(file[f"{split}/labels"]) == len(file[f"{split}/images"]) > 0


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_odd_archive_is_converted_or_refused_in_one_line(tmp_path, name):
    (tmp_path / "made").mkdir()
    assert fault(lambda: converted(tmp_path, ARCHIVES[name]), "own") is None
    left = [path.name for path in (tmp_path / "made").iterdir()]
    assert left in ([], ["own.h5"])


def replaced(name: str, value):
    """A change of a dump: another data set under a name (None: no such one)."""

    def change(file):
        del file[name]
        if value is not None:
            file[name] = value

    return change


def attribute(name: str, value):
    def change(file):
        file.attrs[name] = value

    return change


def declared(shape):
    """A data set that claims a shape and holds nothing."""

    def change(file):
        del file["train/layers/one"]
        file.create_dataset("train/layers/one", shape, "f4", maxshape=(None, 5), chunks=(1000, 5))

    return change


DUMPS = {
    "whole": lambda file: None,
    "a billion rows": declared((10**11, 5)),
    "no rows": declared((0, 5)),
    "null data set": replaced("train/layers/one", h5py.Empty("f4")),
    "null labels": replaced("train/labels", h5py.Empty("i8")),
    "text as activations": replaced("train/layers/one", np.array([b"a"] * 40)),
    "text as labels": replaced("train/labels", np.array([b"a"] * 40)),
    "a number as labels": replaced("train/labels", 3),
    "labels of floats": replaced("train/labels", np.zeros(40) + 0.5),
    "a flat layer": replaced("train/layers/one", np.zeros(40, "f4")),
    "a layer of images": replaced("train/layers/one", np.zeros((40, 5, 2, 2), "f4")),
    "a layer without neurons": replaced("train/layers/one", np.zeros((40, 0), "f4")),
    "a layer that is a group": replaced("train/layers/one", None),
    "no probabilities": replaced("train/probabilities", None),
    "probabilities of 7": replaced("train/probabilities", np.full((40, 3), 7, "f4")),
    "probabilities of two classes": replaced("train/probabilities", np.full((40, 2), 0.5, "f4")),
    "logits": replaced("train/probabilities", np.random.default_rng(0).normal(size=(40, 3)).astype("f4")),
    "an index of another length": replaced("train/index", np.arange(39)),
    "no training split": replaced("train", None),
    "no layers": attribute("layers", np.array([], "S1")),
    "the same layer twice": attribute("layers", ["one", "one"]),
    "an unknown layer": attribute("layers", ["one", "four"]),
    "a number as layers": attribute("layers", 3),
    "a number as classes": attribute("classes", 3),
    "no classes": attribute("classes", np.array([], "S1")),
    "the same class twice": attribute("classes", ["a", "a", "b"]),
    "text as iteration": attribute("iteration", "first"),
    "a list as iteration": attribute("iteration", [1, 1]),
    "null iteration": attribute("iteration", h5py.Empty("i8")),
    "infinite epoch": attribute("epoch", math.inf),
    "text as epoch": attribute("epoch", "x"),
    "an accuracy of 7": attribute("running_accuracy", 7.0),
    "text as accuracy": attribute("running_accuracy", "good"),
}


@pytest.mark.parametrize("name", DUMPS)
def test_an_odd_dump_is_imported_or_refused_in_one_line(tmp_path, name):
    source = tmp_path / "dumps/01.h5"
    source.parent.mkdir()
    write_dump(source)
    with h5py.File(source, "r+") as file:
        DUMPS[name](file)
    assert fault(lambda: import_dump(source.parent, 0, 1, 1, tmp_path / "made/01.h5"), "01.h5") is None
    left = sorted(path.name for path in (tmp_path / "made").glob("*"))
    assert left == (["01.h5"] if name == "whole" else [])


NAMES = (
    "0",
    "1e5",
    "nan",
    "null",
    "seed-0",
    "a.b",
    "a..b",
    "a-",
    "01",
    "tiny-tiny-tiny-tiny",
    "data.h5",
    "ab" * 19,
    "x" * 19,
)


def test_names_that_are_accepted_can_be_planned(place):
    runs = {name: {} for name in (*NAMES, "".join(map(str, range(99)))[:100])}
    counts = place.dry_run({**TINY, "runs": runs}, *(f"results/{name}/communities/table1.csv" for name in runs))
    assert counts["train_model_3"] == counts["tabulate_accuracy"] == len(runs)


@pytest.mark.parametrize("name", ["x" * 20, "z" + "ab" * 20, "x" * 60, "".join(map(str, range(99)))[:101]])
@pytest.mark.parametrize("section", ["runs", "datasets"])
def test_names_that_no_path_of_snakemake_can_hold_are_refused(section, name):
    config = put(RICH, (section, "imported" if section == "runs" else "own"), name, rename=True)
    assert fault(lambda: resolved(config), name, "shorten it") is None
    with pytest.raises(InputError):
        resolved(config)


def emptied(path) -> None:
    path.write_bytes(b"")


def binary(path) -> None:
    path.write_bytes(random.Random(0).randbytes(500))


def halved(path) -> None:
    """A table is cut at the end of a line, where its rows still look well."""
    size = path.stat().st_size // 2
    os.truncate(path, path.read_bytes().index(b"\n", size) + 1 if path.suffix == ".csv" else size)


SPOILT = {  # results of a run that a later job reads, with that job's log and what it makes; no job waits for another
    "tiny/seed-0/entropy/02.csv": ("correlate_entropy/tiny", "tiny/communities/table5.csv"),
    "tiny/seed-0/modularity/02.csv": ("correlate_modularity/tiny", "tiny/communities/table4.csv"),
    "tiny/seed-0/graphs/03.h5": ("tabulate_overlap/tiny", "tiny/communities/table2.csv"),
    "tiny/seed-0/history.csv": ("tabulate_accuracy/tiny", "tiny/communities/table1.csv"),
    "tiny-mixed/seed-0/class_accuracy.csv": ("correlate_entropy/tiny-mixed", "tiny-mixed/communities/table6.csv"),
    "tiny-mixed/communities/graphs.csv": (
        "draw_figure/tiny-mixed/communities/graphs",
        "tiny-mixed/communities/graphs.svg",
    ),
}


def spoil(path, damage) -> None:
    """Damage a file and put its time back, so that Snakemake sees nothing."""
    before = path.stat()
    damage(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture(scope="module", params=[emptied, binary, halved])
def spoilt(request, new_place, finished_run):
    """All of them spoilt with their times kept, and one call for what is made of them."""
    place = copied(finished_run[0], new_place("spoilt").folder)
    targets = [f"results/{made}" for _, made in SPOILT.values()]
    for path in [place / target for target in targets]:
        path.unlink()
    for path in [place / "results" / name for name in SPOILT]:
        spoil(path, request.param)
    return place, place.run(TINY, "--keep-going", *targets)


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_result_is_named_by_the_job_that_reads_it(spoilt, name):
    log, made = SPOILT[name]
    refused(*spoilt, f"logs/{log}.log", f"results/{made}", [name, "delete it and run again"])


@pytest.mark.parametrize("damage", [emptied, binary, halved])
def test_every_table_and_drawing_of_a_run_is_known_to_be_whole(finished, tmp_path, damage):
    """All tables are read by one reader (tests/unit/core/test_tables.py); it refuses each that a run writes."""
    shutil.copytree(finished / "results", tmp_path, dirs_exist_ok=True)
    files = [path for path in tmp_path.rglob("*") if path.suffix in (".csv", ".svg", ".png")]
    assert len(files) > 40
    for path in files:
        content = path.read_bytes()
        assert read_recorded(path) == content
        damage(path)
        if path.read_bytes() != content:
            read = (lambda p=path: read_csv_table(p)) if path.suffix == ".csv" else (lambda p=path: read_recorded(p))
            with pytest.raises((InputError, ValueError)):
                read()


@pytest.mark.parametrize("damage", [emptied, binary, halved])
def test_half_a_drawing_does_not_get_into_the_report(finished_copy, damage):
    spoil(finished_copy / "results/tiny/communities/figure1.svg", damage)
    outcome = finished_copy.run(TINY, "preview_report")
    words = ["tiny/communities/figure1.svg", "delete it and run again"]
    refused(finished_copy, outcome, "logs/preview_report/preview.log", "results/preview.html", words)
