import numpy as np
import pandas as pd
import pytest
from frames import KINDS, SHARED
from samples import read_rows

from neurons.published.communities import TABLES, series_beside

NAMES = {"mine": "mnist", "other": "fashion-mnist", "new": "my-own"}


@pytest.fixture
def folder(root):
    return root / "resources/published"


@pytest.fixture
def compared(tmp_path, folder):
    """Compare tables of three runs, one of which is not in the paper; returns the rows written and the page's text."""

    def run(number: int, tables: dict[str, pd.DataFrame]):
        labels = {name: {"dataset": NAMES[name]} for name in tables}
        full = TABLES[number].compare(tables, labels, folder)
        TABLES[number].write(full, TABLES[number].arranged(full), tmp_path / "out.csv", tmp_path / "out.md")
        return read_rows(tmp_path / "out.csv"), (tmp_path / "out.md").read_text()

    return run


def correlations(keys: list[dict], seed: int) -> pd.DataFrame:
    """A table of correlations with the three accuracies for each key."""
    rng = np.random.default_rng(seed)
    rows = [key | {"accuracy": kind} for key in keys for kind in KINDS]
    numbers = [dict.fromkeys(SHARED, 0) | dict(zip(SHARED, rng.uniform(-1, 1, 8))) for _ in rows]
    return pd.DataFrame([row | number | {"note": ""} for row, number in zip(rows, numbers)])


METRICS = ("klb", "no_overlap", "unweighted_overlap", "weighted_overlap")
KEYS = {
    4: [{"layer": n, "layer_name": f"dense_{n}", "metric": metric} for n in (1, 2) for metric in METRICS],
    5: [{}],
    6: [{"class": c} for c in range(10)],
}


@pytest.mark.parametrize("number", KEYS)
def test_correlations_stand_beside_the_papers(compared, folder, number):
    printed = read_rows(folder / f"communities_table{number}.csv")
    rows, page = compared(number, {run: correlations(KEYS[number], i) for i, run in enumerate(NAMES)})
    assert len(rows) == 3 * 3 * len(KEYS[number])
    found = 0
    for row in rows:
        theirs = [
            p
            for p in printed
            if p["dataset"] == NAMES[row["run"]]
            and row["accuracy"] == "running"
            and all(p[key] == row[key] for key in ("layer", "metric") if key in p)
            and int(p.get("class", 1)) - 1 == int(row.get("class", 0))  # the paper counts classes from 1
        ]
        for name in ("pearson", "spearman"):
            if not theirs:
                assert row[f"published_{name}"] == row[f"difference_{name}"] == ""
                continue
            (known,) = theirs
            assert float(row[f"published_{name}"]) == float(known[name])
            expected = float(row[name]) - float(known[name])
            assert float(row[f"difference_{name}"]) == pytest.approx(expected, abs=1e-5)  # six digits are written
            found += 1
    wanted = [p for p in printed if p["dataset"] in NAMES.values() and p.get("layer", "1") in "12"]
    assert found == 2 * len(wanted) > 0
    assert "mine" in page and "new" in page


def test_accuracies_stand_beside_the_papers(compared, folder):
    def table(value):
        shown = {"image_size": "28x28", "labels": "given", "hidden_layers": "512 512", "output_layer": 10}
        figures = {f"{kind}_accuracy": value + i / 100 for i, kind in enumerate(KINDS)}
        return pd.DataFrame([shown | {"epochs": 20, "iterations": 20, "seeds": 3} | figures])

    rows, page = compared(1, {"mine": table(0.9), "new": table(0.5)})
    mine, new = rows
    printed = next(p for p in read_rows(folder / "communities_table1.csv") if p["dataset"] == "mnist")
    train, test = float(printed["train_accuracy_percent"]), float(printed["test_accuracy_percent"])
    assert float(mine["published_running_accuracy_percent"]) == train
    assert float(mine["difference_running_accuracy_percent"]) == pytest.approx(90 - train, abs=1e-4)
    assert float(mine["difference_test_accuracy_percent"]) == pytest.approx(92 - test, abs=1e-4)
    assert float(mine["train_accuracy_percent"]) == pytest.approx(91)
    assert new["published_test_accuracy_percent"] == new["difference_test_accuracy_percent"] == ""
    assert f"90.00 (published {train:.2f}, {90 - train:+.2f})" in page and "| 50.00 |" in page


