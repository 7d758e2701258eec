from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from neurons.core.mantel import LEAST_CLASSES, mantel


def matrix(rng, classes: int, hubs: float = 1.0) -> np.ndarray:
    """A symmetric matrix with effects of classes (hubs), so that its pairs are not independent; zero diagonal."""
    own = hubs * rng.normal(size=classes)
    noise = np.triu(rng.normal(size=(classes, classes)), 1)
    values = noise + noise.T + own[:, None] + own
    np.fill_diagonal(values, 0)
    return values


def upper(values: np.ndarray) -> np.ndarray:
    return values[np.triu_indices(len(values), 1)]


def residuals(y, *x):
    design = np.column_stack([np.ones(len(y)), *x])
    return y - design @ np.linalg.lstsq(design, y)[0]


def brute_force(x, y, fixed=None):
    """r and p over all orders of the classes, with residuals of straight-line fits; pairs without a value left out."""

    def correlation(moved):
        columns = [upper(moved), upper(y), *([] if fixed is None else [upper(fixed)])]
        a, b, *z = np.array([row for row in zip(*columns) if not np.isnan(row).any()]).T
        return stats.pearsonr(residuals(a, *z), residuals(b, *z)).statistic

    if fixed is not None:
        known = ~np.isnan(x) & ~np.isnan(y) & ~np.isnan(fixed)
        known[np.tril_indices(len(x))] = False
        slope, start = np.polyfit(fixed[known], x[known], 1)
        x = x - start - slope * fixed
    every = [correlation(x[np.ix_(order, order)]) for order in permutations(range(len(x)))]
    return every[0], np.mean(np.abs(every) >= abs(every[0]) - 1e-9)


@pytest.mark.parametrize("classes", [4, 5, 6])
def test_plain_by_brute_force(rng, classes):
    x = matrix(rng, classes)
    y = 0.5 * x + matrix(rng, classes)
    found = mantel(x, y)
    assert (found.r, found.p) == pytest.approx(brute_force(x, y), abs=1e-12)
    assert (found.pairs, found.note) == (classes * (classes - 1) // 2, "")


@pytest.mark.parametrize("classes", [5, 6])
def test_partial_by_brute_force(rng, classes):
    z = matrix(rng, classes)
    x, y = z + matrix(rng, classes), z + matrix(rng, classes)
    found = mantel(x, y, z)
    assert (found.r, found.p) == pytest.approx(brute_force(x, y, z), abs=1e-12)


@pytest.mark.parametrize("partial", [False, True])
def test_pairs_without_a_value_by_brute_force(rng, partial):
    z = matrix(rng, 6) if partial else None
    x, y = matrix(rng, 6), matrix(rng, 6)
    x[1, 4] = x[4, 1] = x[2, 5] = x[5, 2] = np.nan
    y[0, 3] = y[3, 0] = np.nan
    found = mantel(x, y, z)
    assert (found.r, found.p) == pytest.approx(brute_force(x, y, z), abs=1e-12)
    assert (found.pairs, found.note) == (12, "3 of 15 pairs have no value")


def test_partial_r_is_the_closed_formula(rng):
    x, y, z = (matrix(rng, 10) for _ in range(3))
    xy, xz, yz = (stats.pearsonr(upper(a), upper(b)).statistic for a, b in ((x, y), (x, z), (y, z)))
    expected = (xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2))
    assert mantel(x, y, z).r == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("classes", [5, 7])
def test_against_the_package_mantel(rng, classes):
    """Which takes all orders too where there are no more than asked for."""
    package = pytest.importorskip("mantel")
    x = np.abs(matrix(rng, classes))
    y = 0.4 * x + np.abs(matrix(rng, classes))
    expected = package.test(upper(x), upper(y), perms=6000, method="pearson", tail="two-tail")
    found = mantel(x, y)
    assert (found.r, found.p) == pytest.approx((expected.r, expected.p), abs=1e-12)


def test_drawn_orders_come_near_the_exact_p(rng):
    x = matrix(rng, 8)
    y = 0.2 * x + matrix(rng, 8)
    every = np.array(list(permutations(range(8))))
    i, j = np.triu_indices(8, 1)
    drawn = stats.zscore(x[every[:, i], every[:, j]], axis=1) @ stats.zscore(upper(y))
    exact = np.mean(np.abs(drawn) >= abs(drawn[0]) - 1e-9)
    found = mantel(x, y).p
    assert abs(found - exact) < 4 * np.sqrt(exact * (1 - exact) / 10_000)
    assert mantel(x, y).p == found and mantel(x, y, seed=1).p != found


