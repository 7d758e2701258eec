"""Distances to the published values, against plain loops over the published files."""

import math

import numpy as np
import pandas as pd
import pytest
from samples import read_rows

from neurons.core.tables import read_csv_table, write_table
from neurons.published.agreement import COLUMNS, TITLE, agreement, arranged, nearest, rms, signs
from neurons.published.studies import communities
from neurons.workflow.registry import RESULTS, wrong_columns

METRICS = ("klb", "no_overlap", "unweighted_overlap", "weighted_overlap")
RUNS = {"mine": "mnist", "other": "fashion-mnist", "new": "my-own"}
GRAPH = {"top_neurons": 50, "select_by": "mean"}


@pytest.fixture
def folder(root):
    return root / "resources/published"


def correlated(keys: list[dict], rng) -> pd.DataFrame:
    """Correlations at random with two accuracies, of which the paper's is `running`."""
    rows = [key | {"accuracy": kind} for key in keys for kind in ("running", "test")]
    return pd.DataFrame([row | dict(zip(("pearson", "spearman"), rng.uniform(-1, 1, 2))) for row in rows])


def tables_of(rng, seeds=(4, 5), iterations=(1, 20)) -> dict[str, pd.DataFrame]:
    """A run's tables at random."""
    pairs = [
        (seed, i, layer, kind, a, b, int(rng.integers(0, 30)))
        for seed in seeds
        for i in iterations
        for layer in (1, 2)
        for kind in ("exclusive", "shared")
        for a in range(10)
        for b in range(10)
    ]
    series = ["entropy_bits", "running_accuracy", "train_accuracy", "test_accuracy"]
    rows = [(seed, i, *rng.uniform(0.5, 1, 4)) for seed in seeds for i in range(1, 21)]
    return {
        "table2": pd.DataFrame(
            pairs, columns=["seed", "iteration", "layer", "matrix", "class_i", "class_j", "neurons"]
        ),
        "table4": correlated([{"layer": n, "metric": metric} for n in (1, 2) for metric in METRICS], rng),
        "table5": correlated([{}], rng),
        "table6": correlated([{"class": c} for c in range(10)], rng),
        "figure1": pd.DataFrame(rows, columns=["seed", "iteration", *series]),
    }


@pytest.fixture
def made(rng, folder):
    """The tables of three runs by run, and what is made of them."""
    own = {run: tables_of(rng) for run in RUNS}
    by_table = {name: {run: own[run][name] for run in RUNS} for name in own["mine"]}
    trained = {"model": {"hidden": [5], "dropout": 0.2}, "training": {"optimizer": "adam", "batch_size": 32}}
    settings = {"mine": trained, "other": {}, "new": trained}
    settings = {run: {"graph": GRAPH, "seeds": [4, 5]} | one for run, one in settings.items()}
    return own, agreement(by_table, {run: {"dataset": data} for run, data in RUNS.items()}, settings, folder)


def test_a_row_for_each_run_with_published_values(made):
    _, full = made
    assert list(full) == list(COLUMNS) and full["run"].tolist() == ["mine", "other"]
    mine, other = full.to_dict("records")
    assert (mine["dropout"], mine["optimizer"], mine["batch_size"], mine["seeds"]) == (0.2, "adam", 32, 2)
    assert (mine["top_neurons"], mine["select_by"]) == (50, "mean")
    assert pd.isna(other["dropout"]) and pd.isna(other["optimizer"]) and pd.isna(other["batch_size"])  # made elsewhere
    assert pd.isna(other["entropy_rms_bits"]) and pd.isna(other["table2_cells"])  # printed of MNIST alone


def test_distances_to_the_series(made, folder):
    own, full = made
    printed = read_rows(folder / "communities_mnist_series.csv")
    columns = {
        "running_rms_points": ("running_accuracy", "running_train_accuracy", 100),
        "train_rms_points": ("train_accuracy", "evaluated_train_accuracy", 100),
        "test_rms_points": ("test_accuracy", "test_accuracy", 100),
        "entropy_rms_bits": ("entropy_bits", "entropy_bits", 1),
    }
    ours = own["mine"]["figure1"].to_dict("records")
    for column, (name, theirs, scale) in columns.items():
        squares = []
        for row in printed:
            seeds = [one[name] for one in ours if one["iteration"] == int(row["iteration"])]
            squares.append((scale * (sum(seeds) / len(seeds) - float(row[theirs]))) ** 2)
        assert full.loc[0, column] == pytest.approx(math.sqrt(sum(squares) / len(squares)))


