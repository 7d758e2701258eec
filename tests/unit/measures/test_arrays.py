import numpy as np
import pytest
from layers import class_values

from neurons.core.errors import InputError
from neurons.dumps import create
from neurons.dumps.format import Dump
from neurons.graphs.pattern_graph import read_graphs, write_graphs
from neurons.measures.arrays import measure
from neurons.measures.layer import Layer
from neurons.measures.panel import PANEL


@pytest.mark.parametrize("name", [name for name, one in PANEL.items() if one.inputs in ("dump", "graph")])
def test_measures_of_arrays_are_those_of_the_dump_of_them(tmp_path, rng, name):
    values, labels = class_values(rng, [700, 600, 20], 6)
    order = rng.permutation(len(labels))
    outputs = np.full((len(labels), 3), 1 / 3)
    with create(tmp_path / "01.h5", ["a", "b", "c"], 1) as add:
        for split in ("train", "test"):
            add(split, labels, {"one": values}, outputs)
    write_graphs(tmp_path / "01.h5", tmp_path / "g.h5", 4, "mean")
    with Dump(tmp_path / "01.h5") as dump:
        layer = Layer(dump, "one")
        graph = (read_graphs(tmp_path / "g.h5")["one"],) if PANEL[name].inputs == "graph" else ()
        expected = PANEL[name].function(*graph, layer)
    # Stable in the order of the classes: the same rows in the same order.
    shuffled = np.sort(order) if name in ("sample_modularity", "persistence") else order
    pair = labels[shuffled], values[shuffled]
    found = measure(name, *pair, test=pair, top_neurons=4)
    keys = expected.keys() if isinstance(expected, dict) else [None]
    for key in keys:
        a, b = (found, expected) if key is None else (found[key], expected[key])
        assert a == pytest.approx(b, rel=1e-6, nan_ok=True)


def test_options_reach_the_measure(rng):
    values, labels = class_values(rng, [50, 60], 4)
    assert measure("linear_probe", labels, values, test=(labels, values), ridge=1e9) <= 1


@pytest.mark.parametrize(
    "name, change, words",
    [
        ("selectivty", {}, "did you mean 'selectivity'"),
        ("weight_norm", {}, "takes no activations; call neurons.measures.weights.weight_norm"),
        ("nc1", {"labels": [0.5, 1]}, "should be whole numbers"),
        ("nc1", {"labels": [0, 2]}, "class 1 has no sample"),
        ("nc1", {"activations": [[1.0], [float("nan")]]}, "NaN"),
        ("nc1", {"activations": [[1.0], [-1.0]]}, "negative"),
        ("nc1", {"activations": [[1.0]]}, "should be numbers"),
    ],
)
def test_what_cannot_be_measured_is_told(name, change, words):
    given = {"labels": [0, 1], "activations": [[1.0], [2.0]]} | change
    with pytest.raises(InputError, match=words):
        measure(name, **given)


def test_a_function_of_ones_own_is_called_with_the_layer(rng):
    values, labels = class_values(rng, [20, 30], 4)

    def largest(layer):
        return max(float(block.max()) for _, block in layer.blocks())

    assert measure(largest, labels, values) == values.max()
