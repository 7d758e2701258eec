"""A slow training to meet at work, and a small run to do harm to, each made once undisturbed."""

import copy
from dataclasses import asdict

import pytest

from harm import SMALL, SMALL_TARGETS, TRAINED, trained
from running import TINY, Place, copied


@pytest.fixture(scope="session")
def slow() -> dict:
    """A training of 24 short epochs, long enough to be met at work."""
    config = copy.deepcopy(TINY)
    config["defaults"]["training"] = {"iterations": 3, "epochs_per_iteration": 8, "batch_size": 8}
    return config


@pytest.fixture(scope="session")
def undisturbed(made_once, workflow, slow) -> dict[str, bytes]:
    """The bytes of the files that the slow training makes when nothing happens to it."""
    folder, _ = made_once("undisturbed", lambda folder: asdict(Place(folder, workflow).make(slow, TRAINED)))
    files = trained(Place(folder, workflow))
    assert len(files) == 8  # four snapshots, history and class accuracies with their checksums
    return files


@pytest.fixture(scope="session")
def made(made_once, workflow) -> Place:
    """The small run's targets, made once; for reading only."""
    folder, _ = made_once("small", lambda folder: asdict(Place(folder, workflow).make(SMALL, *SMALL_TARGETS)))
    return Place(folder, workflow)


@pytest.fixture
def made_copy(tmp_path, made) -> Place:
    """A copy of the small run (times and Snakemake's records kept) for a test to harm."""
    return copied(made, tmp_path / "copy")