def test_overlaps_stand_beside_the_papers(compared, folder):
    rows = [
        (seed, i, layer, f"dense_{layer}", kind, a, b, 100 * seed + 10 * a + b)
        for seed in (2, 3)
        for i in (1, 20)
        for layer in (1, 2)
        for kind in ("exclusive", "shared")
        for a in range(10)
        for b in range(10)
    ]
    columns = ["seed", "iteration", "layer", "layer_name", "matrix", "class_i", "class_j", "neurons"]
    table = pd.DataFrame(rows, columns=columns)
    result, page = compared(2, {"mine": table, "other": table})
    assert {(r["seed"], r["layer"], r["matrix"]) for r in result} == {("2", "1", "shared")}
    printed = {
        (p["iteration"], p["class_i"], p["class_j"]): int(p["unique_neurons"])
        for p in read_rows(folder / "communities_table2.csv")
    }
    assert len(result) == 2 * 2 * 100
    for row in result:
        theirs = printed.get((row["iteration"], row["class_i"], row["class_j"]))
        if row["run"] == "mine" and theirs is not None:
            assert float(row["published_neurons"]) == theirs
            assert float(row["difference_neurons"]) == int(row["neurons"]) - theirs
        else:
            assert row["published_neurons"] == ""
    assert f"| 234 ({printed['1', '3', '4']}) |" in page


def test_community_sizes_have_no_published_values(compared):
    rows = [
        {"layer": layer, "layer_name": f"dense_{layer}", "iteration": i, "seed": 0, "nodes_per_community": 7.5}
        | {"vertices": 60, "communities": 8, "louvain": 0.4, "pearson_running": 0.25}
        | {f"community_{rank}": 10 * layer + rank for rank in range(1, 9)}
        for layer in (1, 2, 3)
        for i in (1, 20)
    ]
    written, page = compared(3, {"mine": pd.DataFrame(rows), "new": pd.DataFrame(rows[:2])})
    assert [(r["run"], r["layer"]) for r in written] == [("mine", n) for n in "112233"] + [("new", "1")] * 2
    shown = [line for line in page.splitlines() if line.startswith(("| mine", "| new"))]
    assert [("| 21 |" in line, "| 11 |" in line) for line in shown] == [(True, False)] * 2 + [(False, True)] * 2


def test_every_table_of_the_paper_is_compared():
    assert sorted(TABLES) == [1, 2, 3, 4, 5, 6]


def test_the_series_of_mnist_stands_beside_the_published_one(folder):
    def series(*seeds):
        rows = [(seed, 20, 2000.0 + 100 * seed, 0.9 + 0.02 * seed) for seed in seeds]
        return pd.DataFrame(rows, columns=["seed", "iteration", "entropy_bits", "running_accuracy"])

    labels = {"mine": {"dataset": "mnist"}, "other": {"dataset": "toy"}}
    result = series_beside({"mine": series(0, 1), "other": series(0)}, labels, folder)
    first, second = result.to_dict("records")
    assert (first["run"], first["seeds"], first["entropy_bits"]) == ("mine", 2, 2050.0)
    printed = read_rows(folder / "communities_mnist_series.csv")[19]
    assert first["published_entropy_bits"] == float(printed["entropy_bits"]) == pytest.approx(2275.429637)
    assert first["published_running_accuracy"] == float(printed["running_train_accuracy"])
    assert first["published_test_accuracy"] == float(printed["test_accuracy"])
    assert (second["run"], second["seeds"]) == ("other", 1) and np.isnan(second["published_entropy_bits"])


def test_without_a_published_series_there_are_no_columns_for_one(folder):
    table = pd.DataFrame({"seed": [0], "iteration": [1], "entropy_bits": [5.0]})
    result = series_beside({"other": table}, {"other": {"dataset": "toy"}}, folder)
    assert list(result) == ["run", "seeds", "iteration", "entropy_bits"]
