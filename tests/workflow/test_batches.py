"""Several iterations in one job: the same bytes, few jobs, and what a failed one leaves."""

import os

import pytest

from running import TINY, copied, is_trained

PAIRS = TINY | {"iterations_per_job": 2}  # of three iterations: 01, and 02 with 03
TABLES = [f"results/tiny/communities/table{n}.csv" for n in (4, 5)]
BATCHED = ("dump_activations", "build_graphs", "measure_modularity", "measure_entropy")
JOBS = {f"{rule}{suffix}": 1 for rule in BATCHED for suffix in ("_01", "_02_03")}


@pytest.fixture
def trained(finished_run, tmp_path):
    """A folder where only the training was done before."""
    return copied(finished_run[0], tmp_path / "trained", is_trained)


def measured(place) -> dict[str, bytes]:
    """What was dumped and measured in a folder, by name."""
    stages = ("/activations/", "/graphs/", "/modularity/", "/entropy/", "/communities/table")
    files = {name: path for name, path in place.files().items() if not name.endswith(".sha256")}
    return {name: path.read_bytes() for name, path in files.items() if any(part in name for part in stages)}


def test_batches_make_the_bytes_of_single_jobs(trained, finished):
    outcome = trained.make(PAIRS, *TABLES)
    assert outcome.jobs == JOBS | {"correlate_modularity": 1, "correlate_entropy": 1}
    made, expected = measured(trained), measured(finished)
    assert len(made) == 4 * 3 + 7 and {name: expected[name] for name in made} == made
    assert (trained / "benchmarks/build_graphs/tiny/seed-0/02-03.tsv").is_file()
    assert "Build the graphs of tiny, seed 0, iteration 02-03" in outcome.screen
    assert trained.dry_run(PAIRS, *TABLES) == {}


def test_one_file_is_made_with_the_others_of_its_batch_alone(trained):
    asked = "results/tiny/seed-0/entropy/02.csv"
    assert trained.make(PAIRS, asked).jobs == {"dump_activations_02_03": 1, "measure_entropy_02_03": 1}
    assert sorted(name for name in measured(trained)) == [
        *(f"tiny/seed-0/activations/0{i}.h5" for i in (2, 3)),
        *(f"tiny/seed-0/entropy/0{i}.csv" for i in (2, 3)),
    ]


def test_temporary_dumps_of_a_batch_go_once_all_is_measured(trained, finished):
    temporary = PAIRS | {"temporary_dumps": True}
    trained.make(temporary, *TABLES)
    assert list(trained.folder.glob("results/tiny/seed-0/activations/*")) == []
    assert all((trained / table).read_bytes() == (finished / table).read_bytes() for table in TABLES)
    later = trained.dry_run(temporary, "results/tiny/auxiliary/confidence.csv")
    assert later == {"dump_activations_02_03": 1, "measure_patterns_02_03": 1, "tabulate_confidence": 1}


def test_a_batch_that_fails_begins_again_and_the_others_stay(trained, finished):
    """The job of 02 and 03 ends at its second snapshot, and takes its first dump with it; that of 01 is done."""
    table, snapshot = "results/tiny/communities/table5.csv", trained / "results/tiny/seed-0/snapshots/03.pt"
    content, time = snapshot.read_bytes(), snapshot.stat().st_mtime_ns
    snapshot.write_bytes(content[:-100])
    os.utime(snapshot, ns=(time, time))
    outcome = trained.run(PAIRS, table, "--keep-going")
    assert len(outcome.error_lines) == 1 and "03.pt: not a readable snapshot" in outcome.error_lines[0]
    assert "02.h5" not in str(list(trained.folder.glob("results/tiny/seed-0/activations/*.h5")))
    snapshot.write_bytes(content)
    os.utime(snapshot, ns=(time, time))
    jobs = {"dump_activations_02_03": 1, "measure_entropy_02_03": 1, "correlate_entropy": 1}
    assert trained.make(PAIRS, table).jobs == jobs
    assert (trained / table).read_bytes() == (finished / table).read_bytes()


def test_other_batches_rebuild_what_they_hold_and_no_other_setting_does(trained):
    trained.make(PAIRS, *TABLES)
    assert trained.dry_run(PAIRS | {"iterations_per_job": 3}, TABLES[1])["dump_activations_01_03"] == 1
    more = trained.dry_run(PAIRS | {"temporary_dumps": True, "gpu": False}, *TABLES)
    assert more == {}
