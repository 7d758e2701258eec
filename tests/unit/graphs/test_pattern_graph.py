import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import blocks_of, relu_values

from neurons.core.errors import InputError
from neurons.graphs.pattern_graph import (
    activation_graph,
    floor32,
    read_classes,
    read_graphs,
    select_neurons,
    write_graphs,
)


def build(values, labels, top, select_by="mean", rows=1000):
    return activation_graph(blocks_of(values, labels, rows), np.bincount(labels), values.shape[1], top, select_by)


def literal_key(rows, mean, select_by):
    """What a class's neurons are sorted by, in plain Python: the neuron that comes first has the smallest key."""

    def key(q):
        firing = [row[q] for row in rows if row[q] > 0]
        if select_by == "frequency":
            return -len(firing), -mean[q], q
        if select_by == "active_mean":
            return (-sum(firing) / len(firing) if firing else 0.0), q
        return -mean[q], q

    return key


def literal_graph(values, labels, top, select_by="mean"):
    """The definition, one sample and one pair of neurons at a time, in plain Python."""
    n, classes, mean, sets = values.shape[1], sorted(set(labels)), {}, {}
    rows = {c: [[float(v) for v in row] for row, label in zip(values, labels) if label == c] for c in classes}
    for c in classes:
        mean[c] = [sum(row[q] for row in rows[c]) / len(rows[c]) for q in range(n)]
        sets[c] = sorted(range(n), key=literal_key(rows[c], mean[c], select_by))[:top]
    neurons = sorted(set().union(*sets.values()))
    adjacency = np.zeros((len(neurons), len(neurons)))
    for c in classes:
        for p in sets[c]:
            for q in sets[c]:
                together = sum(1 for row in rows[c] if row[p] > mean[c][p] and row[q] > mean[c][q])
                if p != q:
                    adjacency[neurons.index(p), neurons.index(q)] += together / len(rows[c])
    membership = [[q in sets[c] for q in neurons] for c in classes]
    high = [[sum(row[q] > mean[c][q] for row in rows[c]) if q in sets[c] else 0 for q in neurons] for c in classes]
    return adjacency, neurons, membership, [[mean[c][q] for q in neurons] for c in classes], high


@pytest.fixture(params=["ties", "continuous"])
def layer(request, rng):
    labels = np.repeat(np.arange(3), [7, 1, 12])
    if request.param == "ties":
        return relu_values(rng, len(labels), 9), labels
    return np.maximum(rng.normal(size=(len(labels), 9)), 0).astype(np.float32), labels


@pytest.mark.parametrize("select_by", ["mean", "frequency", "active_mean"])
@pytest.mark.parametrize("top", [1, 4, 9, 50])
def test_graph_is_the_definition(layer, top, select_by):
    graph = build(*layer, top, select_by)
    adjacency, neurons, membership, mean, high = literal_graph(*layer, top, select_by)
    assert graph.neurons.tolist() == neurons
    np.testing.assert_array_equal(graph.membership, membership)
    np.testing.assert_allclose(graph.adjacency, adjacency, rtol=1e-12)
    np.testing.assert_allclose(graph.mean_activation, mean, rtol=1e-12)
    np.testing.assert_array_equal(graph.high_samples, high)
    np.testing.assert_array_equal(graph.samples, [7, 1, 12])


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_block_size_does_not_matter(layer, rows):
    whole, blocked = build(*layer, 4), build(*layer, 4, rows=rows)
    np.testing.assert_array_equal(blocked.neurons, whole.neurons)
    np.testing.assert_allclose(blocked.adjacency, whole.adjacency, rtol=1e-14)
    np.testing.assert_allclose(blocked.mean_activation, whole.mean_activation, rtol=1e-14)


