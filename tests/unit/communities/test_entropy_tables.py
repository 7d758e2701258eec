import numpy as np
import pytest
from frames import KINDS, SHARED, entropy, history, mean_correlation
from scipy import stats

from neurons.communities.entropy_tables import (
    class_entropy_correlations,
    class_series_table,
    entropy_correlations,
    entropy_correlations_by_layer,
    series_table,
    total_entropy,
)


def sums(frame, c="all", layer=None, measure="sum_bits") -> dict:
    """Add up a measure of a class by (seed, iteration), over all layers or one, in a plain loop."""
    total = {}
    for row in frame.to_dict("records"):
        if row["class"] == c and layer in (None, row["layer"]):
            key = row["seed"], row["iteration"]
            value = {
                "sum_bits": row["entropy_bits"],
                "mean_live_bits": row["entropy_bits"] / row["live_neurons"],
                "live_units": row["live_neurons"],
            }[measure]
            total[key] = total.get(key, 0) + value
    return total


def check(row, values, accuracies):
    for name, function in (("pearson", stats.pearsonr), ("spearman", stats.spearmanr)):
        expected = mean_correlation(function, values, accuracies, row["accuracy"])
        assert row[name] == pytest.approx(expected, abs=1e-12)


def test_total_entropy():
    frame = entropy()
    total = total_entropy(frame)
    assert set(total) == {"seed", "iteration", "class", "value"} and len(total) == 3 * 6 * 4
    for row in total.to_dict("records"):
        assert row["value"] == pytest.approx(sums(frame, row["class"])[row["seed"], row["iteration"]])


def test_table5():
    frame, accuracies = entropy(), history()
    table = entropy_correlations(frame, accuracies)
    assert list(table) == ["accuracy", *SHARED] and table["accuracy"].tolist() == list(KINDS)
    for row in table.to_dict("records"):
        check(row, sums(frame), accuracies)


def test_table5_by_layer():
    frame, accuracies = entropy(), history()
    table = entropy_correlations_by_layer(frame, accuracies)
    assert list(table) == ["layer", "layer_name", "measure", "accuracy", *SHARED] and len(table) == 2 * 3 * 3
    for row in table.to_dict("records"):
        assert row["layer_name"] == f"dense_{row['layer']}"
        check(row, sums(frame, "all", row["layer_name"], row["measure"]), accuracies)


def test_table6_sets_a_class_beside_its_own_accuracy():
    frame, accuracies = entropy(), history()
    rng = np.random.default_rng(5)
    by_class = accuracies[["seed", "iteration"]].merge(
        frame[["class"]].query("`class` != 'all'").drop_duplicates(), "cross"
    )
    by_class["class"] = by_class["class"].astype(int)
    for kind in KINDS:
        by_class[f"{kind}_accuracy"] = rng.random(len(by_class))
    table = class_entropy_correlations(frame, by_class, accuracies)
    assert list(table) == ["class", "accuracy", *SHARED] and len(table) == 3 * 3
    for row in table.to_dict("records"):
        check(row, sums(frame, str(row["class"])), by_class[by_class["class"] == row["class"]])


def test_figure1_scales_each_seeds_entropy():
    frame, accuracies = entropy(), history()
    series = series_table(frame, accuracies)
    assert len(series) == 18
    for seed in (0, 1, 2):
        own = series[series["seed"] == seed]
        bits = np.array([sums(frame)[seed, i] for i in range(1, 7)])
        assert own["iteration"].tolist() == [1, 2, 3, 4, 5, 6] and own["epoch"].tolist() == [2, 4, 6, 8, 10, 12]
        np.testing.assert_allclose(own["entropy_bits"], bits)
        np.testing.assert_allclose(own["normalized_entropy"], (bits - bits.min()) / np.ptp(bits), atol=1e-12)
        live = sums(frame, measure="live_units")
        assert own["live_units"].tolist() == [live[seed, i] for i in range(1, 7)]
        expected = accuracies[accuracies["seed"] == seed].sort_values("iteration")
        for kind in KINDS:
            np.testing.assert_array_equal(own[f"{kind}_accuracy"], expected[f"{kind}_accuracy"])


def test_constant_entropy_is_scaled_to_zero():
    frame = entropy().assign(entropy_bits=3.0)
    assert (series_table(frame, history())["normalized_entropy"] == 0).all()


def test_a_class_has_its_own_series():
    frame = entropy()
    rng = np.random.default_rng(6)
    by_class = frame[["seed", "iteration", "class"]].query("`class` != 'all'").drop_duplicates()
    by_class = by_class.astype({"class": int}).assign(**{f"{kind}_accuracy": rng.random(54) for kind in KINDS})
    series = class_series_table(frame, by_class.sample(frac=1, random_state=0))
    assert len(series) == 3 * 6 * 3
    known = by_class.set_index(["seed", "iteration", "class"])
    for row in series.to_dict("records"):
        key, c = (row["seed"], row["iteration"]), str(row["class"])
        assert row["entropy_bits"] == pytest.approx(sums(frame, c)[key])
        assert row["live_units"] == sums(frame, c, measure="live_units")[key]
        for kind in KINDS:
            assert row[f"{kind}_accuracy"] == known.loc[(*key, row["class"]), f"{kind}_accuracy"]
