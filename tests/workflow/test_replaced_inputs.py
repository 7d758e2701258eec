"""What a user brings and then replaces, in place or by pointing elsewhere: what was made of it is made again."""

import copy
import os
import shutil

import numpy as np
import pytest
import torch
from dump_files import write_dump
from PIL import Image

from neurons.networks.build import build
from running import copied

MODEL = {"filters": [], "hidden": [3], "dropout": 0.0}
CONFIG = {
    "data_dir": "raw",
    "datasets": {
        "own": {"source": "npz", "path": "own.npz"},
        "photos": {"source": "image_folder", "path": "photos", "grayscale": True, "test_share": 0.5},
    },
    "runs": {
        "weights": {"dataset": "own", "snapshots": "weights", "model": {"hidden": [3]}, "training": {"iterations": 1}},
        "dumps": {"activations": "dumps", "training": {"iterations": 1}},
    },
}
MADE = {  # what is made of each input
    "raw/own.npz": "results/data/own.h5",
    "raw/photos/b/1.png": "results/data/photos.h5",
    "weights/01.pt": "results/weights/seed-0/snapshots/01.pt",
    "dumps/01.h5": "results/dumps/seed-0/activations/01.h5",
}
OF_DATA = {"fetch_dataset": 2, "convert_dataset": 2}
IMPORTS = {"import_snapshot": 1, "import_activations": 1}


def write(path, value: int) -> None:
    """Write an input; all values give files of one size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npz":
        images, labels = np.full((6, 2, 2), value, np.uint8), np.arange(6) % 2
        np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)
    elif path.suffix == ".png":
        Image.fromarray(np.full((4, 4), value, np.uint8)).save(path)
    elif path.suffix == ".pt":
        torch.manual_seed(value)
        torch.save(build(MODEL, (2, 2), 2).state_dict(), path)
    else:
        write_dump(path)


@pytest.fixture(scope="module")
def made(new_place):
    place = new_place("inputs")
    for name in (*MADE, "raw/photos/a/1.png", "raw/photos/a/2.png", "raw/photos/b/2.png"):
        write(place / name, 1)
    place.make(CONFIG, *MADE.values())
    return place


def jobs(place, config=CONFIG) -> dict[str, int]:
    return place.dry_run(config, "--", *MADE.values())


def test_nothing_is_made_twice_of_the_same_inputs(made):
    assert jobs(made) == {}


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_replaced_inputs_make_anew_what_was_made_of_them(made, tmp_path, days):
    """With an older time than they had, as `cp -p` gives it, their own (but for a nanosecond), or a newer one."""
    place = copied(made, tmp_path / "copy")
    for path in [place / name for name in MADE]:
        time = path.stat().st_mtime_ns + days * 86_400 * 10**9 + 1
        write(path, 2)
        os.utime(path, ns=(time, time))
    assert jobs(place) == OF_DATA | IMPORTS


def test_inputs_that_were_only_touched_or_moved_make_nothing(made, tmp_path):
    """But for dumps, which are too large to be read for every plan."""
    place = copied(made, tmp_path / "copy")
    for name in MADE:
        os.utime(place / name, ns=(10**18, 10**18))
    assert jobs(place) == {"import_activations": 1}
    (place / "raw").rename(place / "elsewhere")
    assert jobs(place, CONFIG | {"data_dir": "elsewhere"}) == {"import_activations": 1}


def test_a_data_dir_that_holds_other_data_makes_anew(made, tmp_path):
    place = copied(made, tmp_path / "copy")
    shutil.copytree(place / "raw", place / "other")
    for name in ("own.npz", "photos/b/1.png"):
        write(place / "other" / name, 3)
    found = jobs(place, CONFIG | {"data_dir": "other"})
    assert found == OF_DATA | {"import_snapshot": 1}  # which is checked against the data


def test_converted_data_outlive_the_raw_ones(made, tmp_path):
    place = copied(made, tmp_path / "copy")
    shutil.rmtree(place / "raw")
    assert jobs(place) == {}


def test_changed_published_values_are_set_beside_anew(finished, tiny, edited_workflow):
    place = copy.copy(finished)
    place.workflow = edited_workflow
    path = edited_workflow / "resources/published/communities_table5.csv"
    path.write_text(path.read_text().replace("0.87", "0.88"))
    assert set(place.dry_run(tiny)) >= {"compare_communities", "compare_series", "write_report"}
