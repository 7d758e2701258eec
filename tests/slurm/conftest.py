"""The tests of this folder run on a real Slurm, and are skipped where none is installed."""

from pathlib import Path

import pytest

from cluster import HOW_TO_INSTALL, INSTALLED, running_slurm


def pytest_collection_modifyitems(items):
    if not INSTALLED:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=HOW_TO_INSTALL))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Two daemons that run for the session."""
    with running_slurm(tmp_path_factory.mktemp("slurm") / "cluster") as cluster:
        yield cluster
