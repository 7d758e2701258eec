import numpy as np
import pandas as pd
from drawn import draw, twice
from graphs import random_graph

from neurons.coactivation.heatmaps import pixel_table
from neurons.coactivation.layout import node_table
from neurons.coactivation.similarity import (
    class_communities,
    community_table,
    pairs_table,
    similarity_tables,
    stability,
    strongest_neurons,
)
from neurons.figures import coactivation as figures
from neurons.graphs.layout import heaviest_edges


def test_the_graph_names_its_classes_and_leaves_out_strays(tmp_path):
    graph = random_graph()
    weights = graph.above(0.2)
    nodes = node_table(graph, 0.2, np.zeros(len(graph.layer), int))
    edges = pd.DataFrame(dict(zip(("a", "b", "weight"), heaviest_edges(weights))))
    text = twice(figures.graph, [nodes, edges], tmp_path, threshold=0.2)
    linked = int((weights.any(axis=1) & graph.hidden).sum())
    assert f"toy: {linked} neurons and {len(graph.classes)} classes, edges above 0.2" in text


def test_top_neurons_say_from_which_k_every_class_is_right(tmp_path):
    right = {1: (1, 0), 2: (1, 1), 3: (1, 0)}
    rows = [(k, c, f"class {c}", hit) for k, hits in right.items() for c, hit in enumerate(hits)]
    rows = pd.DataFrame(rows, columns=["k", "class", "name", "right"])
    shares = [("dense_1", k, sum(hits) / 2, int(k == 2)) for k, hits in right.items()]
    columns = ["layer", "k", "share_right", "smallest"]
    others = [
        (choice, draw, k, 0.5) for choice, draw in (("class_mean", 0), ("random", 0), ("random", 1)) for k in right
    ]
    others = pd.DataFrame(others, columns=["choice", "draw", "k", "share_right"])
    text = twice(figures.top_neurons, [rows, pd.DataFrame(shares, columns=columns), others], tmp_path)
    assert "largest class mean" in text and "random" in text
    assert "toy, dense_1: every class right from k = 2" in text
    never = pd.DataFrame([(*row[:3], 0) for row in shares], columns=columns)
    (path,) = draw(figures.top_neurons, [rows, never, others], tmp_path, ("never.svg",))
    assert "no k has every class right" in path.read_text()


def test_similarity_names_the_worst_pair_and_its_correlation(tmp_path):
    graph = random_graph()
    mistakes = np.arange(9).reshape(3, 3) + np.arange(9).reshape(3, 3).T
    rows, summary = similarity_tables(graph, mistakes, 0.1)
    text = twice(figures.similarity, [rows, summary], tmp_path)
    r = summary.loc[summary["drawn"] == 1, "pearson"].iloc[0]
    assert f"toy, neighbours above 0.1: Pearson {'not defined' if r != r else f'{r:.2f}'}" in text
    worst = rows[(rows["drawn"] == 1) & rows["jaccard"].notna()].nlargest(1, "mistakes").iloc[0]
    assert f"{worst['name_i']} / {worst['name_j']}" in text


def _pixels(rng, graph, size: int) -> np.ndarray:
    return rng.uniform(-1, 1, (size, len(graph.layer)))


def test_heat_maps_have_a_panel_a_neuron_and_may_be_empty(tmp_path, rng):
    graph = random_graph()
    table = pixel_table(graph, _pixels(rng, graph, 20), strongest_neurons(graph))
    text = twice(figures.strongest_neurons, [table], tmp_path)
    for _, own in table.groupby("panel"):
        first = own.iloc[0]
        assert f"{first['layer']} {first['neuron']}" in text and first["classes"] in text
    empty = table.iloc[:0]
    (path,) = draw(figures.shared_neurons, [empty], tmp_path, ("none.svg",), neighbour_threshold=0.3)
    assert "no neuron is" in path.read_text()


def test_a_colour_heat_map_shows_the_mean_of_the_channels_that_vary(tmp_path, rng, monkeypatch):
    graph = random_graph()
    colour = type(graph)(**{**vars(graph), "image_shape": (2, 2, 3)})
    pixels = _pixels(rng, graph, 12)
    pixels[0, 4], pixels[3:6, 4] = np.nan, np.nan
    drawn = []
    monkeypatch.setattr(
        "matplotlib.axes.Axes.imshow", lambda axis, image, **_: drawn.append(image) or axis.scatter([], [])
    )
    monkeypatch.setattr("matplotlib.figure.Figure.colorbar", lambda *_, **__: None)
    draw(figures.strongest_neurons, [pixel_table(colour, pixels, [(4, (1,))])], tmp_path)
    values = pixels[:, 4].reshape(2, 2, 3)
    (image,) = drawn
    np.testing.assert_allclose(image[0, 0], np.mean(values[0, 0, 1:]))
    assert np.isnan(image[0, 1])
    np.testing.assert_allclose(image[1], values[1].mean(axis=1))


def test_stability_prints_the_share_of_runs_of_every_pair(tmp_path):
    graph = random_graph()
    partitions, qualities = class_communities(graph, 0.0, 1.0, 4)
    together = stability(graph, partitions)
    tables = [pairs_table(graph, share_of_runs=together), community_table(graph, partitions, qualities)]
    text = twice(figures.stability, tables, tmp_path)
    assert "share of 4 Louvain runs" in text
    counts = {f"{value:.1f}": int((together.round(1) == round(value, 1)).sum()) for value in together.ravel()}
    assert all(text.count(f">{value}<") >= count for value, count in counts.items())


def test_silencing_draws_every_choice(tmp_path):
    rows = [
        (choice, share, repeat, 0.1 * share)
        for choice in ("strength", "random_like_strength", "betweenness", "random_like_betweenness", "random")
        for share in (0.1, 0.4)
        for repeat in range(1 if choice in ("strength", "betweenness") else 3)
    ]
    table = pd.DataFrame(rows, columns=["choice", "share", "repeat", "accuracy_lost"])
    text = twice(figures.silencing, [table], tmp_path)
    assert "highest strength" in text and "random, anywhere" in text and "40%" in text


def test_a_silencing_of_no_neuron_is_drawn_empty(tmp_path):
    columns = ["choice", "share", "neurons", "repeat", "accuracy", "accuracy_lost"]
    assert "silencing neurons" in twice(figures.silencing, [pd.DataFrame(columns=columns)], tmp_path)
