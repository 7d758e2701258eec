import numpy as np
import pytest
from layers import class_values

from neurons.data.dataset import stratified_rows
from neurons.measures.layer import sample


@pytest.mark.parametrize("rows", [1, 7, 1023, 1024, 1025, 2049])
def test_moments_do_not_depend_on_blocks(layer_of, rng, rows):
    labels = np.sort(rng.integers(0, 3, rows))
    labels[: min(3, rows)] = np.arange(min(3, rows))
    labels = np.sort(labels)
    values = np.maximum(rng.normal(size=(rows, 5)), 0).astype("f4")
    moments = layer_of(values, labels, chunks=1024).moments
    exact = values.astype(float)
    for c in range(len(moments.counts)):
        np.testing.assert_allclose(moments.sums[c], exact[labels == c].sum(axis=0), rtol=1e-12)
        np.testing.assert_array_equal(moments.active[c], (exact[labels == c] > 0).sum(axis=0))
    np.testing.assert_allclose(moments.scatter, np.cov(exact.T, bias=True) * rows, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(moments.mean, exact.mean(axis=0), rtol=1e-12)


def test_a_constant_neuron_does_not_scatter_at_all(layer_of, rng):
    values, labels = class_values(rng, [400, 700], 4)
    values[:, 1], values[:, 2] = 0.1, 0
    scatter = layer_of(values, labels, chunks=100).moments.scatter
    assert not scatter[1].any() and not scatter[:, 1].any() and not scatter[2].any()
    assert scatter[0, 0] > 0


def test_a_neuron_that_varies_in_its_first_sample_alone_scatters(layer_of):
    values = np.full((3000, 2), 0.1, "f4")
    values[0, 0] = 0.2
    scatter = layer_of(values, np.repeat([0, 1], 1500), chunks=1024).moments.scatter
    assert scatter[0, 0] == pytest.approx(np.var(values[:, 0].astype(float)) * 3000, rel=1e-9) and scatter[1, 1] == 0


def test_spectrum_of_few_samples_has_exact_zeros(layer_of, rng):
    values, labels = class_values(rng, [3, 4], 20)
    spectrum = layer_of(values, labels).moments.spectrum
    exact = np.linalg.svd(values.astype(float) - values.astype(float).mean(axis=0), compute_uv=False)
    np.testing.assert_allclose(spectrum[:6], exact[:6], rtol=1e-7)
    assert not spectrum[6:].any()


def test_float16_is_read_as_its_values(layer_of, rng):
    values, labels = class_values(rng, [30, 40], 6)
    half = layer_of(values, labels, dtype="f2").moments
    whole = layer_of(values.astype("f2").astype("f4"), labels).moments
    np.testing.assert_array_equal(half.scatter, whole.scatter)
    np.testing.assert_array_equal(half.sums, whole.sums)


@pytest.mark.parametrize("counts", [[5, 1, 4], [1000, 3000], [7], [1, 1, 1]])
@pytest.mark.parametrize("size", [1, 3, 10, 2000])
def test_stratified_rows_keep_the_shares(counts, size):
    counts = np.array(counts)
    rows = stratified_rows(counts, size, 0)
    assert len(np.unique(rows)) == len(rows) == min(size, counts.sum()) and np.all(np.diff(rows) > 0)
    labels = np.repeat(np.arange(len(counts)), counts)
    taken = np.bincount(labels[rows], minlength=len(counts))
    assert np.all(np.abs(taken - counts * len(rows) / counts.sum()) < 1) and np.all(taken <= counts)


def test_stratified_rows_follow_the_seed():
    draws = [stratified_rows(np.array([500, 500]), 50, seed).tolist() for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]


@pytest.mark.parametrize("chunks", [1, 9, 100])
def test_a_sample_is_the_rows_drawn(layer_of, rng, chunks):
    values, labels = class_values(rng, [40, 60], 3)
    layer = layer_of(values, labels, chunks=chunks)
    rows = stratified_rows(layer.counts, 20, 4)
    own, drawn = sample(layer, 20, 4)
    np.testing.assert_array_equal(own, labels[rows])
    np.testing.assert_array_equal(drawn, values[rows])
