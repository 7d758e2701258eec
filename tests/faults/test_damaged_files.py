"""Files of ours that are cut short or swapped after they were made, with their times kept."""

import os
import shutil

import pytest
import torch

from harm import SMALL, SMALL_TARGETS, bytes_of
from running import refused

DUMP = "results/tiny/seed-0/activations/02.h5"
READERS = {
    "build_graphs": "results/tiny/seed-0/graphs/02.h5",
    "measure_entropy": "results/tiny/seed-0/entropy/02.csv",
    "measure_patterns": "results/tiny/seed-0/patterns/02.h5",
    "correlate_neurons": "results/tiny/seed-0/coactivation/02/graph.h5",
}
SNAPSHOT = "results/tiny/seed-0/snapshots/02.pt"


def keep_time(path, damage) -> None:
    """Damage a file and put its times back, so that Snakemake sees nothing."""
    before = path.stat()
    damage(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture(scope="module")
def readers_of_a_cut_dump(new_place, made):
    """All rules that read a dump, in one call on one that was cut short."""
    place = new_place("cut")
    shutil.copytree(made.folder, place.folder, symlinks=True, dirs_exist_ok=True)
    keep_time(place / DUMP, lambda path: os.truncate(path, path.stat().st_size - 1))
    for target in READERS.values():
        (place / target).unlink(missing_ok=True)
    return place, place.run(SMALL, "--keep-going", *READERS.values())


@pytest.mark.parametrize("rule", READERS)
def test_a_reader_of_a_cut_dump_names_it_and_leaves_nothing(readers_of_a_cut_dump, rule):
    place, outcome = readers_of_a_cut_dump
    [log] = (place / "logs" / rule).rglob("*02.log")
    words = [DUMP, "not a readable HDF5 file", "delete it and run again"]
    refused(place, outcome, str(log.relative_to(place.folder)), READERS[rule], words)


def test_a_cut_dump_that_was_deleted_as_told_is_made_anew(made_copy, made):
    keep_time(made_copy / DUMP, lambda path: os.truncate(path, path.stat().st_size // 2))
    (made_copy / READERS["build_graphs"]).unlink()
    assert made_copy.run(SMALL, *SMALL_TARGETS).code == 1
    (made_copy / DUMP).unlink()
    made_copy.make(SMALL, *SMALL_TARGETS)
    assert bytes_of(made_copy / "results") == bytes_of(made / "results")


def widen(path) -> None:
    snapshot = torch.load(path, weights_only=True)
    snapshot["model"] = {name: torch.cat([tensor, tensor]) for name, tensor in snapshot["model"].items()}
    torch.save(snapshot, path)


def test_a_snapshot_of_another_architecture_is_named_and_made_anew_once_deleted(made_copy, made):
    keep_time(made_copy / SNAPSHOT, widen)
    (made_copy / DUMP).unlink()
    outcome = made_copy.run(SMALL, DUMP)
    words = [SNAPSHOT, "a snapshot of another architecture", "delete its snapshots"]
    refused(made_copy, outcome, "logs/dump_activations/tiny/seed-0/02.log", DUMP, words)
    shutil.rmtree((made_copy / SNAPSHOT).parent)
    made_copy.make(SMALL, DUMP, *SMALL_TARGETS)
    assert bytes_of(made_copy / "results") == bytes_of(made / "results")
