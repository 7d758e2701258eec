"""A clock that jumps: files that seem to come from the future or the past cost reruns at worst, never a wrong table."""

import os
import time

import pytest

from harm import SMALL, SMALL_TARGETS, bytes_of

YEAR = 365 * 86400
JUMPS = {
    "data from the future": ("results/data/digits.h5", YEAR),
    "a dump from the future": ("results/tiny/seed-0/activations/02.h5", YEAR),
    "a dump from the past": ("results/tiny/seed-0/activations/02.h5", -YEAR),
    "a table from the past": (SMALL_TARGETS[0], -YEAR),
}


@pytest.mark.parametrize("jump", JUMPS)
def test_a_file_of_another_time_gives_the_same_bytes(made_copy, made, jump):
    name, seconds = JUMPS[jump]
    moved = time.time() + seconds
    os.utime(made_copy / name, (moved, moved))
    made_copy.make(SMALL, *SMALL_TARGETS)
    assert bytes_of(made_copy / "results") == bytes_of(made / "results")


def test_a_missing_file_is_remade_though_all_data_seem_a_year_old(made_copy, made):
    (made_copy / "results/tiny/seed-0/entropy/02.csv").unlink()
    (made_copy / SMALL_TARGETS[0]).unlink()
    past = time.time() - YEAR
    for path in (made_copy / "results").rglob("*.h5"):
        os.utime(path, (past, past))
    outcome = made_copy.run(SMALL, *SMALL_TARGETS)
    assert outcome.code == 0 and {"measure_entropy", "correlate_entropy"} <= set(outcome.jobs), outcome.screen
    assert bytes_of(made_copy / "results") == bytes_of(made / "results")
