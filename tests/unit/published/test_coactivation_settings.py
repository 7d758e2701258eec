"""Readings of the co-activation graph beside the published values, and partitions against scikit-learn's index."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from neurons.core.tables import read_csv_table, write_table
from neurons.published.arranged import ARRANGED
from neurons.published.beside import published_values
from neurons.published.coactivation_settings import COLUMNS, classes_of, rand_index, settings_table
from neurons.workflow.registry import RESULTS, wrong_columns

MNIST = [["0", "2", "4", "6"], ["5", "7", "8", "9"], ["1", "3"]]


@pytest.fixture
def published(root):
    folder = root / "resources/published"
    return {name: published_values(folder, f"coactivation_{name}") for name in ("table1", "figures")}


def partition(labels) -> list[list[str]]:
    return [[str(i) for i, own in enumerate(labels) if own == c] for c in sorted(set(labels))]


def test_the_rand_index_is_scikit_learns(rng):
    for _ in range(50):
        a, b = rng.integers(0, 4, 10), rng.integers(0, 3, 10)
        assert rand_index(partition(a), partition(b)) == pytest.approx(adjusted_rand_score(a, b), abs=1e-12)
    for labels in ([0] * 5, list(range(5))):
        assert rand_index(partition(labels), partition(labels)) == 1
    assert rand_index(MNIST, MNIST) == 1 and np.isnan(rand_index(MNIST, MNIST[:2]))


def tables(count: int) -> dict:
    table = pd.DataFrame(
        {"classes": ["0; 2; 4; 6", "5; 7; 8; 9", "1; 3", None], "modularity": 0.5, "modularity_mean": 0.45}
    )
    thresholds = pd.DataFrame({"drawn": [0, 1], "pearson": [0.9, 0.25]})
    history = pd.DataFrame({"iteration": [1, 2], "epoch": [3, 6], "test_accuracy": [0.5, 0.75]})
    return {"table1": [table] * count, "thresholds": [thresholds] * count, "history": [history] * count}


def graph(run: str, dataset: str, seed: int, iteration: int) -> dict:
    own = {"class_value": "softmax", "edges": "all", "threshold": 0, "neighbour_threshold": 0.3}
    return {"run": run, "dataset": dataset, **own, "seed": seed, "iteration": iteration}


def test_every_graph_has_its_row(published, tmp_path):
    graphs = [graph("007", "mnist", seed, i) for seed in (0, 1, 2) for i in (1, 2)] + [graph("own", "mine", 0, 2)]
    full = settings_table(graphs, tables(7), published)
    assert list(full) == list(COLUMNS) and len(full) == 7
    first, last = full.iloc[0], full.iloc[-1]
    assert (first["epoch"], first["test_accuracy"], first["communities"]) == (3, 0.5, 3)
    assert (first["partition"], first["rand_index"]) == ("0; 2; 4; 6 / 5; 7; 8; 9 / 1; 3", 1)
    assert (first["modularity"], first["published_modularity"], first["figure3_pearson"]) == (0.5, 0.45, 0.25)
    assert first["published_figure3_pearson"] == 0.5042
    assert last["test_accuracy"] == 0.75
    assert last[["published_modularity", "rand_index", "published_figure3_pearson"]].isna().all()
    path = tmp_path / "readings.csv"
    write_table(full, path)
    assert wrong_columns(RESULTS["paper/coactivation/readings.csv"], list(read_csv_table(path))) is None
    shown = ARRANGED["paper/coactivation/readings.csv"](path)
    assert shown[["run", "iteration", "seeds"]].values.tolist() == [["007", 1, 3], ["007", 2, 3], ["own", 2, 1]]
    assert shown["modularity"].tolist() == ["0.500 [0.500, 0.500] (0.45)"] * 2 + ["0.500"]
    assert shown["Rand index"].tolist()[-1] == "–" and shown["Figure 3, r"].tolist()[-1] == "0.250"


def test_single_numbers_are_classes_too():
    assert classes_of(pd.DataFrame({"classes": [1, 2]})) == [["1"], ["2"]]
