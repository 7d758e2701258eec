"""Tables 2 to 4 of the auxiliary study on made-up accuracies."""

import pandas as pd
import pytest

from neurons.auxiliary_published import add_correlations, compare_table2, compare_table3, compare_table4
from neurons.auxiliary_tables import METHODS, improvement, table2, table4, table4_correlation
from neurons.model_names import hidden_layers, model_kind


def accuracies(seeds=(0,), iterations=4, choices=("all", "last2", "last1")):
    rows = []
    for seed in seeds:
        for iteration in range(1, iterations + 1):
            for split in ("train", "test"):
                base = 0.5 + 0.05 * iteration - (0.02 if split == "test" else 0) + 0.01 * seed
                gain = dict(zip(METHODS, (0, -0.1, 0.001, 0.02 + 0.001 * seed, 0.015)))
                for k, choice in enumerate(choices):
                    for method in METHODS:
                        extra = 0.001 * k * iteration if method == "auxiliary" else 0
                        rows.append((choice, method, split, base + gain[method] + extra, seed, iteration))
    return pd.DataFrame(rows, columns=["layers", "method", "split", "accuracy", "seed", "iteration"])


HISTORY = pd.DataFrame(
    [(s, i, i, 0.5) for s in range(3) for i in range(1, 5)], columns=["seed", "iteration", "epoch", "running_accuracy"]
)


def test_table2_and_improvement():
    table = table2(accuracies(), HISTORY)
    assert len(table) == 4 and table["layers"].eq("all").all()
    assert table["auxiliary_train"].iloc[0] == pytest.approx(0.57)
    assert table["auxiliary_points_test"].tolist() == pytest.approx([2.0] * 4)
    mean = improvement(accuracies(seeds=(0, 1, 2))).set_index(["layers", "split"])
    assert mean.loc[("all", "test"), "auxiliary_points"] == pytest.approx(2.1)
    assert mean.loc[("all", "test"), "control_points"] == pytest.approx(1.5)
    assert mean.loc[("all", "test"), "difference"] == pytest.approx(0.6)
    low, high = mean.loc[("all", "test"), ["auxiliary_points_low", "auxiliary_points_high"]]
    assert low < 2.1 < high and high - 2.1 == pytest.approx(4.302653 * 0.1 / 3**0.5, rel=1e-5)


def test_table4():
    table = table4(accuracies())
    assert {"base_train", "control_test", "all_train", "last2_test", "last1_train"} <= set(table)
    assert table["last1_test"].iloc[1] == pytest.approx(0.58 + 0.02 + 0.004)
    correlation = table4_correlation(accuracies())
    pair = correlation[(correlation["layers_a"] == "last2") & (correlation["layers_b"] == "last1")]
    assert pair["pearson"].tolist() == pytest.approx([1.0, 1.0])
    assert table4_correlation(accuracies(iterations=2))["note"].eq("fewer than 3 iterations").all()


PUBLISHED = pd.DataFrame(
    [("d", "fcnn", i, 55.0 + i, 56.0 + i, 50.0, 51.5) for i in range(1, 5)],
    columns=["dataset", "model", "iteration", "train_accuracy_percent", "boosted_train_accuracy_percent"]
    + ["test_accuracy_percent", "boosted_test_accuracy_percent"],
)


def test_all_runs_beside_published_values():
    runs = {"one": ("d", "fcnn"), "two": ("d", "convnet"), "three": ("e", "fcnn")}
    tables = {run: table2(accuracies(), HISTORY) for run in runs}
    full, shown, average = compare_table2(tables, runs, PUBLISHED)
    row = full.query("run == 'one' and split == 'train' and column == 'auxiliary' and iteration == 2").iloc[0]
    assert (
        row["percent"] == pytest.approx(62) and row["published_percent"] == 58 and row["difference"] == pytest.approx(4)
    )
    assert full.query("run == 'two'")["published_percent"].isna().all()
    assert shown.iloc[-1]["iteration"] == "average improvement"
    assert shown.iloc[-1]["one test auxiliary"] == "+2.00 (+1.50)"
    assert shown.iloc[-1]["one test control"] == "+1.50"
    assert shown.iloc[1]["one train base"] == "60.0 (57.0)"
    assert len(average) == 3 * 2 * 2
    assert set(compare_table3(tables, runs, PUBLISHED)[0]["run"]) == {"one", "two"}


def test_table4_beside_published_values():
    columns = ["dataset", "model", "iteration", "train_accuracy_percent", "boosted_train_last2_percent"]
    columns += ["boosted_train_last1_percent", "test_accuracy_percent", "boosted_test_last2_percent"]
    published = pd.DataFrame([("d", "fcnn", 1, 1, 2, 3, 4, 5, 6)], columns=[*columns, "boosted_test_last1_percent"])
    full, shown, _ = compare_table4({"one": table4(accuracies())}, {"one": ("d", "fcnn")}, published)
    first = full.query("iteration == 1 and split == 'test'").set_index("column")["published_percent"]
    assert first[["base", "last2", "last1"]].tolist() == [4, 5, 6]
    shown = add_correlations(shown, {"one": table4_correlation(accuracies())})
    assert shown.iloc[-1]["one train last2"] == "1"


def test_model_names():
    assert model_kind({"name": "resnet50", "filters": []}) == "resnet50"
    assert model_kind({"filters": [4]}) == "convnet" and model_kind({"filters": []}) == "fcnn"
    assert hidden_layers({"filters": [4], "hidden": [8, 2]}) == "4 8 2"
    assert hidden_layers({"builder": "mine", "filters": [], "hidden": [3]}) == "mine"
