from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from neurons.core.permutation import (
    EXACT,
    LEAST_SWAPPED,
    SWAP_COLUMNS,
    best_of_p,
    orders,
    seed_swap,
    share_as_extreme,
    swap_columns,
)
from neurons.core.statistics import Series, pearson

EPOCHS = np.arange(1, 21)


def trend(t, scale):
    return 1 - np.exp(-t / scale)


def networks(rng, seeds, coupling=0.0, points=20):
    """Noise around two unrelated saturating curves, (S, T) each; the noises share `coupling` of their deviation."""
    t = np.arange(1, points + 1)
    own = rng.normal(size=(seeds, points))
    other = coupling * own + np.sqrt(1 - coupling**2) * rng.normal(size=(seeds, points))
    return trend(t, 2.0) + 0.05 * own, trend(t, 5.0) + 0.05 * other


def by_definition(measure, accuracy, order):
    """T with the accuracies in another order, summed seed by seed and point by point."""
    seeds, points = measure.shape
    total = 0.0
    for s in range(seeds):
        for t in range(points):
            total += (measure[s, t] - measure[:, t].mean()) * (accuracy[order[s], t] - accuracy[:, t].mean())
    return total


@pytest.mark.parametrize("seeds", [4, 5])
@pytest.mark.parametrize("coupling", [0.0, 0.6])
def test_statistic_and_p_by_definition(rng, seeds, coupling):
    measure, accuracy = networks(rng, seeds, coupling, 6)
    found = seed_swap(measure, accuracy)
    every = [by_definition(measure, accuracy, order) for order in permutations(range(seeds))]
    assert found.statistic == pytest.approx(every[0], rel=1e-10)
    extreme = sum(abs(value) >= abs(every[0]) * (1 - 1e-9) for value in every)
    assert found.p == pytest.approx(extreme / factorial(seeds), abs=1e-12)


@pytest.mark.parametrize("seeds", [4, 5, 6, 7])
def test_against_scipys_permutation_test(rng, seeds):
    measure, accuracy = networks(rng, seeds, 0.3)

    def statistic(order):
        return abs(np.sum((measure[order.astype(int)] - measure.mean(0)) * (accuracy - accuracy.mean(0))))

    expected = stats.permutation_test(
        (np.arange(seeds),), statistic, permutation_type="pairings", n_resamples=np.inf, alternative="greater"
    )
    found = seed_swap(measure, accuracy)
    assert abs(found.statistic) == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-12)


def test_drawn_orders_come_near_the_exact_p(rng):
    """Eight seeds: 40,320 orders, all of them taken here, 10,000 drawn there."""
    measure, accuracy = networks(rng, 8, 0.2)
    products = (measure - measure.mean(0)) @ (accuracy - accuracy.mean(0)).T
    every = np.array(list(permutations(range(8))))
    drawn = np.abs(products[np.arange(8), every].sum(axis=1))
    exact = (drawn >= drawn[0] - 1e-12).mean()
    found = seed_swap(measure, accuracy).p
    assert abs(found - exact) < 4 * np.sqrt(exact * (1 - exact) / 10_000)
    assert (found * 10_001) % 1 == pytest.approx(0, abs=1e-9)  # +1 in both counts
    assert seed_swap(measure, accuracy, seed=1).p != found == seed_swap(measure, accuracy).p


def test_a_drawn_p_is_never_0(rng):
    own = rng.normal(size=(10, 20))
    assert seed_swap(own, own).p == 1 / 10_001


@pytest.mark.parametrize("objects", [1, 3, EXACT])
def test_orders_are_all_orders(objects):
    found = orders(objects)
    assert sorted(map(tuple, found.tolist())) == sorted(permutations(range(objects)))


def test_drawn_orders_are_seeded_and_uniform():
    found = orders(EXACT + 1, 9000, 3)
    np.testing.assert_array_equal(np.sort(found, axis=1), np.tile(np.arange(EXACT + 1), (9000, 1)))
    assert stats.chisquare(np.bincount(found[:, 2])).pvalue > 0.001
    assert not np.array_equal(found, orders(EXACT + 1, 9000, 4))


