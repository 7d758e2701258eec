"""Arrangements of the tables of all runs, made of their CSVs alone."""

import numpy as np
import pandas as pd
import pytest

from neurons.core.tables import markdown, write_table
from neurons.published import auxiliary, coactivation, communities
from neurons.published.arranged import ARRANGED


def test_every_table_with_an_arrangement_of_its_own_has_one():
    numbered = {"communities": communities.TABLES, "auxiliary": auxiliary.TABLES}
    expected = {f"paper/{study}/table{n}.csv" for study, tables in numbered.items() for n in tables}
    expected |= {"paper/coactivation/table1.csv", "paper/sensitivity/table.csv", "paper/communities/agreement.csv"}
    expected |= {"paper/coactivation/readings.csv"}
    assert set(ARRANGED) == expected and set(coactivation.TABLES) == {"table1", "figures"}


@pytest.mark.parametrize("number", [4, 6])
def test_correlations_are_arranged_as_beside_the_csv(tmp_path, number):
    labels = [{"layer": n, "layer_name": "a", "metric": "klb"} for n in (1, 2)] if number == 4 else [{"class": 0}]
    figures = {"pearson": 0.5, "spearman": -0.25, "own_minus_swapped": np.nan, "swap_p": np.nan}
    printed = {"published_pearson": [0.75, np.nan], "published_spearman": [0.5, np.nan]}
    rows = [
        {"run": run, **label, "accuracy": kind, **figures, **{name: pair[i] for name, pair in printed.items()}}
        for i, run in enumerate(("007", "1e3"))  # names that look like numbers
        for label in labels
        for kind in ("running", "test")
    ]
    write_table(pd.DataFrame(rows), tmp_path / "table.csv")
    arranged = ARRANGED[f"paper/communities/table{number}.csv"](tmp_path / "table.csv")
    assert markdown(arranged) == markdown(communities.TABLES[number].arranged(pd.DataFrame(rows)))
    first = arranged.iloc[0].tolist()
    assert first[1] == "0.50 / -0.25 (0.75 / 0.50)" and first[-1] == "0.50 / -0.25"
    assert list(arranged)[1] == ("007 L1" if number == 4 else "007")


def test_the_last_row_of_layer_choices_comes_from_the_runs_own_folders(tmp_path):
    path = tmp_path / "paper/auxiliary/table4.csv"
    rows = [
        (run, "d", "fcnn", 1, split, name, 50.0, 1, 40.0, 10.0)
        for run in ("007", "other")
        for split in ("train", "test")
        for name in ("base", "last2", "last1", "control")
    ]
    names = ["run", "dataset", "model", "iteration", "split", "column", "percent", "seeds", "published_percent"]
    write_table(pd.DataFrame(rows, columns=[*names, "difference"]), path)
    pair = {"layers_a": "last2", "layers_b": "last1", "split": ["train", "test"], "pearson": [0.98762, np.nan]}
    own = tmp_path / "007/auxiliary/table4_correlation.csv"
    write_table(pd.DataFrame(pair | {"note": ["", "accuracy constant"]}), own)
    arranged = ARRANGED["paper/auxiliary/table4.csv"](path).set_index("iteration")
    assert arranged.loc["1", "007 train last2"] == "50.0 (40.0)"
    assert arranged.loc["average improvement", "other test last1"] == "+0.00 (+0.00)"
    last = arranged.loc["pearson last2, last1"]
    assert (last["007 train last2"], last["007 test last2"]) == ("0.9876", "accuracy constant")
    assert (last.drop(["007 train last2", "007 test last2"]) == "").all()  # the other run has no such table yet


def test_communities_keep_the_paper_apart_when_they_are_read_back(tmp_path):
    rows = {
        "dataset": "d",
        "source": ["ours", "published"],
        "run": ["a", ""],
        "community": "C1",
        "classes": ["0; 1", "2"],
    }
    write_table(pd.DataFrame(rows | {"modularity": [0.41249, 0.45]}), tmp_path / "table1.csv")
    arranged = ARRANGED["paper/coactivation/table1.csv"](tmp_path / "table1.csv")
    assert arranged.to_dict("list") == {
        "data set": ["d", "d"],
        "run": ["a", "published"],
        "classes by community": ["0; 1", "2"],
        "modularity": ["0.412", "0.45"],
    }
