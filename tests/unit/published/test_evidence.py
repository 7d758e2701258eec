"""Rows of tables as evidence: what stands in a row is what the seeds themselves would say."""

import numpy as np
import pandas as pd
import pytest

from neurons.core.correlation import correlate_seeds
from neurons.core.intervals import benjamini_hochberg, student
from neurons.core.statistics import Series, correlate
from neurons.published.evidence import chosen, correlation_evidence, student_of_correlation, table_evidence
from neurons.published.verdicts import NOT_TESTED, Judgement, judge

EPOCHS = np.arange(1, 21)


def series(seed: int, flat: bool = False) -> Series:
    rng = np.random.default_rng(seed)
    measure, accuracy = (np.log(EPOCHS) + rng.normal(size=20) for _ in range(2))
    return Series(np.ones(20) if flat else measure, accuracy, EPOCHS, seed)


def test_a_row_gives_back_the_seeds_mean_and_error():
    seeds = [series(0), series(1, flat=True), series(2), series(3), series(4)]
    row = correlate_seeds(seeds)
    each = student(np.arctanh([correlate(s)[0]["pearson"] for s in seeds if s.seed != 1]))
    found = correlation_evidence(row, -1, bound=0.1, published=-0.87)
    assert (found.figure.mean, found.figure.error) == pytest.approx((each.mean, each.error))
    assert found.figure.seeds == 4 and (found.bound, found.published) == pytest.approx(np.arctanh([0.1, -0.87]))
    assert (found.swap_p, found.own_minus_swapped) == (row["swap_p"], row["own_minus_swapped"])
    assert found.about_networks and found.missing == ""


def test_a_row_of_few_seeds_has_a_mean_and_no_test():
    found = student_of_correlation(0.5, np.nan, np.nan, 20, 2)
    assert found.mean == pytest.approx(np.arctanh(0.5)) and found.seeds == 2 and not found.has_limits
    constant = correlation_evidence(correlate_seeds([series(1, flat=True)]), 1)
    assert judge(constant).word == NOT_TESTED and judge(constant).reason.startswith("measure constant")
    assert isinstance(judge(constant), Judgement)


def test_a_table_is_corrected_for_all_its_rows_and_knows_its_published_values():
    rows = [{"layer": k, "metric": "klb", **correlate_seeds([series(10 * k + s) for s in range(5)])} for k in (1, 2, 3)]
    printed = pd.DataFrame([{"layer": 2, "metric": "klb", "pearson": 0.5}])
    found = table_evidence(pd.DataFrame(rows), 1, 0.1, printed)
    assert [label for label, _ in found] == [{"layer": k, "metric": "klb"} for k in (1, 2, 3)]
    np.testing.assert_allclose(
        [one.swap_p for _, one in found], benjamini_hochberg(np.array([r["swap_p"] for r in rows]))
    )
    np.testing.assert_allclose([one.published for _, one in found], [np.nan, np.arctanh(0.5), np.nan])


def test_rows_are_chosen_by_one_value_or_several():
    table = pd.DataFrame({"layer": [1, 2, 3], "metric": ["a", "b", "a"]})
    assert chosen(table, {"layer": [2, 3], "metric": "a", "unknown": 1})["layer"].tolist() == [3]