@pytest.mark.parametrize("offset, scale", [(0, 1), (2500, 1e-3), (1e-6, 1e-9), (-1e5, 1)])
def test_ties_count_whatever_the_rounding(rng, offset, scale):
    """Two pairs of equal seeds: each T comes four times, as sums in another order and so with other last bits."""
    measure = offset + scale * np.repeat(rng.normal(size=(2, 20)), 2, axis=0)
    accuracy = offset + scale * np.repeat(rng.normal(size=(2, 20)), 2, axis=0)
    # The two groups swapped give -T, so 2 * 4 of 24 orders are as extreme; the other 16 give 0.
    assert seed_swap(measure, accuracy).p == pytest.approx(8 / 24)


def test_a_statistic_of_0_is_never_significant():
    measure = np.tile(np.arange(1.0, 21), (4, 1)) + np.array([0.1, -0.1, 0.1, -0.1])[:, None] / 3
    accuracy = np.tile(np.arange(1.0, 21), (4, 1)) + np.array([0.1, 0.1, -0.1, -0.1])[:, None] / 3
    found = seed_swap(measure, accuracy)
    assert abs(found.statistic) < 1e-12 and found.p == 1.0


def test_ties_are_told_from_smaller_values():
    drawn = np.array([1.0, 1 - 1e-12, -1 + 1e-12, 1 - 1e-6, 0.0])
    assert share_as_extreme(drawn, 1.0, 1.0, True) == 3 / 5
    assert share_as_extreme(drawn, 1.0, 1.0, False) == 4 / 6
    assert share_as_extreme(np.array([np.nan, 0.0]), 1.0, 1.0, True) == 1 / 2


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(4, 6), st.floats(0.1, 1e3), st.floats(-1e3, 1e3))
def test_p_does_not_depend_on_units_order_or_trend(seed, seeds, scale, offset):
    rng = np.random.default_rng(seed)
    measure, accuracy = networks(rng, seeds, 0.4)
    p = seed_swap(measure, accuracy).p
    order = rng.permutation(seeds)
    common = 10 * rng.normal(size=20)  # what every seed does at a point is no evidence
    assert seed_swap(scale * measure + offset, -accuracy).p == p
    assert seed_swap(measure[order], accuracy[order]).p == p
    assert seed_swap(measure + common, accuracy).p == p
    assert seed_swap(accuracy, measure).p == p


def test_own_and_swapped_are_means_of_correlations(rng):
    measure, accuracy = networks(rng, 5, 0.5)
    r = np.array([[stats.pearsonr(m, a).statistic for a in accuracy] for m in measure])
    found = seed_swap(measure, accuracy)
    assert found.own == pytest.approx(np.diag(r).mean())
    assert found.swapped == pytest.approx(r[~np.eye(5, dtype=bool)].mean())


@pytest.mark.parametrize("seeds", [5, 10])
def test_size_under_the_null(seeds):
    """Trend alone is called significant at 5 % in 3 to 7 % of 2,000 simulations (standard error 0.5 %)."""
    rng = np.random.default_rng(12)
    share = np.mean([seed_swap(*networks(rng, seeds)).p <= 0.05 for _ in range(2000)])
    assert 0.03 <= share <= 0.07


def test_power_under_coupling(rng):
    assert np.mean([seed_swap(*networks(rng, 10, 0.5)).p <= 0.05 for _ in range(100)]) > 0.9


def series(measure, accuracy, seed=0, epoch=EPOCHS) -> Series:
    return Series(np.asarray(measure), np.asarray(accuracy), epoch[: len(measure)], seed)


def several(rng, seeds):
    return [series(m, a, s) for s, (m, a) in enumerate(zip(*networks(rng, seeds, 0.5)))]


