"""Permutation tests: the seed swap, which asks whether a network's own measure goes with its own accuracy.

Every network's measure and accuracy drift as training goes on, so they correlate even where neither depends on the
other, and even with those of another network. Under the null hypothesis of the seed swap a network's measure tells
nothing about its own accuracy beyond what every network does at that epoch: then any assignment of the seeds' measures
to the seeds' accuracies is as likely as the true one. Nothing is assumed about trend or autocorrelation (Harris,
Nonsense correlations in neuroscience, bioRxiv 2020.11.29.402719).
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from math import factorial, nan

import numpy as np

from neurons.core.statistics import SWAP_COLUMNS, Series, is_defined

EXACT = 7  # objects up to which all orders are taken: 5,040
DRAWS = 10_000  # orders drawn beyond
LEAST_SWAPPED = 4  # seeds from which on there is a p: with 3 the smallest possible one is 1/6
ROUNDING = 1e-10  # of a statistic's largest possible size: closer values are equal but for rounding


@lru_cache(maxsize=8)
def orders(objects: int, draws: int = DRAWS, seed: int = 0) -> np.ndarray:
    """Return orders of `objects` objects, (P, objects), read-only: all of them up to `EXACT`, else `draws` seeded ones."""
    if objects <= EXACT:
        rows = np.array(list(permutations(range(objects))), np.intp).reshape(factorial(objects), objects)
    else:
        rows = np.random.default_rng(seed).permuted(np.tile(np.arange(objects), (draws, 1)), axis=1)
    rows.flags.writeable = False
    return rows


def share_as_extreme(drawn: np.ndarray, observed: float, scale: float, exact: bool) -> float:
    """Return the two-sided p of a permutation test: the share of `drawn` (P,) that are as far from 0 as `observed`.

    Parameters
    ----------
    scale : the largest possible size of the statistic. What falls short by less than `ROUNDING` of it is a tie, and
        counts. NaN among `drawn` counts too, against rejection.
    exact : `drawn` holds every order, the observed one among them. Else they are random, and the observed one is added
        to both counts (Phipson and Smyth 2010), so that p is never 0.
    """
    extreme = int((~(np.abs(drawn) < abs(observed) - ROUNDING * scale)).sum())
    return extreme / len(drawn) if exact else (extreme + 1) / (len(drawn) + 1)


@dataclass(frozen=True)
class SeedSwap:
    """A seed swap over S seeds; NaN where a figure is not defined.

    Attributes
    ----------
    statistic : T = sum over seeds s and points t of (m_s - mean m)(a_s - mean a), means over seeds at each t.
    p : share of the orders pi of the seeds with |T_pi| >= |T|; from `LEAST_SWAPPED` seeds on.
    own, swapped : mean of Pearson's r(m_i, a_i), and of r(m_i, a_j) over j != i.
    """

    statistic: float
    p: float
    own: float
    swapped: float


def _unit(series: np.ndarray) -> np.ndarray:
    centred = series - series.mean(axis=1, keepdims=True)
    return centred / np.linalg.norm(centred, axis=1, keepdims=True)


def seed_swap(measure: np.ndarray, accuracy: np.ndarray, draws: int = DRAWS, seed: int = 0) -> SeedSwap:
    """Test whether the measures (S, T) of S seeds go with the same seeds' accuracies (S, T).

    The statistic of every order is read off one S x S matrix of cross products, so the cost hardly depends on T.

    Parameters
    ----------
    measure, accuracy : a row a seed, at the same points; finite, and no row constant.
    draws, seed : of the orders beyond `EXACT` seeds.
    """
    seeds = len(measure)
    m, a = measure - measure.mean(axis=0), accuracy - accuracy.mean(axis=0)
    products = m @ a.T
    statistic = float(np.trace(products))
    r = _unit(measure) @ _unit(accuracy).T
    swapped = float((r.sum() - np.trace(r)) / (seeds * (seeds - 1))) if seeds > 1 else nan
    # The means' rounding is that of the values themselves, however little the seeds differ.
    floor = np.finfo(float).eps * measure.size
    same = any(np.abs(v).max() <= floor * np.abs(of).max() for v, of in ((m, measure), (a, accuracy)))
    p = nan
    if seeds >= LEAST_SWAPPED and not same:
        drawn = products[np.arange(seeds), orders(seeds, draws, seed)].sum(axis=1)
        p = share_as_extreme(drawn, statistic, float(np.linalg.norm(m) * np.linalg.norm(a)), seeds <= EXACT)
    return SeedSwap(statistic, p, float(np.trace(r) / seeds), swapped)


def swap_columns(seeds: list[Series]) -> dict:
    """Return the columns `swapped`, `own_minus_swapped` and `swap_p` of a table's row, and a `note`.

    A seed whose own correlation is not defined (too short, constant or unknown series) is left out of all three, as it
    is of the mean correlation that stands beside them; the note names it. Figures that are not defined are NaN, and the
    note says why.
    """
    kept = [series for series in seeds if is_defined(series)]
    row = dict.fromkeys(SWAP_COLUMNS, nan)
    if len({tuple(np.asarray(series.epoch, float).tolist()) for series in kept}) > 1:
        return row | {"note": "no seed swap: the seeds differ in their epochs"}
    if len(kept) < 2:
        of = f" of {len(seeds)} seeds with a correlation" if len(kept) < len(seeds) else " seed"
        return row | {"note": f"no seed swap: {len(kept)}{of}"}
    swap = seed_swap(*(np.array([getattr(s, key) for s in kept], float) for key in ("measure", "accuracy")))
    row = {"swapped": swap.swapped, "own_minus_swapped": swap.own - swap.swapped, "swap_p": swap.p}
    notes = []
    if len(kept) < len(seeds):
        left = ", ".join(str(series.seed) for series in seeds if not is_defined(series))
        notes.append(f"seed swap over {len(kept)} of {len(seeds)} seeds, without {left}")
    if len(kept) < LEAST_SWAPPED:
        notes.append(f"no p of the seed swap below {LEAST_SWAPPED} seeds")
    elif np.isnan(swap.p):
        notes.append("no p of the seed swap: the seeds do not differ")
    elif swap.statistic * row["own_minus_swapped"] < 0:
        notes.append("own - swapped and the statistic of the seed swap differ in sign")
    return row | {"note": "; ".join(notes)}


def best_of_p(figures: np.ndarray, controls: np.ndarray) -> float:
    """Return the p of the best of several choices, corrected for the choosing.

    The best of K choices (say, of 50 values of k) is large by the choosing alone. Each random control is given the same
    freedom: p is the share of controls whose own best reaches it (+1 in both counts), as in Westfall and Young's
    correction by the largest statistic.

    Parameters
    ----------
    figures : of each choice, (K,).
    controls : the same of R random controls, (R, K).
    """
    return (int((controls.max(axis=1) >= figures.max()).sum()) + 1) / (len(controls) + 1)
