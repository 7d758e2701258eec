"""The join of our values with the published ones, and the runs' tables stacked for it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurons.core.errors import InputError
from neurons.published.beside import join_published, published_values, stack_runs

KEYS = st.tuples(st.sampled_from("abc"), st.integers(1, 3))


@settings(max_examples=50, deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=12), st.dictionaries(KEYS, st.integers(-9, 9), min_size=1))
def test_each_row_has_the_published_value_of_its_keys(ours, printed):
    rows = pd.DataFrame([(*key, 10 * i) for i, key in enumerate(ours)], columns=["dataset", "layer", "pearson"])
    published = pd.DataFrame([(*key, value) for key, value in printed.items()], columns=["dataset", "layer", "theirs"])
    joined = join_published(rows, published, ["dataset", "layer"], {"pearson": "theirs"})
    assert list(joined) == ["dataset", "layer", "pearson", "published_pearson", "difference_pearson"]
    assert joined["pearson"].tolist() == [10 * i for i in range(len(ours))]  # no row is lost, doubled or moved
    expected = np.array([printed.get(key, np.nan) for key in ours], float)
    np.testing.assert_array_equal(joined["published_pearson"].astype(float), expected)
    np.testing.assert_array_equal(joined["difference_pearson"].astype(float), 10 * np.arange(len(ours)) - expected)
    without = join_published(rows, published, ["dataset", "layer"], {"pearson": "theirs"}, differences=False)
    pd.testing.assert_frame_equal(without, joined.drop(columns="difference_pearson"))


def test_a_value_published_twice_is_refused():
    rows = pd.DataFrame({"dataset": ["a"], "value": [1.0]})
    with pytest.raises(pd.errors.MergeError):
        join_published(rows, pd.concat([rows, rows]), ["dataset"], {"value": "value"})


def test_runs_are_stacked_in_order_with_their_labels_in_front():
    tables = {"two": pd.DataFrame({"x": [1, 2]}), "one": pd.DataFrame({"x": [3], "y": [4]})}
    labels = {run: {"dataset": f"d-{run}", "model": "fcnn"} for run in ("one", "two")}
    stacked = stack_runs(tables, labels)
    assert list(stacked) == ["run", "dataset", "model", "x", "y"]
    expected = [["two", "d-two", 1], ["two", "d-two", 2], ["one", "d-one", 3]]
    assert stacked[["run", "dataset", "x"]].values.tolist() == expected


def test_a_damaged_file_of_published_values_is_to_be_restored(tmp_path):
    (tmp_path / "table.csv").write_text("")
    with pytest.raises(InputError, match=r"table\.csv: an empty file; restore this file of the workflow"):
        published_values(tmp_path, "table")
