"""Wall time of jobs on some cores, against times found by hand."""

import pytest

from neurons.plan_schedule import wall_seconds

# a takes 3, b needs it and takes 2; c and d stand alone.
CHAIN = [(2.0, ["a"], ["b"]), (3.0, ["raw"], ["a"]), (4.0, [], ["c"]), (1.0, [], ["d"])]


@pytest.mark.parametrize("cores, seconds", [(1, 10.0), (2, 5.0), (3, 5.0), (100, 5.0)])
def test_time_falls_with_cores_down_to_the_longest_chain(cores, seconds):
    assert wall_seconds(CHAIN, cores) == pytest.approx(seconds)


def test_the_longest_chain_goes_first():
    """Were the short jobs to go first, two cores would take 1 + 6."""
    jobs = [(1.0, [], [f"short{i}"]) for i in range(6)] + [(3.0, [], ["a"]), (3.0, ["a"], ["b"])]
    assert wall_seconds(jobs, 2) == pytest.approx(6.0)


def test_a_job_waits_for_all_that_it_needs():
    jobs = [(1.0, [], ["a"]), (5.0, [], ["b", "c"]), (2.0, ["a", "b", "c"], ["d"])]
    assert wall_seconds(jobs, 8) == pytest.approx(7.0)


def test_no_jobs_take_no_time():
    assert wall_seconds([], 4) == 0.0
