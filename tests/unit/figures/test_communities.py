import numpy as np
import pandas as pd
import pytest
from drawn import draw, twice
from frames import entropy, history
from PIL import Image

from neurons.communities.entropy_tables import series_table
from neurons.figures import communities as figures
from neurons.figures.style import figure


@pytest.fixture
def series():
    return series_table(entropy(), history())


def test_lines_are_the_mean_over_seeds_scaled_to_their_own_range(series):
    with figure([]) as (_, axes):
        figures._draw_series(axes[0, 0], series, "toy")
        lines = {line.get_label().split(":")[0]: line for line in axes[0, 0].lines}
        columns = {
            "entropy": "entropy_bits",
            "live units": "live_units",
            "training accuracy (running)": "running_accuracy",
            "training accuracy (evaluated)": "train_accuracy",
            "test accuracy": "test_accuracy",
        }
        assert lines.keys() == columns.keys()
        for label, line in lines.items():
            mean = np.array([series[series["iteration"] == i][columns[label]].mean() for i in range(1, 7)])
            x, y = line.get_data()
            assert list(x) == [1, 2, 3, 4, 5, 6]
            np.testing.assert_allclose(y, (mean - mean.min()) / np.ptp(mean), atol=1e-12)


def test_what_is_not_known_is_not_drawn(series):
    with figure([]) as (_, axes):
        figures._draw_series(axes[0, 0], series.assign(running_accuracy=np.nan, test_accuracy=0.5), "toy")
        labels = [line.get_label() for line in axes[0, 0].lines]
        flat = next(line for line in axes[0, 0].lines if line.get_label().startswith("test accuracy"))
        assert len(labels) == 4 and not any("running" in label for label in labels)
        assert "50.00%" in flat.get_label() and not np.any(flat.get_ydata())


@pytest.mark.parametrize("runs", [1, 4])
def test_series_have_a_panel_a_run_and_the_same_bytes_each_time(series, tmp_path, runs):
    table = pd.concat([series.assign(run=f"run {i}") for i in range(runs)])
    text = twice(figures.series, [table], tmp_path)
    assert all(f"run {i}" in text for i in range(runs))
    with Image.open(tmp_path / "a.png") as image:
        assert image.format == "PNG" and min(image.size) > 300


def test_overlap_prints_every_count(tmp_path):
    rows = [
        (0, i, 1, "dense_1", kind, a, b, 1000 * i + 10 * a + b)
        for i in (1, 20)
        for kind in ("shared", "exclusive")
        for a in range(3)
        for b in range(3)
    ]
    columns = ["seed", "iteration", "layer", "layer_name", "matrix", "class_i", "class_j", "neurons"]
    (path,) = draw(figures.overlap, [pd.DataFrame(rows, columns=columns)], tmp_path)
    text = path.read_text()
    for row in rows:
        assert f">{row[-1]}<" in text


def test_pattern_graphs_have_a_panel_a_layer_and_iteration(tmp_path, rng):
    heads = [(iteration, layer) for iteration in (1, 20) for layer in ("dense_1", "dense_2")]
    nodes = pd.concat(
        pd.DataFrame(
            {
                **dict(zip(("iteration", "layer"), head)),
                **{"neuron": range(5 + n), "class": 1, "name": "cat", "strength": 1.0},
                "x": rng.normal(size=5 + n),
                "y": rng.normal(size=5 + n),
            }
        )
        for n, head in enumerate(heads)
    )
    edges = pd.DataFrame([(*head, 0, 4, 0.5) for head in heads], columns=["iteration", "layer", "a", "b", "weight"])
    text = twice(figures.pattern_graphs, [nodes, edges], tmp_path)
    for n, (iteration, layer) in enumerate(heads):
        assert f"toy, {layer}, iteration {iteration}: {5 + n} neurons" in text
    assert ">cat<" in text


@pytest.mark.parametrize("running", [True, False])
def test_classes_have_a_line_each_in_every_panel(tmp_path, rng, running):
    rows = [(s, i, c, *rng.random(3)) for s in (0, 1) for i in (1, 2, 3) for c in range(4)]
    table = pd.DataFrame(rows, columns=["seed", "iteration", "class", "entropy_bits", "live_units", "train_accuracy"])
    table["running_accuracy"] = table["train_accuracy"] / 2 if running else np.nan
    text = twice(figures.class_entropy, [table], tmp_path)
    assert "entropy (bits)" in text and "live units" in text
    assert ("accuracy (running)" in text) == running and ("accuracy (train)" in text) != running
