import numpy as np
import pandas as pd
import pytest

from neurons.published.coactivation import communities_arranged, communities_beside, figures_beside, run_figures

K7 = "smallest k at which activating the top-k neurons predicts every class"
HISTORY = pd.DataFrame({"test_accuracy": [0.5, 0.98]})
LABELS = {"a": {"dataset": "one"}, "b": {"dataset": "two"}}
PEARSON = "pearson of class similarity (Jaccard) and mutual mistakes"


@pytest.fixture
def shares():
    right = [4, 8, 10, 9, 10]
    frame = pd.DataFrame({"k": range(1, 6), "share_right": np.array(right) / 10, "smallest": [0, 0, 1, 0, 0]})
    return frame


@pytest.fixture
def thresholds():
    return pd.DataFrame(
        {"neighbour_threshold": [0.1, 0.3, 0.9], "pearson": [0.7, 0.5, np.nan], "drawn": [0, 1, 0]},
    )


def test_a_runs_figures_are_read_off_its_tables(shares, thresholds):
    figures = run_figures(shares, thresholds, HISTORY).set_index(["figure", "quantity"])["value"]
    assert figures[0, "test accuracy"] == 0.98
    assert figures[2, K7] == 3 and figures[2, "fraction of classes predicted as expected"] == 1
    assert figures[3, PEARSON] == 0.5 and figures[3, "neighbour_threshold"] == 0.3
    assert figures[3, "highest pearson over the thresholds"] == 0.7
    assert figures[3, "neighbour_threshold of the highest"] == 0.1
    figures = run_figures(shares.assign(smallest=0), thresholds, HISTORY).set_index("quantity")["value"]
    assert np.isnan(figures[K7])


def test_figures_stand_beside_the_published_ones_of_their_data_set(shares, thresholds):
    printed = pd.DataFrame({"figure": [2, 3], "dataset": ["one", "two"], "quantity": [K7, PEARSON], "value": [7, 0.66]})
    figures = run_figures(shares, thresholds, HISTORY)
    table = figures_beside({"a": figures, "b": figures}, LABELS, printed)
    cells = table.set_index(["run", "quantity"])
    assert cells.loc[("a", K7), ["value", "published", "difference"]].tolist() == [3, 7, -4]
    assert np.isnan(cells.loc[("b", K7), "published"])
    assert cells.loc[("b", PEARSON), "difference"] == pytest.approx(-0.16)


def test_communities_stand_above_the_published_ones():
    ours = pd.DataFrame({"community": ["C1", "C2", "C3"], "classes": ["0; 1", "2", ""], "modularity": 0.4})
    printed = pd.DataFrame(
        {"dataset": ["one", "one"], "community": ["C1", "C2"], "classes": ["0", "1; 2"], "modularity": 0.45}
    )
    full = communities_beside({"a": ours, "b": ours}, LABELS, printed)
    shown = communities_arranged(full)
    assert full["source"].tolist() == ["ours"] * 2 + ["published"] * 2 + ["ours"] * 2
    assert shown["classes by community"].tolist() == ["0; 1 / 2", "0 / 1; 2", "0; 1 / 2"]
    assert shown["modularity"].tolist() == ["0.4", "0.45", "0.4"]
    assert shown["run"].tolist() == ["a", "published", "b"]
