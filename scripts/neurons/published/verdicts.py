"""Verdicts on claims: what the figures over seeds allow to be said, and what they do not.

A claim is judged row by row (a layer, a class, a metric), and a row by one set of seeds throughout. The trend that all
networks share is told from a link by the seed swap alone (`neurons.core.permutation`); partial correlations and
differences describe, and are no input here. The words:

reproduced    the claimed sign, an interval that excludes 0, and, where the claim is about networks and not about time,
              a seed swap that rejects with the claimed sign
trend only    the claimed sign, an interval that excludes 0, but a seed swap that does not reject with 5 seeds or more
contradicted  an interval that excludes 0 with the other sign, or a seed swap that rejects with the other sign
equivalent    two one-sided tests find the figure inside the bound that was stated beforehand
inconclusive  none of these: the seeds are too few, or the interval holds 0
not tested    there is no figure, for the reason given

Within a table the tests are corrected for their number (Benjamini and Hochberg, 5 %).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

import numpy as np

from neurons.core.intervals import Student, benjamini_hochberg, student
from neurons.core.permutation import LEAST_SWAPPED
from neurons.core.statistics import LEAST_SEEDS

REPRODUCED = "reproduced"
TREND_ONLY = "trend only"
CONTRADICTED = "contradicted"
EQUIVALENT = "equivalent"
INCONCLUSIVE = "inconclusive"
NOT_TESTED = "not tested"
TESTED = (REPRODUCED, TREND_ONLY, CONTRADICTED, EQUIVALENT, INCONCLUSIVE)
LEVEL = 0.05
LEAST_TREND = 5  # seeds from which on a seed swap that does not reject says something


@dataclass(frozen=True)
class Judgement:
    """A verdict and the sentence that gives its reason."""

    word: str
    reason: str = ""


@dataclass(frozen=True)
class Evidence:
    """What one row of a table says on a claim.

    Attributes
    ----------
    figure : over seeds; for correlations on the scale of Fisher's z.
    sign : the claimed sign, 1 or -1.
    about_networks : whether the claim is that a network's measure goes with its own accuracy (the seed swap decides),
        and not only that something changes with time.
    swap_p, own_minus_swapped : of the seed swap over the same seeds; for pairs of classes, Mantel's p and r.
    bound : what counts as none, stated beforehand, on the scale of `figure`; NaN where none was.
    published : the published figure on that scale, NaN where there is none.
    sign_p : the p of `figure` being 0; taken from `figure` unless it was adjusted.
    missing : why there is no figure.
    control : the name of the test that `swap_p` is of.
    """

    figure: Student
    sign: int
    about_networks: bool = True
    swap_p: float = nan
    own_minus_swapped: float = nan
    bound: float = nan
    published: float = nan
    sign_p: float | None = None
    missing: str = ""
    control: str = "seed swap"

    def __post_init__(self):
        if self.sign not in (1, -1) or self.bound <= 0:
            raise ValueError(f"sign {self.sign} must be 1 or -1, bound {self.bound} above 0")
        if isnan(self.own_minus_swapped) and not isnan(self.swap_p):
            raise ValueError("a seed swap's p without its direction")
        if self.sign_p is None:
            object.__setattr__(self, "sign_p", self.figure.zero_p())


def tally(words: Iterable[str]) -> str:
    """Return how many of some verdicts are which, `2 reproduced, 1 inconclusive`; those without a test do not count."""
    counts = Counter(words)
    return ", ".join(f"{counts[word]} {word}" for word in TESTED if counts[word])


def adjusted(table: Sequence[Evidence]) -> list[Evidence]:
    """Return the rows of one whole table, judged or not, with their p adjusted for how many there are.

    The tests against 0 are one family, the seed swaps another.
    """
    sign_p, swap_p = (
        benjamini_hochberg(np.array([getattr(row, key) for row in table])) for key in ("sign_p", "swap_p")
    )
    return [replace(row, sign_p=float(a), swap_p=float(b)) for row, a, b in zip(table, sign_p, swap_p)]


def _without_test(figure: Student, undefined: str = "the figure is not defined") -> Judgement | None:
    """Return the verdict on a figure that no test can be made of, None if one can."""
    if isnan(figure.mean):
        return Judgement(NOT_TESTED, undefined)
    return None if figure.has_limits else Judgement(INCONCLUSIVE, f"fewer than {LEAST_SEEDS} seeds")


def judge(row: Evidence) -> Judgement:
    """Return the verdict on one row, by the rules at the head of this module."""
    if row.missing:
        return Judgement(NOT_TESTED, row.missing)
    if verdict := _without_test(row.figure):
        return verdict
    # Before the sign: an effect inside the bound counts as none, even where many seeds tell it from 0.
    if not isnan(row.bound) and row.figure.equivalence_p(row.bound) <= LEVEL:
        return Judgement(EQUIVALENT, "inside the bound stated beforehand")
    if row.sign_p > LEVEL:
        return Judgement(INCONCLUSIVE, _undecided(row))
    if row.figure.mean * row.sign < 0:
        return Judgement(CONTRADICTED, "the interval excludes 0 with the other sign")
    if not row.about_networks:
        return Judgement(REPRODUCED, "claimed sign, the interval excludes 0")
    if isnan(row.swap_p):
        return Judgement(INCONCLUSIVE, f"claimed sign, but no p of the {row.control} (needs {LEAST_SWAPPED} seeds)")
    if row.swap_p <= LEVEL:
        if row.own_minus_swapped * row.sign > 0:
            return Judgement(REPRODUCED, f"claimed sign, and the {row.control} rejects")
        return Judgement(CONTRADICTED, f"the {row.control} rejects with the other sign")
    if row.figure.seeds < LEAST_TREND:
        return Judgement(INCONCLUSIVE, f"claimed sign, but too few seeds for the {row.control} (needs {LEAST_TREND})")
    return Judgement(TREND_ONLY, f"claimed sign, but the {row.control} does not reject")


def _undecided(row: Evidence) -> str:
    low, high = row.figure.limits()
    if row.swap_p <= LEVEL:
        sign = "claimed" if row.own_minus_swapped * row.sign > 0 else "other"
        return f"the interval holds 0, though the {row.control} rejects with the {sign} sign"
    if not low <= 0 <= high:
        return "the interval excludes 0, but not after correction for the number of tests"
    if isnan(row.published):
        return "the interval holds 0"
    holds = low <= row.published <= high
    return "the interval holds 0 and the published value" if holds else "the interval holds 0, not the published value"


def combined(judgements: Sequence[Judgement], need: str = "most") -> Judgement:
    """Return the verdict on several rows, or parts, from the verdicts on each.

    Each row has one verdict, so a row that passes one test and another row that passes another do not add up. A row that
    was not tested does not count; one that is inconclusive does.

    Parameters
    ----------
    need : 'most': a verdict holds if more than half of the rows have it. 'all': if every row has it; one contradicted
        row contradicts. Rows reproduced and rows of trend alone together are trend alone.
    """
    tested = [one for one in judgements if one.word in TESTED]
    if not tested:
        reasons = "; ".join(dict.fromkeys(one.reason for one in judgements if one.reason))
        return Judgement(NOT_TESTED, reasons or "no rows")
    if len(tested) == 1:
        return tested[0]
    words = [one.word for one in tested]

    def holds(*kinds: str) -> bool:
        count = sum(word in kinds for word in words)
        return count == len(words) if need == "all" else 2 * count > len(words)

    if need == "all" and CONTRADICTED in words:
        return Judgement(CONTRADICTED, tally(words))
    combinations = ((REPRODUCED,), (CONTRADICTED,), (EQUIVALENT,), (TREND_ONLY, REPRODUCED))
    return Judgement(next((kinds[0] for kinds in combinations if holds(*kinds)), INCONCLUSIVE), tally(words))


def scope(judged: Sequence[Mapping], table: Sequence[Mapping]) -> str:
    """Return which part of a table a claim is judged on, empty if on all of it.

    Rows are given by their labels, such as metric and layer. A claim's text that covers more than is judged has to be
    shown with this beside it.
    """
    if not judged:
        return f"judges none of {len(table)} rows"
    parts = []
    for key in table[0]:
        every, taken = (list(dict.fromkeys(row[key] for row in rows)) for rows in (table, judged))
        if len(taken) < len(every):
            parts.append(f"{key} {', '.join(map(str, taken))} of {', '.join(map(str, every))}")
    if not parts and len(judged) == len(table):
        return ""
    return f"judges {len(judged)} of {len(table)} rows" + (f": {'; '.join(parts)}" if parts else "")


def judge_stronger(
    later: np.ndarray, first: np.ndarray, sign: int, rows: Sequence[Judgement], bound: float = nan
) -> Judgement:
    """Judge whether a correlation is stronger in later layers than in the first.

    The difference, of Fisher's z and so Cohen's q, has an interval over seeds like any other figure. It is read against
    the claim where that is to be reproduced: the strength of the first layer is the size of its correlation, whatever
    the sign, so that later layers cannot win because the first one goes the other way; and in the later layers
    themselves the correlation must stand. It is read for the claim, with the first layer's sign, where that is to be
    contradicted.

    Parameters
    ----------
    later : Fisher's z of each seed and later layer, (S, L).
    first : Fisher's z of each seed in the first layer, (S,).
    sign : the sign of the correlation that is claimed to be stronger.
    rows : verdicts on the correlation in each of the later layers.
    bound : difference of z that counts as none, stated beforehand.
    """
    mean = later.mean(axis=1)
    strict, lenient = student(sign * mean - np.abs(first)), student(sign * (mean - first))
    if verdict := _without_test(strict, "the correlation is not defined in every layer of any seed"):
        return verdict
    if lenient.limits()[1] < 0:
        return Judgement(CONTRADICTED, "weaker in the later layers")
    if not isnan(bound) and lenient.equivalence_p(bound) <= LEVEL:
        return Judgement(EQUIVALENT, "the layers differ by less than the bound stated beforehand")
    stands = combined(rows)
    if strict.limits()[0] <= 0:
        return Judgement(INCONCLUSIVE, "the interval of the difference holds 0")
    if stands.word in (REPRODUCED, TREND_ONLY):
        return Judgement(stands.word, f"stronger in the later layers, where the correlation is {stands.word}")
    return Judgement(INCONCLUSIVE, f"the later layers differ from the first, but their correlation is {stands.word}")


def judge_reaches(figure: Student, least: float) -> Judgement:
    """Judge whether a figure reaches a level (a modularity, a share), which is a claim about each network, not a link."""
    if verdict := _without_test(figure):
        return verdict
    low, high = figure.limits()
    if low >= least:
        return Judgement(REPRODUCED, f"the interval lies at or above {least:g}")
    if high < least:
        return Judgement(CONTRADICTED, f"the interval lies below {least:g}")
    return Judgement(INCONCLUSIVE, f"the interval holds {least:g}")


def judge_same(difference: Student, bound: float) -> Judgement:
    """Judge a claim that two figures are the same: their difference lies inside a bound stated beforehand."""
    if verdict := _without_test(difference):
        return verdict
    low, high = difference.limits()
    if difference.equivalence_p(bound) <= LEVEL:
        return Judgement(REPRODUCED, f"two one-sided tests find the difference inside {bound:g}")
    if low > bound or high < -bound:
        return Judgement(CONTRADICTED, f"the interval of the difference lies beyond {bound:g}")
    return Judgement(INCONCLUSIVE, f"the interval of the difference reaches {bound:g}")


def judge_beyond_control(plain: Evidence, beyond: Evidence) -> Judgement:
    """Judge a gain that has to be more than a control's: `plain` over the base, `beyond` over the control.

    What fails without the control fails. Else the difference to the control decides: `equivalent` says that the control
    gains as much, `contradicted` that it gains more.
    """
    first = judge(replace(plain, about_networks=False))
    if first.word != REPRODUCED:
        return first
    second = judge(replace(beyond, about_networks=False))
    return Judgement(second.word, f"against the control: {second.reason}")


def judge_against_chance(reached: Judgement, chance_p: float) -> Judgement:
    """Judge a figure by its level and by whether chance, with the same freedom of choice, reaches it.

    The best of several choices (of k, say) is large by the choosing alone, and pairs of classes that were picked by
    name or by rank share classes.

    Parameters
    ----------
    reached : the verdict on the level (`judge_reaches`).
    chance_p : the p of the figure: of random controls with the same choices (`neurons.core.permutation.best_of_p`), or
        of classes in another order (`neurons.core.mantel.mantel`).
    """
    if reached.word != REPRODUCED:
        return reached
    if isnan(chance_p):
        return Judgement(INCONCLUSIVE, f"{reached.reason}, but there is no control by chance")
    if chance_p <= LEVEL:
        return Judgement(REPRODUCED, f"{reached.reason}, and chance does not (p = {chance_p:.2g})")
    return Judgement(INCONCLUSIVE, f"{reached.reason}, but by chance too (p = {chance_p:.2g})")
