"""Random kills by fixed seeds: the same command again, and the bytes of an undisturbed run."""

import random
import shutil
from collections import Counter

import pytest

from kill_and_resume import HEAD, KINDS, SLURM_KINDS, main, plan
from ledger import Fault, append, complete, different, read, summary, unequal


def test_five_kills_one_of_each_kind(tmp_path):
    faults = main(5, 0, None, tmp_path / "work", tmp_path / "faults.csv")
    hits = [fault for fault in faults if fault.hit]
    assert len(hits) == 5 and {fault.kind for fault in hits} <= {*KINDS, HEAD}
    assert all(fault.exit_code != 0 and fault.seen not in ("", "nothing") for fault in hits)
    assert read(tmp_path / "faults.csv") == faults


@pytest.mark.parametrize("slurm, kinds", [(False, (*KINDS, HEAD)), (True, (*SLURM_KINDS, HEAD))])
def test_a_plan_has_all_kinds_equally_often_and_jobs_in_their_order(slurm, kinds):
    chosen = plan(random.Random(0), slurm, 4 * len(kinds))
    assert Counter(chosen) == dict.fromkeys(kinds, 4)
    if not slurm:
        jobs = [kind for kind in chosen if kind != HEAD]
        assert jobs == sorted(jobs, key=KINDS.index)


@pytest.fixture
def trees(tmp_path):
    """Two equal trees of results."""
    for name in ("a", "b"):
        (tmp_path / name / "results/unfinished").mkdir(parents=True)
        (tmp_path / name / "results/table.csv").write_text("1\n")
        (tmp_path / name / "results/report.html").write_text(name)
    return tmp_path / "a", tmp_path / "b"


@pytest.mark.parametrize("name", ["table.csv", "new.csv", ".table.csv.part", "unfinished/last.pt"])
def test_other_bytes_and_files_too_many_are_seen(trees, name):
    assert unequal(*trees) == []
    (trees[0] / "results" / name).write_text("2\n")
    assert unequal(*trees) == unequal(*reversed(trees)) == [name]


def test_what_is_complete_and_what_was_remade(trees):
    results = trees[0] / "results"
    (results / ".table.csv.part").write_text("half")
    (results / "unfinished/last.pt").write_text("1")
    before = complete(trees[0])
    assert list(before) == ["table.csv"]
    shutil.copy(results / "table.csv", results / "other.csv")
    assert different(before, complete(trees[0])) == []
    (results / "other.csv").replace(results / "table.csv")
    assert different(before, complete(trees[0])) == different(before, {}) == ["table.csv"]


def test_only_hits_are_counted(tmp_path):
    hit = Fault(
        0, 1, 1, "dump", hit=1, process="dump_activations", exit_code=1, seen="died", complete_before=7, remade=2
    )
    missed = Fault(0, 1, 2, "dump", complete_before=5, remade=5)
    for fault in (hit, missed):
        append(tmp_path / "faults.csv", [fault])
    assert read(tmp_path / "faults.csv") == [hit, missed]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in summary([hit, missed]).splitlines()]
    assert rows[2] == ["dump", "2", "1", "7", "2", "0", "1: died"]
    assert rows[3][:5] == ["all", "2", "1", "7", "2"]
