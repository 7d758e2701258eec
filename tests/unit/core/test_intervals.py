from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from neurons.core.intervals import (
    Student,
    benjamini_hochberg,
    correlation_limits,
    fisher_z,
    student,
    student_of_limits,
    undefined_seeds,
)


@pytest.mark.parametrize("seeds", [3, 5, 20])
@pytest.mark.parametrize("level", [0.95, 0.9])
def test_limits_are_students(rng, seeds, level):
    values = rng.normal(0.3, 1, seeds)
    expected = stats.t.interval(level, seeds - 1, loc=values.mean(), scale=stats.sem(values))
    assert student(values).limits(level) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shift", [-2.0, -0.1, 0.0, 3.0, 40.0])
def test_p_of_0_is_scipys(rng, shift):
    values = rng.normal(shift, 1, 6)
    assert student(values).zero_p() == pytest.approx(stats.ttest_1samp(values, 0).pvalue, rel=1e-9)


@pytest.mark.parametrize("shift, bound", [(0.0, 0.5), (0.4, 0.5), (-0.4, 0.5), (0.6, 0.5), (0.0, 3.0)])
def test_equivalence_is_two_one_sided_tests(rng, shift, bound):
    values = rng.normal(shift, 0.3, 7)
    above = stats.ttest_1samp(values, -bound, alternative="greater").pvalue
    below = stats.ttest_1samp(values, bound, alternative="less").pvalue
    assert student(values).equivalence_p(bound) == pytest.approx(max(above, below), rel=1e-9)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=8, unique=True), st.floats(0.01, 1))
def test_equivalent_means_that_the_90_percent_limits_lie_inside(values, bound):
    found = student(np.array(values))
    low, high = found.limits(0.9)
    if min(abs(low + bound), abs(high - bound)) > 1e-9:
        assert (found.equivalence_p(bound) < 0.05) == (-bound < low and high < bound)


def test_equal_seeds_leave_no_doubt():
    found = student(np.full(5, 0.1))
    assert found.limits() == (0.1, 0.1)
    assert (found.zero_p(), found.equivalence_p(0.2), found.equivalence_p(0.05)) == (0.0, 0.0, 1.0)
    assert student(np.zeros(4)).zero_p() == 1.0


@pytest.mark.parametrize(
    "values, mean, seeds", [([0.5, 0.7], 0.6, 2), ([0.5, nan], 0.5, 1), ([nan], nan, 0), ([], nan, 0)]
)
def test_neither_limits_nor_tests_below_three_seeds(values, mean, seeds):
    found = student(np.array(values))
    assert (found.mean, found.seeds) == (pytest.approx(mean, nan_ok=True), seeds)
    assert all(map(isnan, (*found.limits(), found.zero_p(), found.equivalence_p(1.0))))


def test_undefined_seeds_are_left_out_and_named(rng):
    values = rng.normal(size=6)
    holes = values.copy()
    holes[[1, 4]] = nan
    assert student(holes) == student(np.delete(values, [1, 4]))
    assert undefined_seeds(holes, [10, 11, 12, 13, 14, 15]) == "not defined in 2 of 6 seeds (11, 14)"
    assert undefined_seeds(values, range(6)) == ""


@pytest.mark.parametrize("seeds", [3, 10])
def test_the_summary_is_recovered_from_its_limits(rng, seeds):
    found = student(rng.normal(size=seeds))
    again = student_of_limits(*found.limits(), seeds)
    assert (again.mean, again.error, again.seeds) == pytest.approx((found.mean, found.error, seeds))
    assert student_of_limits(nan, nan, seeds).seeds == 0 and student_of_limits(-1, 1, 2).seeds == 0


def test_a_correlations_interval_by_hand():
    r = np.array([0.9, 0.5, 0.99, 0.7])
    z = 0.5 * np.log((1 + r) / (1 - r))
    low, high = stats.t.interval(0.95, 3, loc=z.mean(), scale=stats.sem(z))
    back = [(np.exp(2 * v) - 1) / (np.exp(2 * v) + 1) for v in (low, high)]
    assert correlation_limits(r, 20) == pytest.approx(back, abs=1e-12)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=12), st.integers(3, 50))
def test_limits_of_correlations_lie_inside_without_clipping(r, points):
    """Beyond |z| = 19 tanh is 1 in double precision; before that, limits lie strictly inside."""
    low, high = correlation_limits(np.array(r), points)
    assert low <= high
    ends = np.abs(student(fisher_z(np.array(r), points)).limits())
    assert all(abs(end) < 1 or z > 18 for end, z in zip((low, high), ends))


def test_what_was_clipped_at_1_is_an_interval_now():
    low, high = correlation_limits(np.array([0.99, 0.2, 0.95]), 20)
    assert low < 0 < high < 1


def test_the_interval_is_odd_in_the_correlations(rng):
    r = rng.uniform(-1, 1, 7)
    low, high = correlation_limits(r, 20)
    assert correlation_limits(-r, 20) == pytest.approx((-high, -low))


def test_limits_hold_the_true_correlation_95_times_in_100():
    rng, inside, rho = np.random.default_rng(0), 0, 0.8
    for _ in range(1000):
        x = rng.normal(size=(5, 50))
        y = rho * x + np.sqrt(1 - rho**2) * rng.normal(size=(5, 50))
        r = np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(x, y)])
        low, high = correlation_limits(r, 50)
        inside += low <= rho <= high
    assert 930 <= inside <= 970


@pytest.mark.parametrize("points", [3, 5, 6])
def test_perfect_correlation_is_half_a_rank_step_below_1(points):
    """The largest rank correlation below 1, by trying all orders, is twice as far from 1."""
    from itertools import permutations

    identity = np.arange(points)
    rho = [stats.spearmanr(identity, order).statistic for order in permutations(range(points))]
    next_best = max(value for value in rho if value < 1 - 1e-9)
    nearly = np.tanh(fisher_z(np.array([1.0]), points))[0]
    assert nearly == pytest.approx((1 + next_best) / 2)
    assert fisher_z(np.array([-1.0, 1.0 - 1e-15]), points) == pytest.approx([-np.arctanh(nearly), np.arctanh(nearly)])


def test_perfect_correlations_have_finite_limits():
    low, high = correlation_limits(np.array([1.0, 0.97, 0.99]), 20)
    assert 0 < low < high < 1
    assert correlation_limits(np.array([-1.0, -1.0, -1.0]), 20) == pytest.approx([-1 + 6 / 7980] * 2)


def test_an_undefined_correlation_stays_undefined():
    assert isnan(fisher_z(np.array([nan]), 20)[0])
    assert correlation_limits(np.array([0.5, nan, 0.6]), 20) == pytest.approx((nan, nan), nan_ok=True)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_false_discoveries_as_scipy_counts_them(p):
    np.testing.assert_allclose(benjamini_hochberg(np.array(p)), stats.false_discovery_control(p), atol=1e-15)


def test_rows_without_a_p_are_no_tests():
    found = benjamini_hochberg(np.array([nan, 0.01, nan, 0.04]))
    np.testing.assert_allclose(found, [nan, 0.02, nan, 0.04])
    assert len(benjamini_hochberg(np.array([]))) == 0


def test_p_of_a_students_summary_alone():
    assert Student(1.0, 0.5, 4).zero_p() == pytest.approx(2 * stats.t.sf(2, 3))
