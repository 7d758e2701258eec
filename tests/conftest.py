"""What all tests share: one thread, property tests that are the same at every run, and which of them are long."""

import os

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from running import (  # noqa: F401 - fixtures of all folders that run Snakemake
    alter,
    edited_workflow,
    finished,
    finished_copy,
    finished_run,
    made_once,
    new_place,
    place,
    tiny,
    workflow,
)

# Several threads on a busy machine cost far more than they bring on tests as small as these.
os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("repeatable")

LONG = {"slurm", "browser", "faults"}  # folders of tests that `make test` leaves to `make test-all`


def pytest_itemcollected(item):
    """Mark a long test."""
    if item.path.parent.name in LONG:
        item.add_marker("long")


class OneSlurm(LoadFileScheduling):
    """Each process of pytest-xdist takes whole modules; all of Slurm's go to one, for there is one Slurm on a machine."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/slurm" if nodeid.startswith("tests/slurm/") else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Replace the scheduler of `--dist loadfile`."""
    return OneSlurm(config, log) if config.getvalue("dist") == "loadfile" else None