def test_many_classes_are_taken_in_parts(rng):
    """4,950 pairs: more than are held at once, and not a whole number of parts."""
    x = matrix(rng, 100, 0)
    y = 0.1 * x + matrix(rng, 100, 0)
    found = mantel(x, y, draws=500)
    assert found.r == pytest.approx(stats.pearsonr(upper(x), upper(y)).statistic)
    assert found.p == pytest.approx(1 / 501)


def test_the_naming_and_units_of_classes_do_not_matter(rng):
    x, y, z = (matrix(rng, 6) for _ in range(3))
    order = rng.permutation(6)
    renamed = [m[np.ix_(order, order)] for m in (x, y, z)]
    found = mantel(x, y, z)
    again = mantel(3 * renamed[0] - 5, -0.1 * renamed[1], renamed[2] + 100)
    assert (again.r, again.p) == pytest.approx((-found.r, found.p), abs=1e-12)


def test_diagonals_are_not_used(rng):
    x, y = matrix(rng, 6), matrix(rng, 6)
    found = mantel(x, y)
    np.fill_diagonal(x, 99)
    np.fill_diagonal(y, np.nan)
    assert mantel(x, y) == found


def test_a_stack_is_tested_with_one_order_for_all(rng):
    x = np.array([matrix(rng, 5) for _ in range(3)])
    y = 0.3 * x + np.array([matrix(rng, 5) for _ in range(3)])
    every = [
        np.mean([stats.pearsonr(upper(a[np.ix_(o, o)]), upper(b)).statistic for a, b in zip(x, y)])
        for o in permutations(range(5))
    ]
    found = mantel(x, y)
    assert found.r == pytest.approx(every[0])
    assert found.p == pytest.approx(np.mean(np.abs(every) >= abs(every[0]) - 1e-9))
    assert found.pairs == 30


def test_copies_of_one_network_are_no_new_evidence(rng):
    x, y, z = (matrix(rng, 6) for _ in range(3))
    one, many = mantel(x, y, z), mantel(np.array([x] * 4), np.array([y] * 4), z)
    assert (many.r, many.p) == pytest.approx((one.r, one.p), abs=1e-12)


@pytest.mark.parametrize("hubs", [0.0, 1.0])
def test_size_where_only_the_third_matrix_links_the_two(hubs):
    """Plain r is significant nearly always; the partial test keeps to 5 % (standard error 1.1 % in 400)."""
    rng = np.random.default_rng(5)
    plain, partial = [], []
    for _ in range(400):
        z = matrix(rng, 10, hubs)
        x, y = z + matrix(rng, 10, hubs), z + matrix(rng, 10, hubs)
        plain.append(mantel(x, y, draws=199).p <= 0.05)
        partial.append(mantel(x, y, z, draws=199).p <= 0.05)
    assert np.mean(plain) > 0.5
    assert 0.02 <= np.mean(partial) <= 0.085


def test_what_is_not_defined_has_a_note(rng):
    x, y = matrix(rng, 6), matrix(rng, 6)
    for first, second, fixed, reason in (
        (np.ones((6, 6)), y, None, "a matrix is constant"),
        (x, np.full((6, 6), 1e-3), None, "a matrix is constant"),
        (x, y, np.zeros((6, 6)), "a matrix is constant"),
        (2 * x + 1, y, x, "nothing left once the third matrix is held fixed"),
        (x, 2 * y + 1, y, "nothing left once the third matrix is held fixed"),
    ):
        found = mantel(first, second, fixed)
        assert np.isnan([found.r, found.p]).all() and reason in found.note
    holes = np.full((6, 6), np.nan)
    assert mantel(holes, y).note == "15 of 15 pairs have no value; 1 of 1: too few pairs"
    stacked = mantel(np.array([x, np.ones((6, 6))]), y)
    assert stacked.r == pytest.approx(mantel(x, y).r) and stacked.note == "1 of 2: a matrix is constant"


def test_three_classes_have_no_p(rng):
    found = mantel(matrix(rng, 3), matrix(rng, 3))
    assert np.isfinite(found.r) and np.isnan(found.p) and found.note == f"no p below {LEAST_CLASSES} classes"


def test_wrong_matrices_are_refused(rng):
    x = matrix(rng, 5)
    skewed = x.copy()
    skewed[0, 1] += 1
    for wrong in (skewed, x[:, :4], matrix(rng, 4), np.ones((1, 1)), np.ones(5)):
        with pytest.raises(ValueError):
            mantel(x, wrong)
