from math import nan

import numpy as np
import pytest
from scipy import stats

from neurons.published.verdicts import (
    EXPLAINED,
    NOT_REPRODUCED,
    NOT_RUN,
    NOT_TESTED,
    REPRODUCED,
    Estimate,
    Finding,
    at_least,
    fisher,
    has_sign,
    most,
    overall,
    verdict,
)


@pytest.mark.parametrize(
    "estimate, sign, answer",
    [
        (Estimate(0.5, 0.2, 0.8), 1, True),
        (Estimate(0.5, -0.1, 0.9), 1, False),
        (Estimate(0.5, 0.2, 0.8), -1, False),
        (Estimate(-0.5, -0.8, -0.2), -1, True),
        (Estimate(-0.5, -0.8, 0.1), -1, False),
        (Estimate(0.5), 1, True),  # no limits: the sign alone
        (Estimate(0.0), 1, False),
        (Estimate(nan), 1, False),
        (Estimate(nan), -1, False),
    ],
)
def test_a_sign_needs_an_interval_that_excludes_0(estimate, sign, answer):
    assert has_sign(estimate, sign) is answer


@pytest.mark.parametrize(
    "estimate, answer",
    [
        (Estimate(0.1), True),
        (Estimate(0.04), False),
        (Estimate(0.1, 0.01, 0.2), True),
        (Estimate(0.1, -0.01, 0.2), False),
        (Estimate(nan), False),
    ],
)
def test_a_gain_needs_its_least_size_and_an_interval_above_0(estimate, answer):
    assert at_least(estimate, 0.05) is answer


@pytest.mark.parametrize("correlation, points", [(0.6, 20), (-0.3, 45), (0.05, 7)])
def test_fishers_limits_are_scipys(correlation, points):
    # A series with exactly this correlation.
    rng = np.random.default_rng(0)
    x = stats.zscore(rng.normal(size=points))
    rest = rng.normal(size=points)
    rest = stats.zscore(rest - rest.mean() - (rest @ x / points) * x)
    result = stats.pearsonr(x, correlation * x + np.sqrt(1 - correlation**2) * rest)
    low, high = result.confidence_interval(0.95)
    assert result.statistic == pytest.approx(correlation)
    found = fisher(correlation, points)
    assert (found.value, found.low, found.high) == pytest.approx((correlation, low, high))


def test_what_is_held_fixed_costs_a_point():
    assert fisher(0.4, 20, held_fixed=1) == fisher(0.4, 19)


@pytest.mark.parametrize("correlation, points", [(nan, 20), (0.5, 3)])
def test_no_limits_without_a_correlation_or_points(correlation, points):
    assert np.isnan([fisher(correlation, points).low, fisher(correlation, points).high]).all()


def test_a_perfect_correlation_has_no_width():
    assert fisher(-1.0, 20) == Estimate(-1.0, -1.0, -1.0)


def test_half_is_not_most():
    assert most([True, True, False]) and not most([True, False]) and not most([])


@pytest.mark.parametrize(
    "holds, survives, word",
    [
        (True, True, REPRODUCED),
        (True, None, REPRODUCED),
        (True, False, EXPLAINED),
        (False, True, NOT_REPRODUCED),
        (False, False, NOT_REPRODUCED),
        (None, None, NOT_TESTED),
    ],
)
def test_a_part_has_to_pass_and_to_survive_its_control(holds, survives, word):
    assert verdict(Finding("", "", "", holds, survives)) == word


@pytest.mark.parametrize(
    "parts, word",
    [
        ([REPRODUCED, REPRODUCED, NOT_REPRODUCED], REPRODUCED),
        ([REPRODUCED, NOT_REPRODUCED], NOT_REPRODUCED),
        ([REPRODUCED, EXPLAINED], EXPLAINED),
        ([REPRODUCED, EXPLAINED, NOT_REPRODUCED], EXPLAINED),
        ([EXPLAINED, NOT_REPRODUCED, NOT_REPRODUCED], NOT_REPRODUCED),
        ([REPRODUCED, NOT_TESTED, NOT_RUN], REPRODUCED),  # only judged parts count
        ([NOT_TESTED, NOT_RUN], NOT_RUN),
        ([NOT_TESTED], NOT_TESTED),
    ],
)
def test_a_claim_needs_more_than_half_of_its_judged_parts(parts, word):
    assert overall(parts) == word
