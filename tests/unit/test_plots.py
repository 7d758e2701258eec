import numpy as np
import pandas as pd
import pytest
from frames import entropy, history
from PIL import Image
from samples import files_in

from neurons.entropy_tables import figure1
from neurons.plots import draw_series, figure, plot_overlap, plot_series


@pytest.fixture
def series():
    return figure1(entropy(), history())


def test_lines_are_the_mean_over_seeds_scaled_to_their_own_range(series):
    with figure([]) as (_, axes):
        draw_series(axes[0, 0], series, "toy")
        lines = {line.get_label().split(":")[0]: line for line in axes[0, 0].lines}
        columns = {
            "entropy": "entropy_bits",
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
        draw_series(axes[0, 0], series.assign(running_accuracy=np.nan, test_accuracy=0.5), "toy")
        labels = [line.get_label() for line in axes[0, 0].lines]
        flat = next(line for line in axes[0, 0].lines if line.get_label().startswith("test accuracy"))
        assert len(labels) == 3 and not any("running" in label for label in labels)
        assert "50.00%" in flat.get_label() and not np.any(flat.get_ydata())


@pytest.mark.parametrize("runs", [1, 4])
def test_figures_have_the_same_bytes_each_time(series, tmp_path, runs):
    for name in ("a", "b"):
        paths = [tmp_path / f"{name}.svg", tmp_path / f"{name}.png"]
        plot_series({f"run {i}": series for i in range(runs)}, paths)
    for suffix in ("svg", "png"):
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()
    text = (tmp_path / "a.svg").read_text()
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
    plot_overlap(pd.DataFrame(rows, columns=columns), "toy", [tmp_path / "table2.svg"])
    text = (tmp_path / "table2.svg").read_text()
    for row in rows:
        assert f">{row[-1]}<" in text


def test_a_figure_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(ValueError), figure([tmp_path / "a.svg"]):
        raise ValueError
    assert files_in(tmp_path) == []
