"""Where results lie and how long dumps are kept."""

import os
import tempfile
from pathlib import Path

import pytest

from running import TINY, copied, is_trained

TABLE = "results/tiny/communities/table5.csv"


@pytest.fixture
def other_file_system(tmp_path):
    """A folder on another file system than the working folder."""
    if not Path("/dev/shm").is_dir() or os.stat("/dev/shm").st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("needs a second file system at /dev/shm")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


def test_results_may_lie_on_another_file_system(place, tiny, finished, other_file_system):
    """One run is trained, one starts at dumps that lie on the first file system."""
    (place / "results").symlink_to(other_file_system)
    dumps = {"activations": str(finished / "results/tiny/seed-0/activations"), **tiny["defaults"]}
    tiny["runs"]["imported"] = {key: dumps[key] for key in ("activations", "training", "graph", "modularity")}
    place.make(tiny, TABLE, "results/imported/communities/table4.csv")
    assert (place / TABLE).read_bytes() == (finished / TABLE).read_bytes()
    assert (other_file_system / "imported/communities/table4.csv").stat().st_size > 0


TEMPORARY = TINY | {"temporary_dumps": True}


@pytest.fixture(scope="module")
def measured_on_temporary_dumps(new_place, finished_run):
    """A folder where only the training was done before."""
    place = copied(finished_run[0], new_place("temporary").folder, is_trained)
    assert place.make(TEMPORARY, TABLE).jobs == {"dump_activations": 3, "measure_entropy": 3, "correlate_entropy": 1}
    return place


def test_temporary_dumps_are_deleted_once_measured(measured_on_temporary_dumps, finished):
    place = measured_on_temporary_dumps
    assert (place / TABLE).read_bytes() == (finished / TABLE).read_bytes()
    assert list(place.folder.glob("results/tiny/seed-0/activations/*")) == []


def test_a_temporary_dump_is_made_anew_for_a_later_measure(measured_on_temporary_dumps):
    place = measured_on_temporary_dumps
    assert place.dry_run(TEMPORARY, TABLE) == {}
    later = place.dry_run(TEMPORARY, "results/tiny/seed-0/graphs/02.h5")
    assert later == {"dump_activations": 1, "build_graphs": 1}
