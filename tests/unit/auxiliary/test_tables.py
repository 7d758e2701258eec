"""Tables 2 to 4 of the auxiliary study on made-up accuracies."""

import pytest
from frames import BOOSTING_HISTORY as HISTORY
from frames import accuracies

from neurons.auxiliary.tables import improvement_table, layers_correlation, layers_table, methods_table
from neurons.networks.names import hidden_layers, model_kind


def test_table2_and_improvement():
    table = methods_table(accuracies(), HISTORY)
    assert len(table) == 4 and table["layers"].eq("all").all()
    assert table["auxiliary_train"].iloc[0] == pytest.approx(0.57)
    assert table["auxiliary_points_test"].tolist() == pytest.approx([2.0] * 4)
    mean = improvement_table(accuracies(seeds=(0, 1, 2))).set_index(["layers", "split"])
    assert mean.loc[("all", "test"), "auxiliary_points"] == pytest.approx(2.1)
    assert mean.loc[("all", "test"), "control_points"] == pytest.approx(1.5)
    assert mean.loc[("all", "test"), "difference"] == pytest.approx(0.6)
    low, high = mean.loc[("all", "test"), ["auxiliary_points_low", "auxiliary_points_high"]]
    assert low < 2.1 < high and high - 2.1 == pytest.approx(4.302653 * 0.1 / 3**0.5, rel=1e-5)


def test_table4():
    table = layers_table(accuracies())
    assert {"base_train", "control_test", "all_train", "last2_test", "last1_train"} <= set(table)
    assert table["last1_test"].iloc[1] == pytest.approx(0.58 + 0.02 + 0.004)
    correlation = layers_correlation(accuracies())
    pair = correlation[(correlation["layers_a"] == "last2") & (correlation["layers_b"] == "last1")]
    assert pair["pearson"].tolist() == pytest.approx([1.0, 1.0])
    assert layers_correlation(accuracies(iterations=2))["note"].eq("fewer than 3 iterations").all()


def test_a_seed_whose_layer_choices_have_no_correlation_is_named_and_left_out():
    table = accuracies(seeds=(0, 4))
    assert layers_correlation(table)["note"].eq("").all()
    table.loc[(table["seed"] == 4) & (table["layers"] == "last1"), "accuracy"] = 0.5
    found = layers_correlation(table).set_index(["layers_a", "layers_b", "split"])
    assert found.loc[("last2", "last1", "test"), "pearson"] == pytest.approx(1)
    assert found.loc[("last2", "last1", "test"), ["seeds", "note"]].tolist() == [2, "seed 4: accuracy constant"]
    assert found.loc[("all", "last2", "test"), "note"] == ""


def test_model_names():
    assert model_kind({"name": "resnet50", "filters": []}) == "resnet50"
    assert model_kind({"filters": [4]}) == "convnet" and model_kind({"filters": []}) == "fcnn"
    assert hidden_layers({"filters": [4], "hidden": [8, 2]}) == "4 8 2"
    assert hidden_layers({"builder": "mine", "filters": [], "hidden": [3]}) == "mine"
