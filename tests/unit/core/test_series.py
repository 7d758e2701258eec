import pandas as pd
import pytest
from frames import history
from scipy import stats

from neurons.core.series import correlation_rows, layer_numbers


def test_rows_match_seed_and_iteration():
    accuracy = history(seeds=(4, 7), iterations=5)
    measure = accuracy[["seed", "iteration"]].sort_values("iteration", ascending=False).reset_index(drop=True)
    measure["value"] = measure["seed"] + measure["iteration"] ** 2 * 1.0
    rows = correlation_rows(measure, accuracy, "entropy", {"layer": 2})
    assert [(row["layer"], row["accuracy"]) for row in rows] == [(2, kind) for kind in ("running", "train", "test")]
    for row in rows:
        expected = []
        for seed in (4, 7):
            own = accuracy[accuracy["seed"] == seed].sort_values("iteration")
            squares = [seed + i**2 for i in own["iteration"]]
            expected.append(stats.pearsonr(squares, own[f"{row['accuracy']}_accuracy"]).statistic)
        assert row["pearson"] == pytest.approx(sum(expected) / 2)
        assert (row["iterations"], row["seeds"]) == (5, 2)


def test_notes_name_the_series():
    accuracy = history(seeds=(0,)).assign(test_accuracy=None, train_accuracy=0.5)
    measure = accuracy[["seed", "iteration"]].assign(value=range(6))
    notes = [row["note"] for row in correlation_rows(measure, accuracy, "entropy", {})]
    swap = "no seed swap: 0 of 1 seeds with a correlation"
    assert notes == ["no seed swap: 1 seed", f"train accuracy constant; {swap}", f"test accuracy not known; {swap}"]


def test_layers_are_numbered_as_they_come():
    frame = pd.DataFrame({"layer": ["conv_1", "conv_1", "dense_2", "dense_1", "conv_1"]})
    assert layer_numbers(frame) == {"conv_1": 1, "dense_2": 2, "dense_1": 3}
