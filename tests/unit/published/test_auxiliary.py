"""Tables 1 to 4 of the auxiliary study, made-up accuracies beside made-up published values."""

import numpy as np
import pandas as pd
import pytest
from frames import BOOSTING_HISTORY as HISTORY
from frames import SHARED, accuracies

from neurons.auxiliary.tables import layers_correlation, layers_table, methods_table
from neurons.core.tables import read_csv_table
from neurons.published.auxiliary import BOOSTED, TABLES, average_improvement, mean_percent, with_correlations

PUBLISHED = pd.DataFrame(
    [("d", "fcnn", i, "all", 55.0 + i, 56.0 + i, 50.0, 51.5) for i in range(1, 5)],
    columns=["dataset", "model", "iteration", "layers", "train_accuracy_percent", "boosted_train_accuracy_percent"]
    + ["test_accuracy_percent", "boosted_test_accuracy_percent"],
)


def test_all_runs_beside_published_values():
    pairs = {"one": ("d", "fcnn"), "two": ("d", "convnet"), "three": ("e", "fcnn")}
    labels = {run: {"dataset": dataset, "model": model} for run, (dataset, model) in pairs.items()}
    tables = {run: methods_table(accuracies(), HISTORY) for run in labels}
    full = TABLES[2].beside(tables, labels, PUBLISHED)
    shown, average = TABLES[2].arranged(full), average_improvement(full, BOOSTED[2])
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
    assert set(TABLES[3].beside(tables, labels, PUBLISHED)["run"]) == {"one", "two"}


def test_like_is_compared_with_like():
    """The published column is on the last two layers: ours is taken from there, and from nowhere else."""
    pairs = {"one": ("d", "fcnn"), "two": ("d", "fcnn"), "three": ("d", "convnet")}
    labels = {run: {"dataset": dataset, "model": model} for run, (dataset, model) in pairs.items()}
    given = accuracies(seeds=(0, 1))
    alone = accuracies(choices=("all",))  # a run that has no other choice
    tables = {"one": methods_table(given, HISTORY), "two": methods_table(alone, HISTORY)}
    tables["three"] = tables["one"]
    by_layers = {"one": layers_table(given), "two": layers_table(alone), "three": layers_table(given)}
    full = TABLES[2].beside(tables, labels, PUBLISHED.assign(layers="last2"), by_layers)
    for row in full.to_dict("records"):
        method, layers = row["column"], {"base": "", "control": ""}.get(row["column"], "all")
        if row["run"] == "one" and method == "auxiliary":
            layers = "last2"
        assert row["layers"] == layers
        source = (given if row["run"] != "two" else alone).set_index(["layers", "method", "split", "iteration"])
        ours = source.loc[(layers or "all", method, row["split"], row["iteration"]), "accuracy"].mean()
        assert row["percent"] == pytest.approx(100 * ours)
        beside = method == "base" or (method, layers) == ("auxiliary", "last2")
        assert np.isnan(row["published_percent"]) != (beside and row["run"] != "three")


def test_published_columns_of_resnet50_are_those_of_table_4(root):
    """Table 2 prints Table 4's last two layers, and Table 3 its last one; which the files say."""
    two, three, four = (read_csv_table(root / f"resources/published/auxiliary_table{n}.csv") for n in (2, 3, 4))
    for table, layers, models in ((two, "last2", 2), (three, "last1", 1)):
        both = table.merge(four, on=["dataset", "model", "iteration"], suffixes=("", "_4"))
        assert len(both) == 20 * models and set(both["layers"]) == {layers}
        for split in ("train", "test"):
            printed, expected = both[f"boosted_{split}_accuracy_percent"], both[f"boosted_{split}_{layers}_percent"]
            assert (printed == expected).all()
        assert set(table.loc[table["model"] != "resnet50", "layers"]) == {"all"}
    average = read_csv_table(root / "resources/published/auxiliary_average_improvement.csv")
    own = average[(average["model"] == "resnet50") & (average["table"] < 4)]
    assert dict(zip(zip(own["table"], own["dataset"]), own["layers"])) == {
        (2, "cifar10"): "last2",
        (2, "plant-village"): "last2",
        (3, "cifar10"): "last1",
    }


def test_table4_beside_published_values():
    columns = ["dataset", "model", "iteration", "train_accuracy_percent", "boosted_train_last2_percent"]
    columns += ["boosted_train_last1_percent", "test_accuracy_percent", "boosted_test_last2_percent"]
    published = pd.DataFrame([("d", "fcnn", 1, 1, 2, 3, 4, 5, 6)], columns=[*columns, "boosted_test_last1_percent"])
    labels = {"one": {"dataset": "d", "model": "fcnn"}}
    full = TABLES[4].beside({"one": layers_table(accuracies())}, labels, published)
    first = full.query("iteration == 1 and split == 'test'").set_index("column")["published_percent"]
    assert first[["base", "last2", "last1"]].tolist() == [4, 5, 6]
    shown = with_correlations(TABLES[4].arranged(full), {"one": layers_correlation(accuracies())})
    assert shown.iloc[-1]["one train last2"] == "1"


def test_entropy_stands_beside_the_published_of_the_same_data_and_model():
    table = pd.DataFrame([dict.fromkeys(SHARED, 0.25) | {"accuracy": kind, "note": ""} for kind in ("running", "test")])
    published = pd.DataFrame(
        {"dataset": ["d", "d"], "model": ["fcnn", "vgg16"], "pearson": [-0.9, 0.9], "spearman": [-0.8, 0.8]}
    )
    labels = {"one": {"dataset": "d", "model": "fcnn"}, "two": {"dataset": "e", "model": "fcnn"}}
    full = TABLES[1].beside({"one": table, "two": table}, labels, published).set_index(["run", "accuracy"])
    assert full.loc[("one", "running"), ["published_pearson", "published_spearman"]].tolist() == [-0.9, -0.8]
    assert full.loc[("one", "running"), "difference_pearson"] == pytest.approx(1.15)
    assert full.drop(("one", "running"))["published_pearson"].isna().all()
    assert average_improvement(full.reset_index(), ()).empty  # an accuracy has no methods to gain by


def test_a_mean_over_seeds_counts_those_it_is_of():
    table = pd.DataFrame({"seed": [0, 1, 2], "iteration": 1, "base_train": [0.5, np.nan, 0.7], "base_test": np.nan})
    found = mean_percent(table, ("base", "control")).set_index(["split", "column"])
    assert found.loc[("train", "base"), ["percent", "seeds"]].tolist() == pytest.approx([60, 2])
    assert np.isnan(found.loc[("test", "base"), "percent"]) and found.loc[("test", "base"), "seeds"] == 0
    assert len(found) == 2  # no control
