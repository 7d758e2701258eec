import pandas as pd
import pytest
from samples import files_in

from neurons.figures.style import draw_graph, figure


def test_a_figure_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(ValueError), figure([tmp_path / "a.svg"]):
        raise ValueError
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("nodes", [1, 3])
def test_a_graph_without_edges_is_drawn(tmp_path, nodes):
    """Read back from a table that holds its head alone, as of a layer of one neuron."""
    place = pd.DataFrame({"x": [0.5] * nodes, "y": [0.5] * nodes, "strength": [0.0] * nodes})
    with figure([tmp_path / "a.svg"]) as (_, axes):
        draw_graph(axes[0, 0], place, pd.DataFrame(columns=["a", "b", "weight"]), ["red"] * nodes, "alone")
    assert (tmp_path / "a.svg").stat().st_size > 0