@pytest.mark.parametrize("name", ["table4", "table4_layer1", "table5", "table6"])
@pytest.mark.parametrize("index, run", [(0, "mine"), (1, "other")])
def test_signs_and_distances_of_the_correlations(made, folder, name, index, run):
    own, full = made
    table, agreeing, of, squares = name.split("_")[0], 0, 0, []
    for row in read_rows(folder / f"communities_{table}.csv"):
        if row["dataset"] != RUNS[run] or name.endswith("layer1") and row["layer"] != "1":
            continue
        for one in own[run][table].to_dict("records"):
            same = one.get("layer", 0) == int(row.get("layer", 0)) and one.get("metric") == row.get("metric")
            if one["accuracy"] == "running" and same and one.get("class", 0) == int(row.get("class", 1)) - 1:
                for measure in ("pearson", "spearman"):
                    ours, theirs = one[measure], float(row[measure])
                    squares.append((ours - theirs) ** 2)
                    of += theirs != 0
                    agreeing += theirs != 0 and (ours > 0) == (theirs > 0)
    assert len(squares) == {"table4": 16, "table4_layer1": 8, "table5": 2, "table6": 20}[name]
    assert (full.loc[index, f"{name}_signs"], full.loc[index, f"{name}_cells"]) == (agreeing, of)
    assert full.loc[index, f"{name}_rms"] == pytest.approx(math.sqrt(sum(squares) / len(squares)))


def test_signs_and_distances_of_the_overlaps(made, folder):
    own, full = made
    printed = {
        (int(row["iteration"]), int(row["class_i"]), int(row["class_j"])): int(row["unique_neurons"])
        for row in read_rows(folder / "communities_table2.csv")
    }
    rows = [r for r in own["mine"]["table2"].to_dict("records") if r["layer"] == 1 and r["matrix"] == "shared"]

    def mean(i, a, b):
        found = [r["neurons"] for r in rows if (r["iteration"], r["class_i"], r["class_j"]) == (i, a, b)]
        return sum(found) / len(found)

    squares, agreeing, of = [], 0, 0
    for a in range(10):
        for b in range(a, 10):
            ours, theirs = mean(20, a, b) - mean(1, a, b), printed[20, a, b] - printed[1, a, b]
            of += theirs != 0
            agreeing += ours * theirs > 0
            squares += [(mean(i, a, b) - printed[i, a, b]) ** 2 for i in (1, 20)]
    assert (full.loc[0, "table2_signs"], full.loc[0, "table2_cells"]) == (agreeing, of) and of > 40
    assert full.loc[0, "table2_rms"] == pytest.approx(math.sqrt(sum(squares) / 110))


def test_a_shorter_run_has_no_sign_of_table_2(rng, folder):
    tables = {name: {"mine": table} for name, table in tables_of(rng, iterations=(1, 5)).items()}
    full = agreement(tables, {"mine": {"dataset": "mnist"}}, {"mine": {"graph": GRAPH, "seeds": [0]}}, folder)
    assert pd.isna(full.loc[0, "table2_signs"]) and pd.isna(full.loc[0, "table2_rms"])


def test_what_is_not_known_or_zero():
    nan = float("nan")
    assert signs([0.5, -0.5, 0.0, nan, 0.3], [0.1, -0.2, 0.3, 0.4, nan]) == (2, 4)
    assert signs([0.5, 0.0], [0.0, 0.0]) == (0, 0)
    assert rms([3, nan, 4]) == pytest.approx(math.sqrt(12.5)) and math.isnan(rms([nan])) and math.isnan(rms([]))


def test_runs_without_published_values_leave_an_empty_table(rng, folder):
    tables = {name: {"new": table} for name, table in tables_of(rng).items()}
    full = agreement(tables, {"new": {"dataset": "my-own"}}, {"new": {"graph": GRAPH, "seeds": [0]}}, folder)
    assert list(full) == list(COLUMNS) and full.empty and arranged(full).empty and nearest(full) == ""


def test_the_page_names_the_nearest_run(made, tmp_path):
    _, full = made
    path = tmp_path / "paper/communities/agreement.csv"
    write_table(full, path)
    record = RESULTS["paper/communities/agreement.csv"]
    assert wrong_columns(record, list(read_csv_table(path))) is None
    (shown,) = [table for table in communities(tmp_path, []) if table.title == TITLE]
    assert shown.rows["run"].tolist() == ["mine", "other"] and shown.rows["Table 2"].tolist()[1] == "–"
    first = full.iloc[0]
    assert shown.rows["Table 5"].tolist()[0] == f"{first['table5_signs']} of 2; {first['table5_rms']:.2f}"
    assert "Nearest" not in shown.note  # one run a data set
    all_signs = {"table6_signs": full.loc[0, "table6_cells"]}
    pair = pd.concat([full.iloc[[0]], full.iloc[[0]].assign(run="near", table4_rms=0.0, **all_signs)])
    assert nearest(pair).startswith("Nearest on mnist: running series, rms in points: mine (")
    assert "Table 4, rms: near (0.00)" in nearest(pair)
    assert "Table 6, signs: near (100 %)" in nearest(pair)
    assert "Table 2, signs: mine, near" in nearest(pair)  # equal in this
    assert nearest(full.iloc[[0]]) == ""  # of one run there is no nearest
    assert np.isnan(full.loc[1, "running_rms_points"])
