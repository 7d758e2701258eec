"""The rules of verdicts, each on both sides; first what version 0.1.0 got wrong."""

from dataclasses import fields
from math import nan

import numpy as np
import pytest

from neurons.core.intervals import Student, fisher_z, student
from neurons.core.permutation import best_of_p
from neurons.published import verdicts
from neurons.published.verdicts import (
    CONTRADICTED,
    EQUIVALENT,
    INCONCLUSIVE,
    NOT_TESTED,
    REPRODUCED,
    TREND_ONLY,
    Evidence,
    Judgement,
    adjusted,
    combined,
    judge,
    judge_against_chance,
    judge_beyond_control,
    judge_reaches,
    judge_same,
    judge_stronger,
    scope,
)


def over_seeds(*correlations) -> Student:
    return student(fisher_z(np.array(correlations), 20))


SURE = over_seeds(-0.9, -0.85, -0.92, -0.88, -0.9)  # five seeds, far below 0
OPEN = over_seeds(-0.5, 0.4, 0.1, -0.3, 0.2)


# What 0.1.0 got wrong.


@pytest.mark.parametrize("published", [nan, 0.5, -0.2])
def test_an_interval_that_holds_0_is_no_refutation(published):
    """A correlation of .41 over three seeds, whose limits were printed as [-.42, 1.00] and called 'not reproduced'."""
    found = over_seeds(0.076, 0.41, 0.744)
    verdict = judge(Evidence(found, 1, published=np.arctanh(published)))
    assert verdict.word == INCONCLUSIVE
    assert ("published" in verdict.reason) == (published == published)
    low, high = np.tanh(found.limits())
    assert -1 < low < 0 < high < 1


def test_a_control_of_the_other_sign_explains_nothing():
    """A claimed minus with a partial correlation of +.66 was 'explained by a control'.

    The partial correlation is no input any more, and a seed swap that rejects with a plus contradicts the minus.
    """
    names = {field.name for field in fields(Evidence)}
    assert not any("epoch" in name or "differences" in name or "partial" in name for name in names)
    assert not any(
        "explained" in str(word) for word in vars(verdicts).values() if isinstance(word, str) and len(word) < 40
    )
    row = Evidence(SURE, -1, swap_p=0.01, own_minus_swapped=0.66)
    assert judge(row).word == CONTRADICTED
    assert judge(Evidence(SURE, -1, swap_p=0.01, own_minus_swapped=-0.2)).word == REPRODUCED
    assert judge(Evidence(SURE, -1, swap_p=0.5, own_minus_swapped=0.66)).word == TREND_ONLY


def stronger(later, first, rows=(REPRODUCED,), sign=1, bound=nan) -> str:
    later = np.atleast_2d(np.array(later, float).T).T
    return judge_stronger(later, np.array(first, float), sign, [Judgement(word) for word in rows], bound).word


def test_stronger_in_later_layers_needs_an_interval():
    """A mean difference of .3 whose seeds go both ways was 'reproduced'."""
    assert stronger([0.9, 0.2, 0.8], [0.3, 0.6, 0.1]) == INCONCLUSIVE
    assert stronger([0.9, 0.8, 0.85], [0.3, 0.2, 0.2]) == REPRODUCED
    assert stronger([0.9, 0.8], [0.3, 0.2]) == INCONCLUSIVE  # two seeds


def test_stronger_is_not_won_by_a_first_layer_of_the_wrong_sign():
    later, first = np.array([0.1, 0.12, 0.08]), np.array([-0.8, -0.85, -0.75])
    assert stronger(later, first) == INCONCLUSIVE
    assert student(later - first).limits()[0] > 0.5  # by this it would have won
    assert stronger(later + 1, first) == REPRODUCED  # stronger in size too
    assert stronger(-later - 1, -first, sign=-1) == REPRODUCED


