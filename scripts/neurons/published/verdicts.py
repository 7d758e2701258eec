"""How claims are judged: estimates with intervals, and the verdict that follows from a claim's test and its control."""

from dataclasses import dataclass
from math import atanh, isnan, nan, sqrt, tanh

from scipy.special import ndtri

from neurons.core.formats import with_limits

REPRODUCED = "reproduced"
EXPLAINED = "explained by a control"
NOT_REPRODUCED = "not reproduced"
NOT_TESTED = "not tested"
NOT_RUN = "not run"
JUDGED = (REPRODUCED, EXPLAINED, NOT_REPRODUCED)


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % limits; NaN limits: there are too few seeds for any, and the figure stands alone."""

    value: float
    low: float = nan
    high: float = nan

    def text(self, digits: int = 2, sign: str = "") -> str:
        """Return the figure with its limits."""
        return with_limits(self.value, self.low, self.high, digits, sign)


@dataclass(frozen=True)
class Finding:
    """What was found on one part of a claim: texts to show, and what the claim's rule makes of the figures.

    `holds`: the claim's own test, None where its figure is not defined. `survives`: the test of the control, None where
    the claim has none.
    """

    published: str
    ours: str
    control: str = ""
    holds: bool | None = None
    survives: bool | None = None


def fisher(correlation: float, points: int, held_fixed: int = 0) -> Estimate:
    """Return a correlation over `points` points with Fisher's 95 % limits, `held_fixed` variables partialled out.

    It takes the points for independent, which iterations of one training are not: the interval is on the narrow side.
    """
    spare = points - 3 - held_fixed
    if isnan(correlation) or spare < 1:
        return Estimate(correlation)
    if abs(correlation) >= 1:
        return Estimate(correlation, correlation, correlation)
    half = float(ndtri(0.975)) / sqrt(spare)
    return Estimate(correlation, tanh(atanh(correlation) - half), tanh(atanh(correlation) + half))


def has_sign(estimate: Estimate, sign: int) -> bool:
    """Tell whether the value has this sign and its interval, where there is one, does not reach 0."""
    nearer = estimate.low if sign > 0 else estimate.high
    return sign * estimate.value > 0 and (isnan(nearer) or sign * nearer > 0)


def at_least(estimate: Estimate, least: float) -> bool:
    """Tell whether the value reaches `least` and its interval, where there is one, lies above 0."""
    return estimate.value >= least and has_sign(estimate, 1)


def most(answers: list[bool]) -> bool:
    """Tell whether more than half of the answers are yes."""
    return 2 * sum(answers) > len(answers)


def verdict(finding: Finding) -> str:
    """Return the verdict on one part: a claim whose test is passed still has to survive its control."""
    if finding.holds is None:
        return NOT_TESTED
    if not finding.holds:
        return NOT_REPRODUCED
    return EXPLAINED if finding.survives is False else REPRODUCED


def overall(verdicts: list[str]) -> str:
    """Return the verdict on a claim from those on its parts.

    Of the judged parts more than half must be reproduced; else more than half must at least pass the claim's own test
    (`explained by a control`). With no part judged: `not run` if any part has no results, else `not tested`.
    """
    judged = [one for one in verdicts if one in JUDGED]
    if not judged:
        return NOT_RUN if NOT_RUN in verdicts else NOT_TESTED
    if most([one == REPRODUCED for one in judged]):
        return REPRODUCED
    return EXPLAINED if most([one != NOT_REPRODUCED for one in judged]) else NOT_REPRODUCED
