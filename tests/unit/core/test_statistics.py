import numpy as np
import pytest
from scipy import stats

from neurons.core.statistics import (
    MEASURES,
    Series,
    correlate,
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
        *(
            ([1, 3, 2], [1, 2, 4], [1, 2, 3], name, "nothing left once log(epoch) is held fixed, too few differences")
            for name in ("pearson_given_epoch", "pearson_differences")  # two differences are always in a line
        ),
    ],
)
def test_a_control_that_is_not_defined_is_empty_with_a_note(measure, accuracy, epoch, empty, note):
    result, text = correlate(Series(np.array(measure, float), np.array(accuracy, float), np.array(epoch)))
    assert np.isnan(result[empty]) and not np.isnan(result["pearson"])
    assert text == note