def test_a_claim_about_all_modularities_says_which_it_judges():
    table = [{"metric": m, "layer": n} for m in ("klb", "no_overlap", "unweighted", "weighted") for n in (1, 2)]
    judged = [row for row in table if row["metric"] == "weighted" and row["layer"] == 2]
    assert scope(table, table) == ""
    expected = "judges 1 of 8 rows: metric weighted of klb, no_overlap, unweighted, weighted; layer 2 of 1, 2"
    assert scope(judged, table) == expected
    assert scope(table[:7], table) == "judges 7 of 8 rows"
    assert scope([], table) == "judges none of 8 rows"


def test_the_best_of_50_values_of_k_is_a_choice_to_correct_for():
    """Random neurons reach a share of 1 at some k now and then; a share of 1 at the best k alone says little."""
    rng = np.random.default_rng(0)
    ours, controls = rng.random(50).round(1), rng.random((199, 50)).round(1)
    assert ours.max() == 1
    reached = Judgement(REPRODUCED, "the share is reached")
    assert judge_against_chance(reached, best_of_p(ours, controls)).word == INCONCLUSIVE
    assert judge_against_chance(reached, best_of_p(ours, 0.5 * controls)).word == REPRODUCED
    assert judge_against_chance(reached, nan).word == INCONCLUSIVE
    assert judge_against_chance(Judgement(CONTRADICTED), 0.001).word == CONTRADICTED


# The rules, row by row.


@pytest.mark.parametrize(
    "found, sign, swap_p, difference, word",
    [
        (SURE, -1, 0.008, -0.1, REPRODUCED),
        (SURE, -1, 0.05, -0.1, REPRODUCED),
        (SURE, -1, 0.051, -0.1, TREND_ONLY),
        (SURE, 1, 0.008, -0.1, CONTRADICTED),
        (SURE, 1, 0.5, 0.1, CONTRADICTED),
        (OPEN, -1, 0.008, -0.1, INCONCLUSIVE),
        (over_seeds(-0.9, -0.85, -0.92), -1, nan, nan, INCONCLUSIVE),  # no swap with three seeds
        (over_seeds(-0.9, -0.85, -0.92, -0.88), -1, 1 / 24, -0.1, REPRODUCED),
        (over_seeds(-0.9, -0.85, -0.92, -0.88), -1, 2 / 24, -0.1, INCONCLUSIVE),  # four do not tell trend alone
        (over_seeds(-0.9, -0.85), -1, nan, nan, INCONCLUSIVE),
        (over_seeds(0.9, 0.85), -1, nan, nan, INCONCLUSIVE),
        (over_seeds(nan, nan), -1, nan, nan, NOT_TESTED),
    ],
)
def test_verdict_on_a_row(found, sign, swap_p, difference, word):
    assert judge(Evidence(found, sign, swap_p=swap_p, own_minus_swapped=difference)).word == word
    mirrored = Student(-found.mean, found.error, found.seeds)
    assert judge(Evidence(mirrored, -sign, swap_p=swap_p, own_minus_swapped=-difference)).word == word


def test_a_claim_about_time_needs_no_swap():
    assert judge(Evidence(student(np.array([4.0, 5.0, 4.5])), 1, about_networks=False)).word == REPRODUCED
    assert judge(Evidence(student(np.array([4.0, 5.0, 4.5])), -1, about_networks=False)).word == CONTRADICTED


@pytest.mark.parametrize(
    "values, word",
    [
        ([0.01, -0.02, 0.0, 0.01], EQUIVALENT),
        ([0.01, 0.02, 0.02, 0.01], EQUIVALENT),  # told from 0, but it counts as none
        ([0.04, -0.12, 0.1, 0.01], INCONCLUSIVE),
        ([0.11, 0.13, 0.12, 0.11], REPRODUCED),
    ],
)
def test_equivalent_is_found_inside_a_bound(values, word):
    found = student(np.array(values))
    assert judge(Evidence(found, 1, about_networks=False, bound=0.05)).word == word
    assert judge(Evidence(found, 1, about_networks=False)).word != EQUIVALENT  # no bound was stated


def test_a_figure_that_is_missing_is_not_tested():
    assert judge(Evidence(SURE, -1, missing="entropy constant")) == Judgement(NOT_TESTED, "entropy constant")