def test_columns_of_a_row(rng):
    given_ = several(rng, 6)
    row = swap_columns(given_)
    assert (*row,) == (*SWAP_COLUMNS, "note") and row["note"] == ""
    own = [stats.pearsonr(s.measure, s.accuracy).statistic for s in given_]
    crossed = [pearson(a.measure, b.accuracy) for a in given_ for b in given_ if a is not b]
    assert row["swapped"] == pytest.approx(np.mean(crossed))
    assert row["own_minus_swapped"] == pytest.approx(np.mean(own) - np.mean(crossed))
    assert row["swap_p"] == seed_swap(*(np.array([getattr(s, k) for s in given_]) for k in ("measure", "accuracy"))).p


@pytest.mark.parametrize("seeds", [2, 3])
def test_no_p_below_4_seeds(rng, seeds):
    row = swap_columns(several(rng, seeds))
    assert np.isnan(row["swap_p"]) and np.isfinite(row["own_minus_swapped"])
    assert row["note"] == f"no p of the seed swap below {LEAST_SWAPPED} seeds"


def test_the_smallest_p_of_4_seeds(rng):
    own = rng.normal(size=(4, 20))
    assert seed_swap(own, own).p == pytest.approx(1 / 24)


def test_one_seed_has_no_swap(rng):
    row = swap_columns(several(rng, 1))
    assert np.isnan([row[name] for name in SWAP_COLUMNS]).all()
    assert row["note"] == "no seed swap: 1 seed"


@pytest.mark.parametrize("bad", [np.ones(20), np.r_[np.nan, np.arange(19.0)], np.r_[np.inf, np.arange(19.0)]])
@pytest.mark.parametrize("which", ["measure", "accuracy"])
def test_a_seed_without_a_correlation_is_left_out_and_named(rng, bad, which):
    given_ = several(rng, 6)
    rest = swap_columns(given_[:2] + given_[3:])
    setattr(given_[2], which, bad)
    row = swap_columns(given_)
    assert row.pop("note") == "seed swap over 5 of 6 seeds, without 2"
    assert row == {name: rest[name] for name in SWAP_COLUMNS}


def test_seeds_that_do_not_differ_have_no_p(rng):
    measure, accuracy = networks(rng, 5)
    row = swap_columns([series(measure[0] + 2000, a, s) for s, a in enumerate(accuracy)])
    assert np.isnan(row["swap_p"]) and row["note"] == "no p of the seed swap: the seeds do not differ"


def test_seeds_at_other_epochs_are_not_swapped(rng):
    given_ = several(rng, 5)
    given_[3] = series(given_[3].measure, given_[3].accuracy, 3, EPOCHS * 2)
    assert swap_columns(given_)["note"] == "no seed swap: the seeds differ in their epochs"
    given_[3] = series(given_[3].measure[:7], given_[3].accuracy[:7], 3)
    assert swap_columns(given_)["note"] == "no seed swap: the seeds differ in their epochs"


def test_a_disagreement_in_sign_is_noted(rng):
    """One seed of a huge spread decides T, many small ones the mean of correlations."""
    measure, accuracy = networks(rng, 8, 0.9)
    measure[0], accuracy[0] = 300 * np.arange(20), -300 * np.arange(20)
    row = swap_columns([series(m, a, s) for s, (m, a) in enumerate(zip(measure, accuracy))])
    assert seed_swap(measure, accuracy).statistic < 0 < row["own_minus_swapped"]
    assert row["note"] == "own - swapped and the statistic of the seed swap differ in sign"


def test_the_best_of_many_choices_is_no_evidence(rng):
    """Under the null each p is as likely as any other; uncorrected, the best of 50 is nearly always below 5 %."""
    ours, others = rng.normal(size=(400, 50)), rng.normal(size=(99, 50))
    p = np.array([best_of_p(own, others) for own in ours])
    assert 0.01 < (p <= 0.05).mean() < 0.10
    single = (1 + (others[None] >= ours[:, None]).sum(axis=1)) / 100
    assert (single.min(axis=1) <= 0.05).mean() > 0.85


def test_the_best_is_counted_by_hand():
    others = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.3]])
    assert best_of_p(np.array([0.7, 0.8]), others) == 3 / 4
    assert best_of_p(np.array([1.0, 0.0]), others) == 1 / 4
