import numpy as np
import pytest
from layers import class_values
from samples import blocks_of

from neurons.graphs.null_model import standardised_modularities
from neurons.graphs.pattern_graph import activation_graph
from neurons.measures.null import modularity_z_mixed


def graph_of(values, labels, top=6):
    return activation_graph(blocks_of(values, labels), np.bincount(labels), values.shape[1], top)


@pytest.mark.parametrize("chunks", [7, 1000])
def test_mixed_labels_are_those_of_a_dump_with_mixed_labels(layer_of, rng, chunks):
    values, labels = class_values(rng, [40, 25, 60], 12)
    mixed = np.random.default_rng([0, 1]).permutation(labels)
    order = np.argsort(mixed, kind="stable")
    expected = standardised_modularities(graph_of(values[order], mixed[order]))
    got = modularity_z_mixed(graph_of(values, labels), layer_of(values, labels, chunks=chunks))
    assert got == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_dead_layer_and_one_neuron_have_no_z(layer_of, rng):
    labels = np.repeat([0, 1], 10)
    for values in (np.zeros((20, 4), "f4"), rng.random((20, 1)).astype("f4")):
        scores = modularity_z_mixed(graph_of(values, labels), layer_of(values, labels), draws=5)
        assert np.isnan(list(scores.values())).all()
