"""A slow training to meet at work, and a small run to do harm to, each made once undisturbed."""

import copy
import shutil

import pytest

from harm import SMALL, SMALL_TARGETS, TRAINED, trained
from running import TINY, Place


@pytest.fixture(scope="session")
def slow() -> dict:
    """A training of 24 short epochs, long enough to be met at work."""
    config = copy.deepcopy(TINY)
    config["defaults"]["training"] = {"iterations": 3, "epochs_per_iteration": 8, "batch_size": 8}
    return config


@pytest.fixture(scope="session")
def undisturbed(new_place, slow) -> dict[str, bytes]:
    """The bytes of the files that the slow training makes when nothing happens to it."""
    place = new_place("undisturbed")
    outcome = place.run(slow, TRAINED)
    assert outcome.code == 0, outcome.screen
    files = trained(place)
    assert len(files) == 6  # four snapshots, history and class accuracies
    return files


@pytest.fixture(scope="session")
def made(new_place) -> Place:
    """The small run's targets, made once; for reading only."""
    place = new_place("made")
    outcome = place.run(SMALL, *SMALL_TARGETS)
    assert outcome.code == 0, outcome.screen
    return place


@pytest.fixture
def made_copy(tmp_path, made) -> Place:
    """A copy of the small run (times and Snakemake's records kept) for a test to harm."""
    shutil.copytree(made.folder, tmp_path / "copy", symlinks=True)
    return Place(tmp_path / "copy", made.workflow)
