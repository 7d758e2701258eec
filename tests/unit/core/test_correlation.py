"""The row of correlations over seeds, against scipy's functions on every seed."""

from itertools import permutations

import numpy as np
import pytest
from frames import SHARED
from scipy import stats

from neurons.core.correlation import COLUMNS, correlate_seeds
from neurons.core.statistics import Series, correlate

EPOCHS = np.arange(1, 21)


def noisy(seed: int) -> Series:
    rng = np.random.default_rng(seed)
    measure, accuracy = (np.log(EPOCHS) + rng.normal(size=20) for _ in range(2))
    return Series(measure, accuracy, EPOCHS, seed)


def fishers_limits(values: np.ndarray) -> tuple[float, float]:
    z = np.arctanh(values)
    limits = stats.t.interval(0.95, len(z) - 1, loc=z.mean(), scale=stats.sem(z))
    return tuple(np.tanh(limits))


def test_columns_are_those_of_the_tables():
    assert list(COLUMNS) == SHARED


def test_row_of_several_seeds():
    series = [noisy(seed) for seed in range(4)]
    row = correlate_seeds(series)
    assert tuple(row) == COLUMNS
    single = np.array([stats.pearsonr(s.measure, s.accuracy).statistic for s in series])
    assert row["pearson"] == pytest.approx(single.mean())
    assert (row["pearson_low"], row["pearson_high"]) == pytest.approx(fishers_limits(single))
    for name in ("spearman", "pearson_given_epoch", "pearson_differences"):
        each = np.array([correlate(s)[0][name] for s in series])
        assert row[name] == pytest.approx(each.mean())
        assert (row[f"{name}_low"], row[f"{name}_high"]) == pytest.approx(fishers_limits(each))
    others = [stats.pearsonr(a.measure, b.accuracy).statistic for a in series for b in series if a.seed != b.seed]
    assert row["swapped"] == pytest.approx(np.mean(others))
    assert row["own_minus_swapped"] == pytest.approx(single.mean() - np.mean(others))

    deviations = [np.array([getattr(s, key) for s in series]) for key in ("measure", "accuracy")]
    measure, accuracy = (values - values.mean(axis=0) for values in deviations)
    drawn = [(measure * accuracy[list(order)]).sum() for order in permutations(range(4))]
    extreme = sum(abs(value) >= abs(drawn[0]) - 1e-9 for value in drawn)
    assert row["swap_p"] == pytest.approx(extreme / 24)
    assert (row["iterations"], row["seeds"], row["seeds_undefined"], row["note"]) == (20, 4, 0, "")


@pytest.mark.parametrize("seeds", [1, 2, 3])
def test_no_limits_and_no_p_with_few_seeds(seeds):
    row = correlate_seeds([noisy(seed) for seed in range(seeds)])
    assert np.isnan(row["swap_p"]) and np.isnan(row["pearson_low"]) == (seeds < 3)
    assert np.isnan(row["swapped"]) == (seeds < 2)
    assert "no p of the seed swap below 4 seeds" in row["note"] or "no seed swap" in row["note"]


def test_a_seed_without_a_correlation_is_counted_named_and_left_out_of_the_mean():
    flat = Series(np.ones(20), noisy(1).accuracy, EPOCHS, 5)
    row = correlate_seeds([noisy(0), flat])
    assert row["pearson"] == pytest.approx(correlate(noisy(0))[0]["pearson"])
    assert row["note"].startswith("seed 5: measure constant") and row["seeds_undefined"] == 1
    alone = correlate_seeds([flat])
    assert alone["note"].startswith("measure constant") and np.isnan(alone["pearson"]) and alone["seeds_undefined"] == 1
