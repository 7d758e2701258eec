import networkx as nx
import numpy as np
import pytest

from neurons.graphs.louvain import best_run, louvain


@pytest.mark.parametrize("resolution", [0.5, 1.0, 2.0])
def test_louvain_quality_is_networkx_modularity_at_that_resolution(resolution):
    upper = np.triu(np.random.default_rng(3).random((20, 20)) * (np.random.default_rng(4).random((20, 20)) < 0.4), 1)
    weights = upper + upper.T
    labels, quality = louvain(weights, resolution, 5)
    parts = [set(np.flatnonzero(labels == c)) for c in set(labels)]
    assert quality == pytest.approx(
        nx.community.modularity(nx.from_numpy_array(weights), parts, resolution=resolution), abs=1e-12
    )
    again, same = louvain(weights, resolution, 5)
    assert labels.tolist() == again.tolist() and quality == same
    assert quality >= max(louvain(weights, resolution, starts)[1] for starts in (1, 2))


def test_the_first_of_the_best_runs_is_taken_and_undefined_ones_never():
    assert best_run(np.array([np.nan, 0.2, 0.4, 0.4])) == 2
    assert best_run(np.array([np.nan, np.nan])) == 0