def test_ties_go_to_the_lower_number():
    score = np.array([[1.0, 3.0, 1.0, 3.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
    assert select_neurons([score], 3).tolist() == [[0, 1, 3], [0, 1, 2]]


def test_ties_go_to_the_next_score_before_they_go_to_the_lower_number():
    first = np.array([[1.0, 1.0, 0.5, 1.0, 2.0]])
    second = np.array([[3.0, 4.0, 9.0, 4.0, 0.0]])
    assert select_neurons([first, second], 1).tolist() == [[4]]
    assert select_neurons([first, second], 2).tolist() == [[1, 4]]
    assert select_neurons([first, second], 3).tolist() == [[1, 3, 4]]


def test_fewer_neurons_than_top_are_all_taken():
    assert select_neurons([np.array([[1.0, 2.0]])], 50).tolist() == [[0, 1]]


def test_frequency_ranks_by_share_of_active_samples():
    values = np.array([[9, 1, 0], [0, 1, 0], [0, 1, 2]], np.float32)
    labels = np.zeros(3, int)
    assert build(values, labels, 1, "mean").neurons.tolist() == [0]
    assert build(values, labels, 1, "frequency").neurons.tolist() == [1]


def test_ties_of_the_frequency_go_to_the_larger_mean():
    values = np.array([[1, 2, 9], [1, 3, 0]], np.float32)  # neurons 0 and 1 always fire
    labels = np.zeros(2, int)
    assert build(values, labels, 1, "frequency").neurons.tolist() == [1]
    assert build(values, labels, 2, "frequency").neurons.tolist() == [0, 1]


def test_the_active_mean_leaves_out_samples_that_do_not_fire():
    values = np.array([[5, 0, 0], [5, 9, 0], [5, 0, 0]], np.float32)
    labels = np.zeros(3, int)
    assert build(values, labels, 1, "mean").neurons.tolist() == [0]
    assert build(values, labels, 1, "active_mean").neurons.tolist() == [1]
    assert build(values, labels, 2, "active_mean").neurons.tolist() == [0, 1]  # a neuron that never fires comes last


def test_a_value_equal_to_the_mean_is_not_above_it():
    values = np.array([[2, 2], [2, 2], [2, 2]], np.float32)
    assert not build(values, np.zeros(3, int), 2).adjacency.any()


@given(st.floats(-1e30, 1e30))
def test_floor32_keeps_comparisons_exact(value):
    near = np.float32(value)
    for v in (np.nextafter(near, np.float32(-np.inf)), near, np.nextafter(near, np.float32(np.inf))):
        assert (v > floor32(np.array([value]))[0]) == (float(v) > value)


@st.composite
def layers(draw):
    counts = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    width, labels = draw(st.integers(1, 8)), np.repeat(np.arange(len(counts)), counts)
    row = st.lists(st.integers(0, 4), min_size=width, max_size=width)
    values = draw(st.lists(row, min_size=len(labels), max_size=len(labels)))
    return np.array(values, np.float32), labels


@given(layers(), st.integers(1, 10), st.sampled_from(["mean", "frequency", "active_mean"]))
def test_graph_properties(layer, top, select_by):
    values, labels = layer
    graph, n_classes = build(values, labels, top, select_by), labels[-1] + 1
    np.testing.assert_array_equal(graph.adjacency, graph.adjacency.T)
    assert not np.diag(graph.adjacency).any()
    assert graph.adjacency.min() >= 0 and graph.adjacency.max() <= n_classes
    assert (graph.membership.sum(axis=1) == min(top, values.shape[1])).all()
    assert graph.membership.any(axis=0).all()


def test_written_graphs_have_the_contracts_form(small_dump, tmp_path, capsys):
    path, arrays = small_dump()
    write_graphs(path, tmp_path / "graphs.h5", 5, "mean")
    assert "dense_2 has 4 neurons" in capsys.readouterr().out
    with h5py.File(tmp_path / "graphs.h5") as file:
        assert set(file) == {"dense_1", "dense_2"}
        assert list(file.attrs["layers"]) == ["dense_1", "dense_2"] and list(file.attrs["classes"]) == ["a", "b", "c"]
        np.testing.assert_array_equal(file.attrs["samples"], np.bincount(arrays["train/labels"]))
        for layer, width in (("dense_1", 6), ("dense_2", 4)):
            group = file[layer]
            assert dict(group.attrs) == {"top_neurons": min(5, width), "n_neurons": width}
            assert set(group) == {"adjacency", "neurons", "membership", "mean_activation", "high_samples"}
            n = len(group["neurons"])
            assert group["adjacency"].shape == (n, n) and group["adjacency"].dtype == np.float64
            assert group["membership"].shape == group["mean_activation"].shape == (3, n)
            assert group["membership"].dtype == bool
            expected = literal_graph(arrays[f"train/layers/{layer}"], arrays["train/labels"], 5)
            np.testing.assert_allclose(group["adjacency"], expected[0], rtol=1e-12)
            np.testing.assert_array_equal(group["neurons"], expected[1])
            np.testing.assert_allclose(group["mean_activation"], expected[3], rtol=1e-12)


def test_a_file_of_an_older_version_is_named(small_dump, tmp_path):
    path, _ = small_dump()
    write_graphs(path, tmp_path / "graphs.h5", 2, "mean")
    with h5py.File(tmp_path / "graphs.h5", "a") as file:
        del file["dense_2/high_samples"]
    with pytest.raises(InputError, match=r"graphs\.h5: made by an older version; delete it and run again"):
        read_graphs(tmp_path / "graphs.h5")


def test_read_back(small_dump, tmp_path):
    path, arrays = small_dump()
    write_graphs(path, tmp_path / "graphs.h5", 2, "frequency")
    graphs = read_graphs(tmp_path / "graphs.h5")
    assert list(graphs) == ["dense_1", "dense_2"]
    expected = literal_graph(arrays["train/layers/dense_1"], arrays["train/labels"], 2, "frequency")
    np.testing.assert_allclose(graphs["dense_1"].adjacency, expected[0], rtol=1e-12)
    np.testing.assert_array_equal(graphs["dense_1"].high_samples, expected[4])
    np.testing.assert_array_equal(graphs["dense_1"].samples, np.bincount(arrays["train/labels"]))
    assert read_classes(tmp_path / "graphs.h5") == ["a", "b", "c"]
