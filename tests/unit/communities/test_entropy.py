import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import blocks_of, read_rows, relu_values

from neurons.communities.entropy import layer_entropy, shannon, write_entropy
from neurons.core.errors import InputError


def reference(column, bins=10) -> float:
    """Entropy of one neuron as the paper words it: divide by the sum, histogram of what is not zero."""
    if not column.any():
        return 0.0
    share = column.astype(np.float64) / column.sum(dtype=np.float64)
    counts, _ = np.histogram(share[share > 0], bins=bins, range=(0, share.max()))
    p = counts[counts > 0] / counts.sum()
    return float(-(p * np.log2(p)).sum())


def measure(values, labels=None, bins=10, rows=1000):
    values = np.asarray(values, np.float32)
    labels = np.zeros(len(values), int) if labels is None else labels
    return layer_entropy(blocks_of(values, labels, rows), labels[-1] + 1, values.shape[1], bins)


@pytest.fixture
def layer(rng):
    values = np.maximum(rng.normal(size=(700, 6)), 0).astype(np.float32)
    values[:, 2] = 0
    labels = np.repeat(np.arange(3), [300, 1, 399])
    values[labels == 2, 4] = 0  # silent for one class only
    return values, labels


@pytest.mark.parametrize("bins", [2, 3, 10, 37])
def test_entropy_is_that_of_the_histogram(layer, bins):
    values, labels = layer
    result = measure(values, labels, bins)
    np.testing.assert_allclose(result.overall, [reference(column, bins) for column in values.T], atol=1e-12)
    for c in range(3):
        own = values[labels == c]
        np.testing.assert_allclose(result.by_class[c], [reference(column, bins) for column in own.T], atol=1e-12)
        np.testing.assert_array_equal(result.live_by_class[c], own.any(axis=0))
    assert result.live.tolist() == [True, True, False, True, True, True]


@pytest.mark.parametrize("rows", [1, 7, 256])
def test_block_size_does_not_matter(layer, rows):
    whole, blocked = measure(*layer), measure(*layer, rows=rows)
    np.testing.assert_array_equal(blocked.overall, whole.overall)
    np.testing.assert_array_equal(blocked.by_class, whole.by_class)


@pytest.mark.parametrize(
    "column, entropy",
    [
        ([0, 0, 0, 0], 0.0),  # never fires
        ([0, 0, 7, 0], 0.0),
        ([3, 3, 3, 0], 0.0),
        ([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 10], np.log2(10)),
        ([9.5, 10, 0, 0], 0.0),  # the maximum shares the last bin
        ([1, 0.5, 10, 10], 1.5),  # an inner edge belongs to the bin above it
    ],
)
def test_by_hand(column, entropy):
    result = measure(np.array([column]).T)
    assert result.overall == pytest.approx([entropy], abs=1e-12)
    assert not np.signbit(result.overall).any()


@given(st.integers(0, 10_000), st.integers(-30, 30))
def test_powers_of_two_change_nothing_even_on_edges(seed, power):
    values = relu_values(np.random.default_rng(seed), 40, 5)
    scaled = values * np.float32(2.0**power)
    np.testing.assert_array_equal(measure(scaled).overall, measure(values).overall)


@given(st.integers(0, 10_000), st.lists(st.floats(2**-10, 1000, width=32), min_size=5, max_size=5))
def test_positive_factors_change_nothing(seed, factors):
    """Values lie in the middle of their bins (odd twentieths of the maximum), so that rounding cannot move them."""
    rng = np.random.default_rng(seed)
    values = (2 * rng.integers(0, 10, (30, 5)) + 1) * (rng.random((30, 5)) < 0.7)
    values[0] = 20
    values = values.astype(np.float32)
    result = measure(values * np.array(factors, np.float32)).overall
    np.testing.assert_array_equal(result, measure(values).overall)
    np.testing.assert_allclose(result, [reference(column) for column in values.T], atol=1e-12)


@given(st.integers(0, 10_000), st.integers(2, 20))
def test_lattice_values_fall_into_numpys_bins(seed, bins):
    values = relu_values(np.random.default_rng(seed), 25, 4)
    for column, entropy in zip(values.T, measure(values, bins=bins).overall):
        live = column[column > 0].astype(np.float64)
        counts = np.histogram(live, bins=bins, range=(0, live.max() if len(live) else 1))[0]
        assert entropy == pytest.approx(float(shannon(counts)), abs=1e-12)
        assert 0 <= entropy <= np.log2(bins) + 1e-12


def test_written_entropies_are_sums_over_a_layers_neurons(small_dump, tmp_path):
    path, arrays = small_dump()
    write_entropy(path, tmp_path / "01.csv", 4)
    rows = read_rows(tmp_path / "01.csv")
    assert list(rows[0]) == ["layer", "class", "entropy_bits", "neurons", "live_neurons", "samples"]
    assert [(row["layer"], row["class"]) for row in rows] == [
        (layer, c) for layer in ("dense_1", "dense_2") for c in ("all", "0", "1", "2")
    ]
    for row in rows:
        values = arrays[f"train/layers/{row['layer']}"]
        if row["class"] != "all":
            values = values[arrays["train/labels"] == int(row["class"])]
        expected = sum(reference(column, 4) for column in values.T)
        assert float(row["entropy_bits"]) == pytest.approx(expected, rel=1e-5)
        assert int(row["neurons"]) == values.shape[1]
        assert int(row["live_neurons"]) == values.any(axis=0).sum()
        assert int(row["samples"]) == len(values)


def test_bins_that_no_memory_holds_are_refused_at_once():
    with pytest.raises(
        InputError, match=r"entropy: 10000 bins of 100000000 neurons .* take .* GB, .*; set entropy.bins"
    ):
        layer_entropy(lambda: pytest.fail("read"), 10, 10**8, 10_000)
