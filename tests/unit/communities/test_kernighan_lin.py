import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurons.communities.kernighan_lin import bisection

# How the weights of a graph are drawn: numbers all different, or few values that make many costs equal.
WEIGHTS = {
    "real": lambda rng, shape: rng.random(shape),
    "sparse": lambda rng, shape: rng.random(shape) * (rng.random(shape) < 0.1),
    "none or one": lambda rng, shape: rng.integers(0, 2, shape),
    "all one": lambda rng, shape: np.ones(shape),
    "whole": lambda rng, shape: rng.integers(0, 4, shape),
    "tenths": lambda rng, shape: rng.integers(0, 10, shape) / 10,
    "thirds": lambda rng, shape: rng.integers(0, 4, shape) * (rng.random(shape) < 0.2) / 3,
    "negative too": lambda rng, shape: rng.integers(-2, 3, shape),
    "counts": lambda rng, shape: rng.integers(0, 6000, shape) / 5923 + rng.integers(0, 6000, shape) / 6742,
}


def random_weights(kind: str, vertices: int, seed: int, isolated: float = 0.0, parts: int = 1) -> np.ndarray:
    """A symmetric matrix without diagonal; some vertices have no edge, and edges join vertices of a part only."""
    rng = np.random.default_rng(seed)
    upper = np.triu(np.asarray(WEIGHTS[kind](rng, (vertices, vertices)), float), 1)
    linked, part = rng.random(vertices) >= isolated, rng.integers(parts, size=vertices)
    upper *= linked[:, None] & linked & np.equal.outer(part, part)
    return upper + upper.T


def networkx_second_part(weights: np.ndarray, seed: int) -> list[int]:
    parts = nx.algorithms.community.kernighan_lin_bisection(nx.from_numpy_array(weights), seed=seed)
    return sorted(parts[1])


def second_part(weights: np.ndarray, seed: int) -> list[int]:
    return np.flatnonzero(bisection(weights, seed)).tolist()


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(WEIGHTS)),
    vertices=st.integers(2, 40),
    seed=st.integers(0, 2**32 - 1),
    isolated=st.sampled_from([0.0, 0.0, 0.3, 0.9]),
    parts=st.integers(1, 3),
)
def test_the_partition_is_networkx_own(kind, vertices, seed, isolated, parts):
    weights = random_weights(kind, vertices, seed, isolated, parts)
    assert second_part(weights, seed % 1000) == networkx_second_part(weights, seed % 1000)


@pytest.mark.parametrize("kind", sorted(WEIGHTS))
@pytest.mark.parametrize("vertices", [2, 3, 59, 60])
def test_the_partition_is_networkx_own_for_every_kind_of_weight(kind, vertices):
    for seed in range(5):
        weights = random_weights(kind, vertices, seed)
        assert second_part(weights, seed) == networkx_second_part(weights, seed)


@pytest.mark.parametrize("kind", ["counts", "whole"])
@pytest.mark.parametrize("vertices", [299, 300])
def test_the_partition_is_networkx_own_on_graphs_as_large_as_a_layers(kind, vertices):
    weights = random_weights(kind, vertices, seed=1, isolated=0.1)
    assert second_part(weights, 7) == networkx_second_part(weights, 7)


def test_a_bisection_leaves_its_weights_alone():
    weights = random_weights("whole", 30, seed=0)
    before = weights.copy()
    bisection(weights, 0)
    np.testing.assert_array_equal(weights, before)
