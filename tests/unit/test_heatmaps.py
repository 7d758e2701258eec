import numpy as np
from graphs import random_graph

from neurons.class_similarity import strongest_neurons
from neurons.coactivation_plots import plot_heatmaps
from neurons.heatmaps import COLUMNS, panels, table


def test_the_table_has_every_pixel_of_the_chosen_neurons(rng):
    graph = random_graph()
    pixels = rng.uniform(-1, 1, (20, len(graph.layer)))
    rows = table(graph, pixels, [(5, (0, 2)), (12, (1,))])
    assert list(rows.columns) == COLUMNS and len(rows) == 40
    image = rows[rows["panel"] == 1].pivot(index="row", columns="column", values="pixel_correlation").to_numpy()
    np.testing.assert_array_equal(image, pixels[:, 5].reshape(4, 5))
    first = rows.iloc[0]
    assert (first["layer"], first["neuron"], first["classes"]) == ("dense_1", 3, "class 0; class 2")
    weights = graph.weights[5, [18, 20]]
    np.testing.assert_allclose([float(v) for v in first["correlations"].split("; ")], weights, rtol=1e-5)
    assert list(table(graph, pixels, []).columns) == COLUMNS


def test_panels_average_the_channels_that_vary(rng):
    graph = random_graph()
    colour = type(graph)(**{**vars(graph), "image_shape": (2, 2, 3)})
    pixels = rng.uniform(-1, 1, (12, len(graph.layer)))
    pixels[0, 4], pixels[3:6, 4] = np.nan, np.nan
    (title, image), *_ = panels(colour, pixels, [(4, (1,))])
    values = pixels[:, 4].reshape(2, 2, 3)
    assert image[0, 0] == np.mean(values[0, 0, 1:]) and np.isnan(image[0, 1])
    np.testing.assert_allclose(image[1], values[1].mean(axis=1))
    assert title.startswith("class 1\ndense_1 2")


def test_figures_have_the_same_bytes_each_time_and_may_be_empty(tmp_path, rng):
    graph = random_graph()
    pixels = rng.uniform(-1, 1, (20, len(graph.layer)))
    drawn = panels(graph, pixels, strongest_neurons(graph))
    for number in (1, 2):
        plot_heatmaps(drawn, 2, "strongest", [tmp_path / f"{number}.svg"])
    assert (tmp_path / "1.svg").read_bytes() == (tmp_path / "2.svg").read_bytes()
    plot_heatmaps([], 3, "shared", [tmp_path / "none.svg"], "no neuron is shared")
    assert "no neuron is shared" in (tmp_path / "none.svg").read_text()