def test_the_reason_names_the_control():
    row = Evidence(SURE, -1, swap_p=0.5, own_minus_swapped=-0.3, control="Mantel test")
    assert judge(row) == Judgement(TREND_ONLY, "claimed sign, but the Mantel test does not reject")
    undecided = judge(Evidence(OPEN, 1, swap_p=0.01, own_minus_swapped=-0.3))
    assert undecided.reason == "the interval holds 0, though the seed swap rejects with the other sign"


def test_evidence_is_checked():
    for wrong in ({"sign": 0}, {"sign": 1, "bound": 0.0}, {"sign": 1, "swap_p": 0.01}):
        with pytest.raises(ValueError):
            Evidence(SURE, **wrong)


def test_one_table_is_corrected_for_its_rows():
    """Twenty rows: a raw p of .03 stands in one of them alone, and not in a table of nineteen without effect."""
    weak = Student(2.78, 1.0, 5)  # p just below .05
    assert judge(Evidence(weak, 1, False)).word == REPRODUCED
    alone = [Evidence(weak, 1, False), *[Evidence(OPEN, 1, False)] * 19]
    (first, *_) = adjusted(alone)
    assert judge(first).word == INCONCLUSIVE and "correction" in judge(first).reason
    rows = adjusted([Evidence(SURE, -1, swap_p=0.03, own_minus_swapped=-0.1)] * 20)
    assert {judge(row).word for row in rows} == {REPRODUCED}  # all alike: nothing to correct
    mixed = [Evidence(SURE, -1, swap_p=p, own_minus_swapped=-0.1) for p in (0.03, *[0.6] * 19)]
    assert judge(adjusted(mixed)[0]).word == TREND_ONLY
    few = adjusted([Evidence(SURE, -1), Evidence(SURE, -1, swap_p=0.03, own_minus_swapped=-0.1)])
    assert few[1].swap_p == 0.03 and np.isnan(few[0].swap_p)  # a row without p is no test


# Several rows.


def words(*given) -> list[Judgement]:
    return [Judgement(word, word) for word in given]


@pytest.mark.parametrize(
    "rows, most, every",
    [
        ([REPRODUCED] * 3, REPRODUCED, REPRODUCED),
        ([REPRODUCED] * 2 + [INCONCLUSIVE], REPRODUCED, INCONCLUSIVE),
        ([REPRODUCED, INCONCLUSIVE], INCONCLUSIVE, INCONCLUSIVE),
        ([REPRODUCED, TREND_ONLY], TREND_ONLY, TREND_ONLY),
        ([REPRODUCED] * 2 + [TREND_ONLY], REPRODUCED, TREND_ONLY),
        ([REPRODUCED] * 2 + [CONTRADICTED], REPRODUCED, CONTRADICTED),
        ([CONTRADICTED] * 2 + [TREND_ONLY], CONTRADICTED, CONTRADICTED),
        ([EQUIVALENT] * 2, EQUIVALENT, EQUIVALENT),
        ([REPRODUCED, EQUIVALENT, CONTRADICTED], INCONCLUSIVE, CONTRADICTED),
        ([REPRODUCED, NOT_TESTED, NOT_TESTED], REPRODUCED, REPRODUCED),
        ([NOT_TESTED], NOT_TESTED, NOT_TESTED),
        ([], NOT_TESTED, NOT_TESTED),
    ],
)
def test_verdict_on_several_rows(rows, most, every):
    assert combined(words(*rows)).word == most
    assert combined(words(*rows), need="all").word == every


def test_rows_that_pass_different_tests_do_not_add_up():
    """Two of three rows have the sign and two of three a swap that rejects, but only one row has both."""
    rows = [
        Evidence(SURE, -1, swap_p=0.01, own_minus_swapped=-0.2),
        Evidence(SURE, -1, swap_p=0.4, own_minus_swapped=-0.2),
        Evidence(OPEN, -1, swap_p=0.01, own_minus_swapped=-0.2),
    ]
    verdict = combined([judge(row) for row in rows])
    assert verdict == Judgement(TREND_ONLY, "1 reproduced, 1 trend only, 1 inconclusive")


