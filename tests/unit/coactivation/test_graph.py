import h5py
import numpy as np
import pytest
from graphs import random_graph
from scipy.stats import spearmanr

from neurons.coactivation.graph import kind_of, read_coactivation, read_pixels, write_coactivation
from neurons.core.errors import InputError

WIDTHS = {"conv_1": 3, "dense_1": 6, "dense_2": 4}


@pytest.fixture
def inputs(small_dump, tmp_path, rng):
    """A dump and its data set of 6 test images of 2 x 3 pixels, the first of which never changes; and their values."""
    path, arrays = small_dump(widths=WIDTHS)
    images = rng.integers(0, 256, (6, 2, 3)).astype(np.uint8)
    images[:, 0, 0] = 7
    data = tmp_path / "data.h5"
    with h5py.File(data, "w") as file:
        file["test/images"] = images
    pixels = images[arrays["test/index"]].reshape(6, 6) / 255
    neurons = [arrays[f"test/layers/{layer}"] for layer in WIDTHS] + [arrays["test/probabilities"]]
    return path, data, pixels, np.concatenate(neurons, axis=1).astype(float)


def correlations(*sides, measure=np.corrcoef) -> np.ndarray:
    """All correlations by numpy or scipy, pair by pair; NaN where a column is constant."""
    values = np.concatenate(sides, axis=1)
    matrix = np.full((values.shape[1],) * 2, np.nan)
    for i, j in np.argwhere(np.logical_and.outer(np.ptp(values, axis=0) > 0, np.ptp(values, axis=0) > 0)):
        matrix[i, j] = np.asarray(measure(values[:, i], values[:, j]))[0, 1]
    return matrix


def scipys_spearman(x, y):
    return [[1, spearmanr(x, y).statistic]]


@pytest.mark.parametrize("rows", [1, 4, 1024])
def test_the_file_holds_every_pair_of_layers_but_pixels_by_pixels(inputs, tmp_path, rows):
    dump, data, pixels, neurons = inputs
    out = tmp_path / "graph.h5"
    write_coactivation(dump, data, out, rows=rows)
    expected = correlations(pixels, neurons)
    slices = {"input": (0, 6), "conv_1": (6, 9), "dense_1": (9, 15), "dense_2": (15, 19), "output": (19, 22)}
    with h5py.File(out) as file:
        assert list(file.attrs["layers"]) == list(slices)
        pairs = []
        file["correlation"].visititems(
            lambda name, item: pairs.append(name) if isinstance(item, h5py.Dataset) else None
        )
        order = list(slices)
        wanted = [f"{a}/{b}" for i, a in enumerate(order) for b in order[i:] if (a, b) != ("input", "input")]
        assert sorted(pairs) == sorted(wanted)
        for name in pairs:
            a, b = (slice(*slices[layer]) for layer in name.split("/"))
            np.testing.assert_allclose(file[f"correlation/{name}"][:], expected[a, b], atol=1e-6, err_msg=name)
        kinds = [file[f"neurons/{layer}"].attrs["kind"] for layer in order]
        assert kinds == ["pixel", "filter", "unit", "unit", "class"]
        # Neuron 0 of every hidden layer never fires, and pixel 0 never changes.
        assert file["neurons/dense_1"].attrs["zero_variance"] >= 1 and not file["neurons/dense_1/live"][0]
        dead = sum(int((~file[f"neurons/{layer}/live"][:]).sum()) for layer in order)
        assert file.attrs["zero_variance"] == dead >= 4
        np.testing.assert_allclose(file["neurons/input/mean"][:], pixels.mean(axis=0), rtol=1e-6)
        np.testing.assert_allclose(file["neurons/dense_2/maximum"][:], neurons[:, 9:13].max(axis=0))
        np.testing.assert_allclose(file["neurons/dense_2/sd"][:], neurons[:, 9:13].std(axis=0), atol=1e-6)
        assert file.attrs["samples"] == 6


def test_spearman_is_scipys(inputs, tmp_path):
    dump, data, pixels, neurons = inputs
    write_coactivation(dump, data, tmp_path / "graph.h5", "spearman", rows=4)
    expected = correlations(pixels, neurons, measure=scipys_spearman)
    with h5py.File(tmp_path / "graph.h5") as file:
        assert file.attrs["correlation"] == "spearman"
        np.testing.assert_allclose(file["correlation/dense_1/output"][:], expected[9:15, 19:], atol=1e-6)
        np.testing.assert_allclose(file["correlation/input/dense_2"][:], expected[:6, 15:19], atol=1e-6)


