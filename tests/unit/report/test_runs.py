import pandas as pd
import pytest
import yaml

from neurons.report.runs import flat, overview, settings_tables
from neurons.workflow.config import resolve


@pytest.fixture
def schema(root):
    return yaml.safe_load((root / "config/schema.yaml").read_text())


@pytest.fixture
def config(schema):
    """Two runs, one of them with two seeds and mixed labels, and one of imported dumps."""
    runs = {
        "plain": {"dataset": "digits", "model": {"hidden": [8, 4]}},
        "mixed": {"dataset": "digits", "model": {"filters": [2]}, "labels": "mixed", "seeds": [0, 3]},
        "imported": {"activations": "elsewhere"},
    }
    return resolve({"datasets": {"digits": {"source": "digits"}}, "runs": runs}, schema)


def history(path, *test_accuracies):
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {"iteration": i, "running_accuracy": 0.25, "train_accuracy": 0.5, "test_accuracy": value}
        for i, value in enumerate(test_accuracies, start=1)
    ]
    pd.DataFrame(rows).to_csv(path, index=False)


TARGETS = [f"{run}/communities/table{n}.csv" for run in ("plain", "mixed", "imported") for n in (1, 2)]


def test_overview_tells_what_each_run_is_and_how_far(config, tmp_path):
    history(tmp_path / "plain/seed-0/history.csv", 0.1, 0.9)
    history(tmp_path / "mixed/seed-3/history.csv", 0.1, 0.123456)
    for name in ("plain/communities/table1.csv", "plain/communities/table2.csv", "mixed/communities/table2.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a\n1\n")
    rows = overview(tmp_path, config["runs"], TARGETS).set_index("run")
    assert rows["state"].to_dict() == {
        "plain": "finished",
        "mixed": "1 of 2 results, 1 of 2 seeds trained",
        "imported": "not started",
    }
    assert rows["test (%)"].to_dict()["plain"] == 90 and rows["test (%)"]["mixed"] == 12.35
    assert rows.loc["plain", ["running (%)", "training (%)"]].tolist() == [25, 50]
    assert pd.isna(rows["test (%)"]["imported"])
    assert rows["model"].tolist() == ["fcnn 8 4", "convnet 2 512 512", "imported dumps"]
    assert rows["data set"].tolist() == ["digits", "digits (mixed labels)", ""]
    assert rows["seeds"].tolist() == ["0", "0 3", "0"]


def test_accuracy_is_the_mean_over_the_seeds(config, tmp_path):
    history(tmp_path / "mixed/seed-0/history.csv", 0.2)
    history(tmp_path / "mixed/seed-3/history.csv", 0.4)
    assert overview(tmp_path, config["runs"], TARGETS).set_index("run")["test (%)"]["mixed"] == 30


def test_a_run_of_the_sweep_has_the_accuracy_of_the_run_whose_dumps_it_takes(config, tmp_path):
    history(tmp_path / "plain/seed-0/history.csv", 0.9)
    runs = config["runs"] | {"swept": config["runs"]["plain"] | {"studies": [], "dumps_of": "plain"}}
    row = overview(tmp_path, runs, TARGETS).set_index("run").loc["swept"]
    assert (row["state"], row["test (%)"], row["studies"]) == ("of the sweep", 90, "")


def test_settings_are_all_there_once_with_their_meaning(config, schema):
    tables = settings_tables(config["runs"], config["datasets"], schema)
    differ = tables["Settings that differ between runs"].set_index("setting")
    shared = tables["Settings that all runs share"].set_index("setting")
    assert differ.loc["labels", ["plain", "mixed"]].tolist() == ["given", "mixed"]
    assert differ.loc["model.hidden", ["plain", "mixed"]].tolist() == ["8, 4", "512, 512"]
    assert differ.loc["activations", "imported"] == "elsewhere" and differ.loc["activations", "plain"] == ""
    assert shared.loc["training.batch_size"].tolist() == ["32", "Samples per step."]
    every = {key for run in config["runs"].values() for key in flat(run)}
    assert set(differ.index) | set(shared.index) == every and not set(differ.index) & set(shared.index)
    assert all(shared["meaning"]) and all(differ["meaning"])
    assert tables["Data sets"].set_index("data set").loc["digits", "source"] == "digits"


def test_flat_settings():
    assert flat({"a": {"b": [1, "x"], "c": {}}, "d": True, "e": []}) == {
        "a.b": "1, x",
        "a.c": "{}",
        "d": "true",
        "e": "[]",
    }
