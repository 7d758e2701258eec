"""What all tests share: one thread, and property tests that are the same at every run."""

import os

from hypothesis import HealthCheck, settings

from running import (  # noqa: F401 - fixtures of all folders that run Snakemake
    alter,
    edited_workflow,
    finished,
    finished_copy,
    finished_run,
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
