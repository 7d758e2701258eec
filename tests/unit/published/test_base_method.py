"""What the published base accuracies are nearest to, on accuracies whose answer is known, and on the published files."""

import math

import pandas as pd
import pytest
from samples import read_rows

from neurons.core.tables import write_table
from neurons.published.base_method import base_distances, boosted_and_released, sentences
from neurons.published.studies import auxiliary

PRINTED = {1: 90.0, 2: 92.0, 3: 95.0}
OURS = {"base": (97.0, 98.0, 99.0), "pattern": (90.5, 92.5, 94.5), "proposed": (96.0, 96.5, 97.0)}


def table_2(run="mine", dataset="mnist", ours=OURS) -> pd.DataFrame:
    rows = [
        (run, dataset, "fcnn", i, split, name, percent, PRINTED[i] if name == "base" and split == "train" else None)
        for split in ("train", "test")
        for name, values in {**ours, "auxiliary": (98.0, 98.5, 99.0), "control": (98.0, 98.5, 99.0)}.items()
        for i, percent in enumerate(values, start=1)
    ]
    columns = ["run", "dataset", "model", "iteration", "split", "column", "percent", "published_percent"]
    return pd.DataFrame(rows, columns=columns).astype({"published_percent": float})


def test_the_nearest_method_has_the_least_distance():
    (row,) = base_distances(table_2()).to_dict("records")  # nothing is printed of the test set
    assert (row["run"], row["split"], row["nearest"]) == ("mine", "train", "pattern")
    for name, values in OURS.items():
        expected = math.sqrt(sum((a - b) ** 2 for a, b in zip(values, PRINTED.values())) / 3)
        assert row[f"{name}_rms"] == pytest.approx(expected)
        pair = pd.DataFrame({"ours": values, "theirs": list(PRINTED.values())})
        assert row[f"{name}_pearson"] == pytest.approx(pair.corr().iloc[0, 1])


def test_what_follows_depends_on_the_figures(root):
    released = boosted_and_released(root / "resources/published")
    told = sentences(base_distances(table_2()), released)
    assert "nearest to our `pattern` (rms in points: train 0.50, to our base 5.80)" in told
    assert "it is argmax(P U*) and not the model's own accuracy" in told and "released (train r = " in told
    same = sentences(base_distances(table_2("f", "fashion-mnist", OURS | {"base": tuple(PRINTED.values())})), released)
    assert same.endswith("nearest to our `base` (rms in points: train 0.00, to our base 0.00).")
    nothing = base_distances(table_2().assign(published_percent=float("nan")))
    assert nothing.empty and sentences(nothing, released) == ""


def test_boosted_accuracies_beside_the_released_ones(root):
    folder = root / "resources/published"
    released = {row["iteration"]: row for row in read_rows(folder / "communities_mnist_series.csv")}
    printed = [r for r in read_rows(folder / "auxiliary_table2.csv") if r["dataset"] == "mnist"]
    found = boosted_and_released(folder).set_index("split")
    for split, name in (("train", "evaluated_train_accuracy"), ("test", "test_accuracy")):
        theirs = [float(row[f"boosted_{split}_accuracy_percent"]) for row in printed]
        plain = [100 * float(released[row["iteration"]][name]) for row in printed]
        assert found.loc[split, "pearson"] == pytest.approx(pd.Series(theirs).corr(pd.Series(plain)))
        assert found.loc[split, "points"] == pytest.approx(sum(a - b for a, b in zip(theirs, plain)) / 20)
    assert found.loc["test", "pearson"] == pytest.approx(0.975, abs=5e-4)


def test_the_section_is_read_from_the_tables(tmp_path, root):
    write_table(table_2("007"), tmp_path / "paper/auxiliary/table2.csv")
    tables = auxiliary(tmp_path, [], root / "resources/published")
    (shown,) = [table for table in tables if table.title == "What the published base accuracies are of"]
    assert shown.rows.to_dict("records")[0]["run"] == "007" and shown.rows["nearest"].tolist() == ["pattern"]
    assert shown.rows["our `pattern`"].tolist() == ["0.50 (0.99)"] and "beside 007 is nearest" in shown.note
