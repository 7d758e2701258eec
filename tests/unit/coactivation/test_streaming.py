import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurons.coactivation.streaming import (
    PRODUCT_ROWS,
    SLAB,
    StreamingCorrelation,
    add_products,
    add_products_on,
    best_add_products,
    regroup,
)
from neurons.core.errors import InputError


def stream(neurons, pixels=None, rows=64):
    sums = StreamingCorrelation()
    for start in range(0, len(neurons), rows):
        block = slice(start, start + rows)
        sums.add(neurons[block], None if pixels is None else pixels[block])
    return sums


def mixed_values(rng, samples: int, columns: int, offset: float) -> np.ndarray:
    """Correlated columns of different scales on a large offset, rows sorted by their first column."""
    values = rng.normal(size=(samples, 4)) @ rng.normal(size=(4, columns)) + rng.normal(size=(samples, columns))
    values = values[np.argsort(values[:, 0])] * 10.0 ** rng.integers(-1, 2, columns)
    return (values + offset).astype(np.float32)


@pytest.mark.parametrize("offset", [0, 1000, 30000])
@pytest.mark.parametrize("rows", [1, 7, 256, 5000])
def test_equals_numpy_on_a_large_offset_for_any_block_size(rng, offset, rows):
    values = mixed_values(rng, 3000, 24, offset)
    expected = np.corrcoef(values.astype(np.float64), rowvar=False)
    among, crossed = stream(values[:, :15], values[:, 15:], rows).correlations()
    assert np.abs(among - expected[:15, :15]).max() < 1e-6
    assert np.abs(crossed - expected[15:, :15]).max() < 1e-6


@given(st.integers(0, 2**31), st.integers(2, 40), st.integers(1, 40))
def test_block_size_does_not_matter(seed, samples, rows):
    rng = np.random.default_rng(seed)
    values = np.maximum(rng.normal(size=(samples, 6)), 0).astype(np.float32) + np.float32(rng.integers(0, 100))
    whole, _ = stream(values, rows=samples).correlations()
    cut, _ = stream(values, rows=rows).correlations()
    np.testing.assert_allclose(cut, whole, atol=1e-6, equal_nan=True)


def test_rare_spikes_after_a_long_silence(rng):
    """The first block says nothing of these neurons: they are silent in it."""
    values = np.zeros((4096, 3), np.float32)
    values[4000:4010, 0], values[4005:4015, 1] = 50, 3
    values[:, 2] = rng.random(4096)
    among, _ = stream(values, rows=100).correlations()
    np.testing.assert_allclose(among, np.corrcoef(values.astype(float), rowvar=False), atol=1e-6)


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5])
def test_neurons_of_one_class_in_rows_sorted_by_class(rng, share):
    """All products have one sign and fall into a few blocks: the worst case for sums in float32."""
    values = np.full((20_000, 4), 0.1, np.float32)
    values[: int(20_000 * share)] = [0.7, 0.9, 0.3, 1.1]
    values[:, 2:] += rng.random((20_000, 2)).astype(np.float32) / 10
    expected = np.corrcoef(values.astype(float), rowvar=False)
    for rows in (1024, 20_000):
        among, _ = stream(values, rows=rows).correlations()
        assert np.abs(among - expected).max() < 1e-6


def test_neurons_that_do_not_vary_have_no_correlation(rng):
    values = rng.random((500, 4)).astype(np.float32)
    values[:, 1], values[:, 3] = np.float32(0.1), 0
    sums = stream(values, values, 33)
    among, crossed = sums.correlations()
    assert sums.neurons.live.tolist() == [True, False, True, False]
    for matrix in (among, crossed):
        assert np.isnan(matrix[[1, 3]]).all() and np.isnan(matrix[:, [1, 3]]).all()
        assert np.isfinite(matrix[np.ix_([0, 2], [0, 2])]).all()


def test_correlations_are_clipped_symmetric_and_1_with_itself(rng):
    values = np.repeat(rng.random((999, 1)), 5, axis=1).astype(np.float32)
    values[:, 4] = -values[:, 4]
    among, _ = stream(values, rows=10).correlations()
    assert np.abs(among).max() <= 1
    np.testing.assert_array_equal(among, among.T)
    np.testing.assert_array_equal(np.diag(among), 1)
    np.testing.assert_allclose(among[4, :4], -1, atol=1e-6)