def test_reading_gives_signed_weights_without_loops(inputs, tmp_path):
    dump, data, pixels, neurons = inputs
    write_coactivation(dump, data, tmp_path / "graph.h5")
    graph = read_coactivation(tmp_path / "graph.h5")
    expected = np.nan_to_num(correlations(pixels, neurons)[6:, 6:])
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(graph.weights, expected, atol=1e-6)
    assert graph.layer.tolist() == ["conv_1"] * 3 + ["dense_1"] * 6 + ["dense_2"] * 4 + ["output"] * 3
    assert graph.neuron.tolist() == [*range(3), *range(6), *range(4), *range(3)]
    assert graph.hidden.tolist() == [True] * 13 + [False] * 3
    assert graph.image_shape == (2, 3) and graph.classes == ["a", "b", "c"]
    np.testing.assert_allclose(graph.with_classes, expected[:13, 13:], atol=1e-6)
    assert graph.label(13) == "a" and graph.label(4) == "dense_1 1"
    above = graph.above(0.25)
    assert above.min() == 0 and (above > 0).sum() == (expected > 0.25).sum()
    np.testing.assert_allclose(
        read_pixels(tmp_path / "graph.h5"), correlations(pixels, neurons)[:6, 6:], atol=1e-6, equal_nan=True
    )


def test_a_dump_made_elsewhere_has_no_pixels(small_dump, tmp_path):
    path, _ = small_dump()
    write_coactivation(path, None, tmp_path / "graph.h5")
    assert read_coactivation(tmp_path / "graph.h5").image_shape == ()
    with pytest.raises(InputError, match="built without pixels"):
        read_pixels(tmp_path / "graph.h5")


def test_test_samples_are_needed(small_dump, tmp_path):
    path, _ = small_dump(test=False)
    with pytest.raises(InputError, match="no group 'test'"):
        write_coactivation(path, None, tmp_path / "graph.h5")
    assert not (tmp_path / "graph.h5").exists()


def test_a_dump_of_other_data_is_refused(inputs, tmp_path):
    dump, data, *_ = inputs
    with h5py.File(data, "w") as file:
        file["test/images"] = np.zeros((3, 2, 3), np.uint8)
    with pytest.raises(InputError, match="sample 5 is not in"):
        write_coactivation(dump, data, tmp_path / "graph.h5")


def test_a_layer_cannot_have_the_name_of_the_input(small_dump, tmp_path):
    path, _ = small_dump(widths={"input": 3})
    with pytest.raises(InputError, match="the layer name 'input' is taken"):
        write_coactivation(path, None, tmp_path / "graph.h5")


def test_another_file_is_not_a_graph(small_dump):
    path, _ = small_dump()
    with pytest.raises(InputError, match="not a co-activation graph"):
        read_coactivation(path)


def test_kinds_follow_the_layers_names():
    assert [kind_of(name) for name in ("input", "conv_2", "dense_1", "output")] == ["pixel", "filter", "unit", "class"]


@pytest.mark.parametrize("rows", [1, 4, 1024])
def test_logits_take_the_place_of_the_probabilities(inputs, tmp_path, rng, rows):
    dump, data, pixels, neurons = inputs
    logits = rng.normal(size=(6, 3)).astype(np.float32)  # by sample number, as the network gives them
    write_coactivation(dump, data, tmp_path / "graph.h5", rows=rows, logits=lambda index: logits[index])
    with h5py.File(dump) as file:
        index = file["test/index"][:]
    expected = correlations(pixels, neurons[:, :13], logits[index])
    with h5py.File(tmp_path / "graph.h5") as file:
        assert file.attrs["class_value"] == "logits"
        np.testing.assert_allclose(file["correlation/dense_1/output"][:], expected[9:15, 19:], atol=1e-6)
        np.testing.assert_allclose(file["correlation/input/output"][:], expected[:6, 19:], atol=1e-6)
        np.testing.assert_allclose(file["neurons/output/maximum"][:], logits.max(axis=0), rtol=1e-6)


def test_edges_between_hidden_neurons_and_classes_alone():
    graph = random_graph()
    kept = graph.above(0.2, "hidden_class")
    for i, j in np.ndindex(kept.shape):
        apart = (graph.kind[i] == "class") != (graph.kind[j] == "class")
        weight = float(graph.weights[i, j])
        assert kept[i, j] == (weight if apart and weight > 0.2 else 0)
    np.testing.assert_array_equal(graph.above(0.2), np.where(graph.weights > 0.2, graph.weights, 0))
