"""Dumps of another framework stand in for training."""

import os
import shutil

import h5py
import hdf5plugin  # noqa: F401 - reads the dumps' compression
import pytest
from samples import read_rows


def imported_config() -> dict:
    settings = {"training": {"iterations": 3}, "graph": {"top_neurons": 4}, "modularity": {"starts": 3}}
    return {"runs": {"foreign": {"activations": "elsewhere", **settings}}}


@pytest.fixture(scope="module")
def imported(new_place, finished_run):
    """A run on a folder of dumps alone: no data set, no training."""
    finished, _ = finished_run
    place = new_place("imported")
    shutil.copytree(finished / "results/tiny/seed-0/activations", place / "elsewhere")
    return place, place.make(imported_config())


def test_the_workflow_starts_at_the_dumps(imported):
    place, outcome = imported
    jobs = outcome.jobs
    assert jobs["import_activations"] == 3
    assert not {"fetch_dataset", "convert_dataset", "dump_activations"} & set(jobs)
    assert not [rule for rule in jobs if rule.startswith("train_model")]
    assert [path.name for path in sorted((place / "elsewhere").iterdir())] == ["01.h5", "02.h5", "03.h5"]


def test_tables_1_to_6_and_the_figures_come_out(imported):
    tables = imported[0] / "results/foreign/communities"
    for name in (*(f"table{n}.csv" for n in range(1, 7)), "figure1.svg", "graphs.svg", "overlap.svg"):
        assert (tables / name).stat().st_size > 0


@pytest.mark.parametrize("number", [4, 5, 6])
def test_tables_equal_those_of_the_trained_run_where_dumps_tell(imported, finished, number):
    """The running accuracy is known to the training alone."""
    ours = read_rows(imported[0] / f"results/foreign/communities/table{number}.csv")
    theirs = read_rows(finished / f"results/tiny/communities/table{number}.csv")
    assert len(ours) == len(theirs)
    for row, twin in zip(ours, theirs, strict=True):
        if row["accuracy"] == "running":
            assert row["pearson"] == row["spearman"] == "" and "not known" in row["note"]
        else:
            assert row == twin


@pytest.mark.parametrize("path", ["modularity/02.csv", "entropy/02.csv", "graphs/02.h5"])
def test_measures_are_those_of_the_trained_run_byte_for_byte(imported, finished, path):
    ours, theirs = (
        place / f"results/{run}/seed-0/{path}" for place, run in ((imported[0], "foreign"), (finished, "tiny"))
    )
    assert ours.read_bytes() == theirs.read_bytes()


def test_the_history_holds_what_dumps_tell(imported, finished):
    ours = read_rows(imported[0] / "results/foreign/seed-0/history.csv")
    for row, twin in zip(ours, read_rows(finished / "results/tiny/seed-0/history.csv"), strict=True):
        assert row["running_accuracy"] == ""
        for name in ("iteration", "epoch", "train_accuracy", "test_accuracy"):
            assert row[name] == twin[name]
        assert abs(float(row["train_loss"]) - float(twin["train_loss"])) < 1e-3


def test_a_dump_that_changes_redoes_its_own_iteration_alone(imported):
    place, _ = imported
    dump = place / "elsewhere/02.h5"
    content, status = dump.read_bytes(), dump.stat()
    try:
        with h5py.File(dump, "r+") as file:
            file["train/layers/dense_1"][5, 3] = 7
        jobs = place.dry_run(imported_config())
    finally:
        dump.write_bytes(content)
        os.utime(dump, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert jobs["build_graphs"] == jobs["measure_entropy"] == jobs["measure_modularity"] == 1
    assert not {"draw_graphs", "export_graphs", "tabulate_overlap"} & set(jobs)