def test_wide_layers_are_summed_in_slabs(rng):
    values = mixed_values(rng, 700, 600, 10)
    expected = np.corrcoef(values.astype(float), rowvar=False)
    among, crossed = stream(values[:, :550], values[:, 550:], 300).correlations()
    assert np.abs(among - expected[:550, :550]).max() < 1e-6
    assert np.abs(crossed - expected[550:, :550]).max() < 1e-6


def test_moments_are_those_of_all_samples(rng):
    values = mixed_values(rng, 1000, 5, 500)
    moments = stream(values, rows=77).neurons
    wide = values.astype(np.float64)
    assert moments.count == 1000
    np.testing.assert_allclose(moments.mean, wide.mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(np.sqrt(moments.scatter / 1000), wide.std(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(moments.highest, values.max(axis=0))


# Sizes on both sides of the length of every block, and of twice that length.
SLABS = [1, 2, *(n * SLAB + off for n in (1, 2) for off in (-1, 0, 1))]
PARTS = [n * PRODUCT_ROWS + off for n in (1, 2) for off in (-1, 0, 1)]
SYMMETRY = """
import sys
import numpy as np
from neurons.coactivation.streaming import StreamingCorrelation
for size in map(int, sys.argv[2:]):
    rng, sums = np.random.default_rng(size), StreamingCorrelation()
    dead = rng.random(size) < 0.1
    for _ in range(2):
        sums.add(np.where(dead, 0, rng.random((int(sys.argv[1]), size)) + 3).astype(np.float32))
    among, _ = sums.correlations()
    np.testing.assert_array_equal(among, among.T)
    assert (np.isnan(among) == (dead[:, None] | dead)).all()
    assert (among.diagonal()[~dead] == 1).all()
"""


@pytest.mark.parametrize("kernel", ["Haswell", "SkylakeX", "Prescott"])
@pytest.mark.parametrize("rows", PARTS)
def test_correlations_are_exactly_symmetric_under_every_kernel_of_blas(root, kernel, rows):
    """BLAS picks its kernel when it is loaded; a kernel this processor cannot run becomes another one."""
    environment = os.environ | {"OPENBLAS_CORETYPE": kernel, "PYTHONPATH": str(root / "scripts")}
    command = [sys.executable, "-c", SYMMETRY, str(rows), *map(str, SLABS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("neurons", SLABS)
@pytest.mark.parametrize("rows", [PRODUCT_ROWS - 1, PRODUCT_ROWS, PRODUCT_ROWS + 1])
def test_correlations_around_the_length_of_every_block(rng, neurons, rows):
    values = mixed_values(rng, 300, neurons + 2, 10)
    expected = np.corrcoef(values.astype(float), rowvar=False)
    among, crossed = stream(values[:, 2:], values[:, :2], rows).correlations()
    assert np.abs(among - expected[2:, 2:]).max() < 1e-6
    assert np.abs(crossed - expected[:2, 2:]).max() < 1e-6


@pytest.mark.parametrize("device", ["numpy", "cpu", "best"])
def test_every_device_adds_the_same_products(rng, device):
    add = {"numpy": lambda: add_products, "cpu": lambda: add_products_on("cpu"), "best": best_add_products}[device]()
    values, other = rng.random((500, 6)).astype(np.float32), rng.random((500, 4)).astype(np.float32)
    for right in (values, other):
        sums = np.ones((6, right.shape[1]))
        add(sums, values, right)
        np.testing.assert_allclose(np.triu(sums), np.triu(1 + values.T.astype(float) @ right), rtol=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
def test_values_that_cannot_be_correlated_are_refused(rng, value):
    values = rng.random((20, 3)).astype(np.float32)
    values[7, 1] = value
    with np.errstate(all="ignore"), pytest.raises(InputError, match="not finite or above"):
        stream(values).correlations()


@given(st.lists(st.integers(1, 9), max_size=6), st.integers(1, 10))
def test_regroup_keeps_every_row_in_order(lengths, rows):
    stops = np.cumsum([0, *lengths])
    blocks = [np.arange(a, b)[:, None] for a, b in zip(stops, stops[1:])]
    cut = list(regroup(iter(blocks), rows))
    assert all(len(block) == rows for block in cut[:-1])
    assert [int(v) for block in cut for v in block[:, 0]] == list(range(stops[-1]))
