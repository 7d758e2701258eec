"""Means over seeds: limits, tests against 0 and for equivalence, and the correction for many tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from neurons.core.statistics import LEAST_SEEDS

PERFECT = 1e-12  # a correlation this close to +-1 is +-1 but for rounding


@dataclass(frozen=True)
class Student:
    """A mean over seeds with what Student's t needs; seeds where the figure is not defined are not among `seeds`.

    Attributes
    ----------
    mean, error : the mean and its standard error (sd / sqrt(seeds)).
    seeds : how many seeds they come from.
    """

    mean: float
    error: float
    seeds: int

    @property
    def has_limits(self) -> bool:
        """Whether there are seeds enough for limits and tests."""
        return self.seeds >= LEAST_SEEDS

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence limits of the mean; NaN below `LEAST_SEEDS` seeds."""
        if not self.has_limits:
            return nan, nan
        half = float(stdtrit(self.seeds - 1, (1 + level) / 2)) * self.error
        return self.mean - half, self.mean + half

    def _above_p(self, bound: float) -> float:
        """Return the one-sided p of the mean not lying above `bound`."""
        if self.error == 0:  # all seeds alike
            return 0.5 if self.mean == bound else float(self.mean < bound)
        return float(stdtr(self.seeds - 1, (bound - self.mean) / self.error))

    def zero_p(self) -> float:
        """Return the two-sided p of a mean of 0; NaN below `LEAST_SEEDS` seeds."""
        sides = [Student(mean, self.error, self.seeds)._above_p(0) for mean in (self.mean, -self.mean)]
        return 2 * min(sides) if self.has_limits else nan

    def equivalence_p(self, bound: float) -> float:
        """Return the p of two one-sided tests (Schuirmann 1987): small if the mean lies within +-`bound`.

        The bound has to be stated before the data are seen. NaN below `LEAST_SEEDS` seeds.
        """
        if not self.has_limits:
            return nan
        return max(self._above_p(-bound), Student(-self.mean, self.error, self.seeds)._above_p(-bound))


def student(values: np.ndarray) -> Student:
    """Summarise a figure over seeds, (S,); seeds where it is NaN are left out (name them with `undefined_seeds`)."""
    values = np.asarray(values, float)
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return Student(nan, nan, 0)
    spread = float(values.std(ddof=1)) if len(values) > 1 else nan
    if np.ptp(values) <= 1e-15 * np.abs(values).max():  # equal values: their mean may be off by rounding
        return Student(float(values[0]), 0.0 if len(values) > 1 else nan, len(values))
    return Student(float(values.mean()), spread / sqrt(len(values)), len(values))


def student_of_limits(low: float, high: float, seeds: int, level: float = 0.95) -> Student:
    """Return the mean and standard error that gave these confidence limits over `seeds` seeds."""
    if seeds < LEAST_SEEDS or np.isnan(low) or np.isnan(high):
        return Student(nan, nan, 0)
    return Student((low + high) / 2, (high - low) / 2 / float(stdtrit(seeds - 1, (1 + level) / 2)), seeds)


def fisher_z(correlations: np.ndarray, points: int) -> np.ndarray:
    """Return Fisher's z = atanh(r) of correlations over `points` points each; finite also where r is exactly +-1.

    A correlation of exactly +-1 (two rankings that agree, say) has no finite z. It is taken as the value half a step
    of Spearman's coefficient below, 1 - 6 / (n^3 - n): with n points, ranks cannot tell it from 1.
    """
    r = np.asarray(correlations, float)
    nearly = 1 - 6 / (points**3 - points)
    return np.arctanh(np.where(np.abs(r) >= 1 - PERFECT, np.sign(r) * nearly, r))


def correlation_limits(correlations: np.ndarray, points: int) -> tuple[float, float]:
    """Return the 95 % limits of a mean correlation over seeds: Student's t on Fisher's z, back by tanh.

    Both lie inside (-1, 1) by construction; nothing is clipped. NaN below `LEAST_SEEDS` defined seeds.

    Parameters
    ----------
    correlations : (S,), NaN where a seed has none.
    points : points of each correlation, at least 3.
    """
    low, high = student(fisher_z(correlations, points)).limits()
    return float(np.tanh(low)), float(np.tanh(high))


def undefined_seeds(values: np.ndarray, seeds: Sequence[int]) -> str:
    """Return a note that counts and names the seeds in which a figure (S,) is NaN; empty if there is none."""
    missing = [str(seed) for seed, value in zip(seeds, values) if np.isnan(value)]
    return f"not defined in {len(missing)} of {len(seeds)} seeds ({', '.join(missing)})" if missing else ""


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Return p values (N,) adjusted for the false discovery rate (Benjamini and Hochberg 1995), NaN where p is NaN.

    Rejecting where the adjusted value is at most q keeps the expected share of false rejections at q. NaN are no tests
    and are not counted.
    """
    p = np.asarray(p, float)
    adjusted, known = np.full(len(p), nan), np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    raised = p[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1)
    return adjusted