def test_the_reasons_of_rows_not_tested_are_kept():
    rows = [Judgement(NOT_TESTED, "entropy constant")] * 2 + [Judgement(NOT_TESTED, "needs a GPU")]
    assert combined(rows) == Judgement(NOT_TESTED, "entropy constant; needs a GPU")


# Claims of other forms.


@pytest.mark.parametrize(
    "later, first, rows, bound, word",
    [
        ([0.2, 0.25, 0.2], [0.9, 0.8, 0.9], [REPRODUCED], nan, CONTRADICTED),
        ([0.9, 0.95, 0.9], [0.3, 0.2, 0.3], [TREND_ONLY], nan, TREND_ONLY),
        ([0.9, 0.95, 0.9], [0.3, 0.2, 0.3], [INCONCLUSIVE], nan, INCONCLUSIVE),
        ([0.9, 0.95, 0.9], [0.3, 0.2, 0.3], [CONTRADICTED], nan, INCONCLUSIVE),
        ([0.51, 0.61, 0.41], [0.5, 0.6, 0.4], [REPRODUCED], 0.1, EQUIVALENT),
        ([0.9, nan, 0.9], [0.3, 0.2, 0.3], [REPRODUCED], nan, INCONCLUSIVE),  # two seeds are left
        ([nan, nan, nan], [0.3, 0.2, 0.3], [REPRODUCED], nan, NOT_TESTED),
    ],
)
def test_stronger(later, first, rows, bound, word):
    assert stronger(later, first, rows, bound=bound) == word


def test_stronger_takes_the_mean_of_several_later_layers():
    later = [[0.9, 0.1], [0.1, 0.9], [0.5, 0.52]]
    assert stronger(later, [0.1, 0.12, 0.1], [REPRODUCED, REPRODUCED]) == REPRODUCED
    assert stronger(later, [0.9, 0.88, 0.9], [REPRODUCED, REPRODUCED]) == CONTRADICTED


@pytest.mark.parametrize(
    "values, word",
    [
        ([0.45, 0.46, 0.47], REPRODUCED),
        ([0.3, 0.31, 0.29], CONTRADICTED),
        ([0.39, 0.42, 0.41], INCONCLUSIVE),
        ([1.0, 1.0, 1.0], REPRODUCED),
        ([0.9, 0.9], INCONCLUSIVE),
        ([nan], NOT_TESTED),
    ],
)
def test_a_figure_reaches_a_level_by_its_interval(values, word):
    assert judge_reaches(student(np.array(values)), 0.4).word == word


@pytest.mark.parametrize(
    "values, word",
    [
        ([0.01, -0.01, 0.02], REPRODUCED),
        ([0.31, 0.3, 0.32], CONTRADICTED),
        ([-0.31, -0.3, -0.32], CONTRADICTED),
        ([0.1, -0.2, 0.05], INCONCLUSIVE),
        ([0.01, 0.02], INCONCLUSIVE),
        ([], NOT_TESTED),
    ],
)
def test_the_same_is_a_claim_of_equivalence(values, word):
    assert judge_same(student(np.array(values)), 0.1).word == word


@pytest.mark.parametrize(
    "gain, beyond, word",
    [
        ([1.1, 1.2, 1.0], [0.4, 0.5, 0.45], REPRODUCED),
        ([1.1, 1.2, 1.0], [0.01, 0.0, -0.01], EQUIVALENT),
        ([1.1, 1.2, 1.0], [-0.4, -0.5, -0.45], CONTRADICTED),
        ([1.1, 1.2, 1.0], [-0.4, 0.5, 0.3], INCONCLUSIVE),
        ([-1.1, -1.2, -1.0], [0.4, 0.5, 0.45], CONTRADICTED),
        ([-1.1, 1.2, -0.1], [0.4, 0.5, 0.45], INCONCLUSIVE),
        ([0.01, 0.0, -0.01], [0.4, 0.5, 0.45], EQUIVALENT),
    ],
)
def test_a_gain_has_to_exceed_the_controls(gain, beyond, word):
    plain, other = (Evidence(student(np.array(values)), 1, bound=0.05) for values in (gain, beyond))
    assert judge_beyond_control(plain, other).word == word
