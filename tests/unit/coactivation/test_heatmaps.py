import numpy as np
from graphs import random_graph

from neurons.coactivation.heatmaps import COLUMNS, pixel_table


def test_the_table_has_every_pixel_of_the_chosen_neurons(rng):
    graph = random_graph()
    pixels = rng.uniform(-1, 1, (20, len(graph.layer)))
    rows = pixel_table(graph, pixels, [(5, (0, 2)), (12, (1,))])
    assert list(rows.columns) == COLUMNS and len(rows) == 40
    image = rows[rows["panel"] == 1].pivot(index="row", columns="column", values="pixel_correlation").to_numpy()
    np.testing.assert_array_equal(image, pixels[:, 5].reshape(4, 5))
    first = rows.iloc[0]
    assert (first["layer"], first["neuron"], first["classes"]) == ("dense_1", 3, "class 0; class 2")
    weights = graph.weights[5, [18, 20]]
    np.testing.assert_allclose([float(v) for v in first["correlations"].split("; ")], weights, rtol=1e-5)
    assert list(pixel_table(graph, pixels, []).columns) == COLUMNS
