import numpy as np
import pytest
from scipy import stats

from neurons.core.statistics import (
    COLUMNS,
    MEASURES,
    Series,
    correlate,
    correlate_seeds,
    mean_interval,
    partial_pearson,
    rank,
)

EPOCHS = np.arange(1, 21)


def noisy(seed: int, points: int = 20, ties: bool = False) -> Series:
    rng = np.random.default_rng(seed)
    epoch = np.arange(1, points + 1)
    measure, accuracy = (np.log(epoch) + rng.normal(size=points) for _ in range(2))
    return Series(*((np.round(v) for v in (measure, accuracy)) if ties else (measure, accuracy)), epoch, seed)


def closed_formula(x, y, z) -> float:
    xy, xz, yz = (np.corrcoef(a, b)[0, 1] for a, b in ((x, y), (x, z), (y, z)))
    return (xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2))


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_against_scipy(seed, ties):
    series = noisy(seed, ties=ties)
    x, y = series.measure, series.accuracy
    result, note = correlate(series)
    assert note == ""
    assert result["pearson"] == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-12)
    assert result["spearman"] == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)
    assert result["pearson_given_epoch"] == pytest.approx(closed_formula(x, y, np.log(series.epoch)), abs=1e-12)
    differences = stats.pearsonr(x[1:] - x[:-1], y[1:] - y[:-1]).statistic
    assert result["pearson_differences"] == pytest.approx(differences, abs=1e-12)


def test_partial_correlation_is_that_of_regression_residuals():
    series = noisy(7)
    z = np.log(series.epoch)
    residuals = []
    for v in (series.measure, series.accuracy):
        fit = stats.linregress(z, v)
        residuals.append(v - fit.intercept - fit.slope * z)
    expected = stats.pearsonr(*residuals).statistic
    assert partial_pearson(series.measure, series.accuracy, z) == pytest.approx(expected, abs=1e-12)


def test_a_series_that_is_all_trend_has_no_partial_correlation():
    z = np.log(EPOCHS)
    assert np.isnan(partial_pearson(3 * z + 1, noisy(0).accuracy, z))


@pytest.mark.parametrize("values", [[3.0, 1.0, 2.0], [1.0, 1.0, 2.0, 2.0, 2.0], [5.0, 5.0]])
def test_ranks_average_ties(values):
    assert rank(np.array(values)).tolist() == stats.rankdata(values).tolist()


@pytest.mark.parametrize(
    "measure, accuracy, note",
    [
        ([1, 1, 1, 1], [1, 2, 3, 4], "entropy constant"),
        ([1, 2, 3, 4], [0.1, 0.1, 0.1, 0.1], "test accuracy constant"),
        ([1, 2, 3, 5], [0.1, np.nan, 0.1, 0.3], "test accuracy not known"),
        ([np.nan, 2, 3, 5], [0.1, 0.2, 0.1, 0.3], "entropy not known"),
        ([1, 2], [0.1, 0.2], "fewer than 3 iterations"),
        ([1], [0.1], "fewer than 3 iterations"),
    ],
)
def test_no_correlation_is_empty_with_a_note(measure, accuracy, note):
    epoch = np.arange(1, len(measure) + 1)
    result, text = correlate(Series(np.array(measure), np.array(accuracy), epoch, names=("entropy", "test accuracy")))
    assert set(result) == set(MEASURES) and np.isnan(list(result.values())).all()
    assert text == note


@pytest.mark.parametrize(
    "measure, accuracy, epoch, empty, note",
    [
        ([1, 2, 3, 4, 5], [1, 2, 2, 4, 3], [1, 2, 3, 4, 5], "pearson_differences", "constant differences"),
        ([1, 3, 2, 5, 4], [1, 2, 2, 4, 3], [0, 1, 2, 3, 4], "pearson_given_epoch", "an epoch below 1"),
        ([1, 3, 2], [1, 2, 4], [1, 2, 3], "pearson_given_epoch", "nothing left once log(epoch) is held fixed"),
    ],
)
def test_a_control_that_is_not_defined_is_empty_with_a_note(measure, accuracy, epoch, empty, note):
    result, text = correlate(Series(np.array(measure, float), np.array(accuracy, float), np.array(epoch)))
    assert np.isnan(result[empty]) and not np.isnan(result["pearson"])
    assert text == note


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_interval_is_students(seeds, rng):
    values = rng.uniform(-0.2, 0.2, seeds)
    low, high = stats.t.interval(0.95, seeds - 1, loc=values.mean(), scale=stats.sem(values))
    assert mean_interval(values) == pytest.approx((values.mean(), low, high), abs=1e-12)


def test_interval_is_cut_to_possible_correlations():
    assert mean_interval(np.array([0.99, 0.2, 0.95]))[2] == 1.0
    assert mean_interval(np.array([-0.99, -0.2, -0.95]))[1] == -1.0


@pytest.mark.parametrize("values, mean", [([0.5, 0.7], 0.6), ([0.5, np.nan], 0.5), ([np.nan], np.nan)])
def test_no_interval_below_three_seeds(values, mean):
    result = mean_interval(np.array(values))
    assert result == pytest.approx((mean, np.nan, np.nan), nan_ok=True)


def test_row_of_several_seeds():
    series = [noisy(seed) for seed in range(4)]
    row = correlate_seeds(series)
    assert tuple(row) == COLUMNS
    single = np.array([stats.pearsonr(s.measure, s.accuracy).statistic for s in series])
    low, high = stats.t.interval(0.95, 3, loc=single.mean(), scale=stats.sem(single))
    assert (row["pearson"], row["pearson_low"], row["pearson_high"]) == pytest.approx((single.mean(), low, high))
    for name in ("pearson_given_epoch", "pearson_differences"):
        each = np.array([correlate(s)[0][name] for s in series])
        low, high = stats.t.interval(0.95, 3, loc=each.mean(), scale=stats.sem(each))
        limits = (max(low, -1), min(high, 1))
        assert (row[f"{name}_low"], row[f"{name}_high"]) == pytest.approx(limits)
    ranks = np.mean([stats.spearmanr(s.measure, s.accuracy).statistic for s in series])
    assert row["spearman"] == pytest.approx(ranks)
    assert (row["iterations"], row["seeds"], row["note"]) == (20, 4, "")


def test_a_seed_without_a_correlation_is_named_and_left_out_of_the_mean():
    flat = Series(np.ones(20), noisy(1).accuracy, EPOCHS, 5)
    row = correlate_seeds([noisy(0), flat])
    assert row["pearson"] == pytest.approx(correlate(noisy(0))[0]["pearson"])
    assert row["note"] == "seed 5: measure constant"
    assert correlate_seeds([flat])["note"] == "measure constant"
