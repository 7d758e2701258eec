import h5py
import numpy as np
import pandas as pd
import pytest
from frames import KINDS, SHARED, history, mean_correlation, modularity
from graphs import pattern_graph
from scipy import stats

from neurons.communities.tables import (
    accuracy_table,
    architecture,
    modularity_correlations,
    overlap,
    overlap_table,
    sizes_table,
)
from neurons.core.series import seed_rows

COUNTS = ["vertices", "communities", *(f"community_{rank}" for rank in range(1, 9))]


def literal_overlap(sets: list[set]) -> tuple[list, list]:
    """Table 2's matrices by set operations: neurons in exactly the sets i and j, and in both."""
    exclusive, shared = [], []
    for i, first in enumerate(sets):
        for j, second in enumerate(sets):
            rest = set().union(*(s for k, s in enumerate(sets) if k not in (i, j)))
            exclusive.append(len((first & second) - rest))
            shared.append(len((first & second) - (rest if i == j else set())))
    return exclusive, shared


def random_membership(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((5, 30)) < 0.3


def sets_of(membership) -> list[set]:
    return [set(np.flatnonzero(row).tolist()) for row in membership]


@pytest.mark.parametrize("seed", range(5))
def test_overlap_is_set_operations(seed):
    membership = random_membership(seed)
    matrices = overlap(membership)
    exclusive, shared = literal_overlap(sets_of(membership))
    assert matrices["exclusive"].ravel().tolist() == exclusive
    assert matrices["shared"].ravel().tolist() == shared


def test_table2_has_a_row_per_pair():
    membership = [random_membership(seed) for seed in range(2)]
    graphs = {
        name: pattern_graph(np.zeros((30, 30)), own, np.zeros((5, 30)))
        for name, own in zip(("dense_1", "dense_2"), membership)
    }
    table = overlap_table([(3, 1, graphs), (3, 20, graphs)])
    assert list(table) == ["seed", "iteration", "layer", "layer_name", "matrix", "class_i", "class_j", "neurons"]
    assert len(table) == 2 * 2 * 2 * 25
    row = table.query("iteration == 20 and layer == 2 and matrix == 'shared' and class_i == 1 and class_j == 4")
    sets = sets_of(membership[1])
    assert row[["seed", "layer_name", "neurons"]].values.tolist() == [[3, "dense_2", len(sets[1] & sets[4])]]


def test_table1_takes_the_last_iteration():
    accuracies = history()
    (row,) = accuracy_table(accuracies, {"image_size": "4x5", "hidden_layers": "6 4"}).to_dict("records")
    assert (row["image_size"], row["epochs"], row["iterations"], row["seeds"]) == ("4x5", 12, 6, 3)
    last = accuracies[accuracies["iteration"] == 6]
    for kind in KINDS:
        assert row[f"{kind}_accuracy"] == pytest.approx(np.mean(last[f"{kind}_accuracy"]))
        assert row[f"{kind}_accuracy_sd"] == pytest.approx(stats.tstd(last[f"{kind}_accuracy"]))


def test_architecture_of_a_trained_and_an_imported_run(small_data, small_dump):
    settings = {"model": {"filters": [], "hidden": [16, 8]}, "labels": "mixed"}
    expected = {"image_size": "4x5", "labels": "mixed", "hidden_layers": "16 8", "output_layer": 3}
    assert architecture(small_data[0], settings, imported=False) == expected
    path, _ = small_dump(test=False)
    expected |= {"image_size": "", "hidden_layers": "6 4"}
    assert architecture(path, settings, imported=True) == expected


def test_architecture_of_colour_images(tmp_path):
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file.attrs["classes"] = ["a", "b"]
        file["train/images"] = np.zeros((2, 8, 9, 3), np.uint8)
    settings = {"model": {"filters": [], "hidden": [3]}, "labels": "given"}
    assert architecture(tmp_path / "data.h5", settings, imported=False)["image_size"] == "8x9x3"


def values_of(table, layer, metric) -> dict:
    chosen = table[(table["layer"] == layer) & (table["metric"] == metric)]
    return {(s, i): value for s, i, value in chosen[["seed", "iteration", "value"]].itertuples(index=False)}


def test_table4_columns_and_values():
    measures, accuracies = modularity(("klb", "no_overlap")), history()
    table = modularity_correlations(measures, accuracies, ("klb", "no_overlap"))
    assert list(table) == ["layer", "layer_name", "metric", "accuracy", *SHARED]
    assert len(table) == 2 * 2 * 3
    for row in table.itertuples():
        assert row.layer_name == f"dense_{row.layer}"
        values = values_of(measures, row.layer_name, row.metric)
        for name, function in (("pearson", stats.pearsonr), ("spearman", stats.spearmanr)):
            expected = mean_correlation(function, values, accuracies, row.accuracy)
            assert getattr(row, name) == pytest.approx(expected, abs=1e-12)
        assert row.pearson_low <= row.pearson <= row.pearson_high
        assert (row.iterations, row.seeds, row.note) == (6, 3, "no p of the seed swap below 4 seeds")


def test_table3_sizes_and_correlation():
    measures, accuracies = modularity((*COUNTS, "louvain", "nodes_per_community")), history()
    correlations = modularity_correlations(measures, accuracies, ("nodes_per_community",))
    table = sizes_table(measures, correlations)
    assert list(table)[:4] == ["layer", "layer_name", "iteration", "seed"]
    assert {*COUNTS, "louvain", "nodes_per_community", *(f"pearson_{kind}" for kind in KINDS)} <= set(table)
    keys = [(row.layer, row.iteration, row.seed) for row in table.itertuples()]
    assert keys == [(layer, i, seed) for layer in (1, 2) for i in (1, 6) for seed in (0, 1, 2)]
    for row in table.to_dict("records"):
        for metric in (*COUNTS, "louvain", "nodes_per_community"):
            assert row[metric] == values_of(measures, row["layer_name"], metric)[row["seed"], row["iteration"]]
        values = values_of(measures, row["layer_name"], "nodes_per_community")
        for kind in KINDS:
            expected = mean_correlation(stats.pearsonr, values, accuracies, kind)
            assert row[f"pearson_{kind}"] == pytest.approx(expected, abs=1e-12)
    assert all(table[name].dtype.kind == "i" for name in COUNTS)


def test_correlations_by_seed_are_those_that_table4_is_the_mean_of():
    measures, accuracies = modularity(("klb", "no_overlap")), history()
    seeds = modularity_correlations(measures, accuracies, ("klb", "no_overlap"), seed_rows)
    assert list(seeds) == ["layer", "layer_name", "metric", "accuracy", "seed", "pearson"]
    table = modularity_correlations(measures, accuracies, ("klb", "no_overlap"))
    keys = ["layer", "metric", "accuracy"]
    means = seeds.groupby(keys)["pearson"].mean()
    assert means.loc[pd.MultiIndex.from_frame(table[keys])].to_numpy() == pytest.approx(table["pearson"].to_numpy())
