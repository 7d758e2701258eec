"""Question 2: does a measure rank networks that were trained differently as their test accuracy or gap does?

All statistics compare pairs of networks: the sign of the difference in the measure with that in the target. Pairs
whose targets differ by no more than two seeds of one setting do are left out. Weights of networks serve the bootstrap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from neurons.core.statistics import rank

NORMAL_95 = 1.959964


def codes_of(values: np.ndarray) -> np.ndarray:
    """Number the distinct rows of an array (N, H), or the distinct entries of (N,), from 0: (N,)."""
    return np.unique(np.asarray(values), axis=0, return_inverse=True)[1].reshape(-1)


def seed_noise(settings: np.ndarray, target: np.ndarray) -> float:
    """Return the difference that two networks of one setting stay below in 95 %: 1.96 sqrt(2) sd.

    sd is pooled within settings, over their seeds. 0 where every setting has a single network.

    Parameters
    ----------
    settings : (N, H) numbers of the hyper-parameters' values.
    target : (N,).
    """
    cell = codes_of(settings)
    counts = np.bincount(cell)
    means = np.bincount(cell, target) / counts
    freedom = len(target) - len(counts)
    return float(NORMAL_95 * np.sqrt(2 * np.sum((target - means[cell]) ** 2) / freedom)) if freedom else 0.0


@dataclass(frozen=True)
class Pairs:
    """The pairs of networks that are compared on a target.

    Attributes
    ----------
    settings : (N, H) numbers of the hyper-parameters' values.
    first, second : (P,) numbers of the networks of a pair.
    sign : (P,) sign of the target of `first` less that of `second`, -1 or 1.
    """

    settings: np.ndarray
    first: np.ndarray
    second: np.ndarray
    sign: np.ndarray

    def signs(self, measure: np.ndarray) -> np.ndarray:
        """Return the sign of each pair's difference in a measure (N,): (P,), 0 for a tie."""
        return np.sign(measure[self.first] - measure[self.second])

    def weights(self, networks: np.ndarray | None) -> np.ndarray:
        """Return the weight of each pair, (P,): the product of its networks' (N,); 1 without."""
        return np.ones(len(self.sign)) if networks is None else networks[self.first] * networks[self.second]

    @cached_property
    def differs(self) -> np.ndarray:
        """Whether the networks of a pair differ in a hyper-parameter, bool (P, H)."""
        return self.settings[self.first] != self.settings[self.second]

    def alone(self, parameter: int) -> np.ndarray:
        """Return the numbers of the pairs that differ in this hyper-parameter alone, whatever their seeds."""
        return np.flatnonzero(self.differs[:, parameter] & (self.differs.sum(axis=1) == 1))

    @cached_property
    def groups(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Per hyper-parameter: pairs that differ in it alone, and the number of the other settings they share."""
        groups = []
        for parameter in range(self.settings.shape[1]):
            pairs = self.alone(parameter)
            others = np.delete(self.settings[self.first[pairs]], parameter, axis=1)
            groups.append((pairs, codes_of(others) if others.size else np.zeros(len(pairs), int)))
        return groups

    @cached_property
    def environments(self) -> dict[tuple[int, int, int], np.ndarray]:
        """Pairs by (hyper-parameter, value, other value): those that differ in it alone, from one value to the other."""
        environments = {}
        for parameter in range(self.settings.shape[1]):
            pairs = self.alone(parameter)
            values = np.sort(self.settings[np.column_stack([self.first[pairs], self.second[pairs]]), parameter])
            for low, high in np.unique(values, axis=0):
                environments[parameter, int(low), int(high)] = pairs[(values == (low, high)).all(axis=1)]
        return environments

    @cached_property
    def conditions(self) -> list[np.ndarray]:
        """For every set of at most two hyper-parameters the number of the values both networks have in it, (2 P,).

        Pairs in both orders, first those of `first` and `second`.
        """
        a, b = (np.concatenate(some) for some in ((self.first, self.second), (self.second, self.first)))
        parameters = range(self.settings.shape[1])
        sets = [some for size in range(min(3, len(parameters) + 1)) for some in combinations(parameters, size)]
        return [
            codes_of(np.column_stack([self.settings[a][:, some], self.settings[b][:, some]]))
            if some
            else np.zeros(len(a), int)
            for some in map(list, sets)
        ]


def compared_pairs(settings: np.ndarray, target: np.ndarray, noise: float = 0.0) -> Pairs:
    """Return the pairs of networks whose targets (N,) differ by more than `noise`."""
    first, second = np.triu_indices(len(target), 1)
    difference = target[first] - target[second]
    kept = np.abs(difference) > noise
    return Pairs(settings, first[kept], second[kept], np.sign(difference[kept]))


def _share(values: np.ndarray, weights: np.ndarray) -> float:
    total = weights.sum()
    return float(values @ weights / total) if total else float("nan")


def kendall(pairs: Pairs, measure: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return Kendall's tau of a measure (N,) over the pairs: mean product of signs, -1 to 1; ties in it count as 0.

    NaN without a pair.
    """
    return _share(pairs.signs(measure) * pairs.sign, pairs.weights(weights))


def granulated_kendall(pairs: Pairs, measure: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return tau per hyper-parameter, (H,), over pairs that differ in it alone; NaN without one.

    The mean over the groups that share all other settings of each group's tau. Their mean is Psi of Jiang et al.,
    Fantastic generalization measures and where to find them, ICLR 2020, Eqs. 3 and 4.
    """
    agreement, pair_weights = pairs.signs(measure) * pairs.sign, pairs.weights(weights)
    taus = []
    for alone, group in pairs.groups:
        total = np.bincount(group, pair_weights[alone])
        agreed = np.bincount(group, pair_weights[alone] * agreement[alone])
        known = total > 0
        taus.append(float(np.mean(agreed[known] / total[known])) if known.any() else float("nan"))
    return np.array(taus)


def information_share(condition, measure_sign, target_sign, weights) -> float:
    """Return I(m; t | u) / H(t | u) of signs m and t given the condition u, all (Q,), weighted; NaN where H is 0."""
    index = (condition * 3 + measure_sign + 1) * 2 + (target_sign > 0)
    table = np.bincount(index.astype(np.intp), weights, minlength=6 * (condition.max() + 1)).reshape(-1, 3, 2)
    joint = table / table.sum()
    given, of_measure, of_target = joint.sum(axis=(1, 2)), joint.sum(axis=2), joint.sum(axis=1)
    log = np.log(joint, out=np.zeros_like(joint), where=joint > 0)
    log_given, log_measure, log_target = (
        np.log(p, out=np.zeros_like(p), where=p > 0) for p in (given, of_measure, of_target)
    )
    information = np.sum(joint * (log + log_given[:, None, None] - log_measure[:, :, None] - log_target[:, None, :]))
    entropy = np.sum(of_target * (log_given[:, None] - log_target))
    return float(max(information, 0) / entropy) if entropy > 1e-12 else float("nan")


def conditional_information(pairs: Pairs, measure: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the least normalised mutual information of the signs given any two hyper-parameters, 0 to 1.

    min over sets S of at most two hyper-parameters of I(V_measure; V_target | U_S) / H(V_target | U_S), where V is the
    sign of a pair's difference and U_S the values that both networks have in S. A measure that only echoes one
    hyper-parameter has 0. NaN without a pair.

    Source: Jiang et al. 2020, section 2.2.3.
    """
    pair_weights = pairs.weights(weights)
    if not pair_weights.sum():
        return float("nan")
    both = [np.concatenate([some, -some]) for some in (pairs.signs(measure), pairs.sign)]
    shares = [information_share(u, *both, np.tile(pair_weights, 2)) for u in pairs.conditions]
    return min((share for share in shares if share == share), default=float("nan"))


def environment_errors(pairs: Pairs, measure: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return the sign error in each of the pairs' environments, (E,), 0 to 1; NaN without a pair.

    Mean of (1 - s) / 2, s the product of the signs of measure and target; 1/2 is chance. An environment is a change of
    one hyper-parameter from one value to another with all others equal.

    Source: Dziugaite et al., In search of robust measures of generalization, NeurIPS 2020.
    """
    wrong, pair_weights = (1 - pairs.signs(measure) * pairs.sign) / 2, pairs.weights(weights)
    return np.array([_share(wrong[inside], pair_weights[inside]) for inside in pairs.environments.values()])


def worst_sign_error(pairs: Pairs, measure: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the largest sign error over environments (see `environment_errors`); NaN without an environment."""
    errors = environment_errors(pairs, measure, weights)
    return float(np.nanmax(errors)) if np.isfinite(errors).any() else float("nan")


def worst_excess(
    pairs: Pairs, measure: np.ndarray, baselines: list[np.ndarray], weights: np.ndarray | None = None
) -> float:
    """Return the largest difference over environments between a measure's sign error and the best baseline's.

    Below 0 the measure beats every baseline in every environment.
    """
    errors = environment_errors(pairs, measure, weights)
    others = np.array([environment_errors(pairs, values, weights) for values in baselines])
    known = np.isfinite(errors)
    return float(np.max(errors[known] - others[:, known].min(axis=0))) if known.any() else float("nan")


def scaled_ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks from 0 to 1, ties averaged, (N,): what a measure's unit and shape do not change."""
    return (rank(values) - 1) / max(len(values) - 1, 1)


def held_out_r2(settings: np.ndarray, target: np.ndarray, features: np.ndarray, weights: np.ndarray) -> float:
    """Return the R2 of least squares on features (N, F) for values of hyper-parameters that were not fitted.

    For each hyper-parameter every value is left out once and predicted from the others; R2 = 1 - errors / those of the
    mean of the fitted. The mean over hyper-parameters with several values; below 0 if worse than the mean.
    """
    design, result = np.column_stack([np.ones(len(target)), features]), []
    for column in settings.T:
        errors = total = 0.0
        for value in np.unique(column):
            held, kept = (column == value) & (weights > 0), (column != value) & (weights > 0)
            if not held.any() or not kept.any():
                continue
            root = np.sqrt(weights[kept])
            fit = np.linalg.lstsq(design[kept] * root[:, None], target[kept] * root)[0]
            errors += weights[held] @ (target[held] - design[held] @ fit) ** 2
            total += weights[held] @ (target[held] - np.average(target[kept], weights=weights[kept])) ** 2
        if total > 0:
            result.append(1 - errors / total)
    return float(np.mean(result)) if result else float("nan")


def added_r2(
    settings: np.ndarray,
    target: np.ndarray,
    measure: np.ndarray,
    baselines: list[np.ndarray],
    weights: np.ndarray | None = None,
) -> float:
    """Return how much a measure (N,) raises `held_out_r2` beside the baselines, all of them as ranks."""
    weights = np.ones(len(target)) if weights is None else weights
    base = np.column_stack([scaled_ranks(values) for values in baselines])
    with_measure = np.column_stack([base, scaled_ranks(measure)])
    return held_out_r2(settings, target, with_measure, weights) - held_out_r2(settings, target, base, weights)


def cell_bootstrap(
    settings: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], draws: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 2.5 and 97.5 % quantiles of a statistic over draws of settings with replacement.

    A setting is drawn with all its seeds. `statistic` gets the weight of each network (N,): how often its setting was
    drawn. Draws in which a figure is NaN do not count for it.
    """
    cell, rng = codes_of(settings), np.random.default_rng(seed)
    cells = cell.max() + 1
    drawn = [statistic(rng.multinomial(cells, np.full(cells, 1 / cells))[cell].astype(float)) for _ in range(draws)]
    drawn = np.array(drawn, float)
    empty = np.isnan(drawn).all(axis=0)
    low, high = np.full(drawn.shape[1], np.nan), np.full(drawn.shape[1], np.nan)
    low[~empty], high[~empty] = np.nanquantile(drawn[:, ~empty], [0.025, 0.975], axis=0)
    return low, high
