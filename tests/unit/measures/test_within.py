import numpy as np
import pandas as pd
import pytest
import scipy.stats

from neurons.core.permutation import seed_swap
from neurons.measures.within import COLUMNS, within_table

SEEDS, ITERATIONS = range(6), range(1, 13)


def frames(rng, coupled: float, trend=3.0):
    """Measures and history of six seeds: a common trend, and a share of the seeds' own accuracy in the measure."""
    measures, history = [], []
    for seed in SEEDS:
        own = rng.normal(size=len(ITERATIONS))
        for t, iteration in enumerate(ITERATIONS):
            test = 0.9 + 0.01 * (trend * np.log(iteration) + own[t]) / 3
            history.append((seed, iteration, 2 * iteration, test + 0.05 + 0.001 * rng.normal(), test))
            value = trend * np.log(iteration) + coupled * own[t] + 0.1 * rng.normal()
            measures += [(seed, iteration, "dense_1", "m", value), (seed, iteration, "dense_2", "flat", 1.0)]
        measures.append((seed, 0, "dense_1", "m", 99.0))
    measures = pd.DataFrame(measures, columns=["seed", "iteration", "layer", "measure", "value"])
    names = ["seed", "iteration", "epoch", "train_accuracy", "test_accuracy"]
    history = pd.DataFrame(history, columns=names)
    return measures.sample(frac=1, random_state=0), history.sample(frac=1, random_state=1)


def row_of(table, measure="m", target="test_accuracy"):
    return table[(table["measure"] == measure) & (table["target"] == target)].iloc[0]


def matrices(measures, history):
    rows = measures[(measures["measure"] == "m") & (measures["iteration"] > 0)]
    return (
        rows.pivot(index="seed", columns="iteration", values="value").to_numpy(),
        history.pivot(index="seed", columns="iteration", values="test_accuracy").to_numpy(),
    )


def test_own_and_swapped_are_means_of_scipys_correlation(rng):
    measures, history = frames(rng, 0.5)
    row, (m, a) = row_of(within_table(measures, history)), matrices(*frames(np.random.default_rng(0), 0.5))
    z = [np.arctanh(scipy.stats.pearsonr(x, y).statistic) for x, y in zip(m, a)]
    swapped = [scipy.stats.pearsonr(m[i], a[j]).statistic for i in SEEDS for j in SEEDS if i != j]
    assert row["own"] == pytest.approx(np.tanh(z).mean()) and row["swapped"] == pytest.approx(np.mean(swapped))
    limits = scipy.stats.ttest_1samp(z, 0).confidence_interval()
    assert (row["own_low"], row["own_high"]) == pytest.approx((np.tanh(limits.low), np.tanh(limits.high)))
    assert row["swap_p"] == pytest.approx(seed_swap(m, a).p)


def test_a_shared_trend_alone_is_not_found_and_a_coupling_is(rng):
    trend, coupled = (row_of(within_table(*frames(rng, coupling))) for coupling in (0, 1))
    assert trend["own"] > 0.5 and trend["swap_p"] > 0.05 and abs(trend["own_minus_swapped"]) < 0.15
    assert coupled["swap_p"] < 0.01 and coupled["own_minus_swapped"] > 0.05


def test_the_gap_is_training_less_test_accuracy(rng):
    measures, history = frames(rng, 0.5)
    given = history.assign(test_accuracy=history["train_accuracy"] - history["test_accuracy"])
    expected = row_of(within_table(measures, given))
    got = row_of(within_table(measures, history), target="gap")
    assert got["own"] == pytest.approx(expected["own"]) and got["swap_p"] == expected["swap_p"]


def test_adjusted_p_is_that_of_scipy_over_the_table(rng):
    measures, history = frames(rng, 0.7)
    more = [measures] + [
        measures.assign(measure=f"m{i}", value=measures["value"] + i * rng.normal(size=len(measures)))
        for i in (1, 2, 3)
    ]
    table = within_table(pd.concat(more), history)
    known = table["swap_p"].notna()
    expected = scipy.stats.false_discovery_control(table["swap_p"][known])
    np.testing.assert_allclose(table["swap_p_adjusted"][known], expected)
    assert tuple(table) == COLUMNS and table["swap_p_adjusted"][~known].isna().all()


def test_a_constant_measure_has_empty_cells_and_a_note(rng):
    row = row_of(within_table(*frames(rng, 0.5)), "flat")
    assert np.isnan(row["own"]) and np.isnan(row["swap_p"]) and "not defined in 6 of 6 seeds" in row["note"]


def test_three_seeds_have_no_p(rng):
    measures, history = frames(rng, 0.5)
    row = row_of(within_table(measures[measures["seed"] < 3], history))
    assert np.isnan(row["swap_p"]) and np.isfinite(row["own"]) and "below 4 seeds" in row["note"]


def test_a_seed_with_an_unknown_value_is_named(rng):
    measures, history = frames(rng, 0.5)
    gone = (measures["seed"] == 2) & (measures["iteration"] == 5)
    row = row_of(within_table(measures.assign(value=measures["value"].mask(gone)), history))
    assert "not defined in 1 of 6 seeds (2)" in row["note"] and np.isfinite(row["swap_p"])
