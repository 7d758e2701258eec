import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurons.graphs.layout import heaviest_edges, layout


def _weights(vertices: int, seed: int) -> np.ndarray:
    upper = np.triu(np.random.default_rng(seed).integers(0, 4, (vertices, vertices)), 1).astype(float)
    return upper + upper.T


def test_layout_is_repeatable():
    first, again = layout(_weights(12, 0)), layout(_weights(12, 0))
    assert first.shape == (12, 2) and np.isfinite(first).all()
    np.testing.assert_array_equal(first, again)


@given(st.integers(1, 9), st.integers(0, 99), st.integers(0, 40))
def test_heaviest_edges_are_those_of_a_sorted_list(vertices, seed, most):
    weights = _weights(vertices, seed)
    pairs = [(-weights[i, j], i, j) for i in range(vertices) for j in range(i + 1, vertices) if weights[i, j] > 0]
    expected = [(i, j, -weight) for weight, i, j in sorted(pairs)[:most]]
    assert list(zip(*(ends.tolist() for ends in heaviest_edges(weights, most)))) == expected


@pytest.mark.parametrize("vertices", [1, 2])
def test_a_graph_without_edges_has_none_to_draw(vertices):
    assert [len(ends) for ends in heaviest_edges(np.zeros((vertices, vertices)))] == [0, 0, 0]
