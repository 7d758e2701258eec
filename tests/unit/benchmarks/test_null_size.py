"""The committed study of the tests' size and power is the one that its program makes."""

import importlib

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def null_size(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    return importlib.import_module("null_size")


@pytest.fixture
def committed(root):
    return pd.read_csv(root / "resources/null_size.csv")


def test_a_cell_comes_out_as_committed(null_size, committed):
    networks = "coupled: paces correlate by .9"
    rows = committed[(committed["networks"] == networks) & (committed["seeds"] == 3)]
    found = null_size.cell(networks, 3, int(rows["simulations"].iloc[0]), 0)
    np.testing.assert_allclose(rows.set_index("test")["rejected"], found[rows["test"]], atol=1e-6)


def test_the_committed_table_is_whole_and_says_what_the_text_says(null_size, committed):
    assert len(committed) == len(null_size.SCENARIOS) * 4 * len(null_size.SEEDS)
    nothing = committed[committed["networks"].str.startswith("nothing")]
    swap = nothing[nothing["test"] == "seed swap"].dropna()["rejected"]
    assert len(swap) == 12 and swap.between(0.03, 0.07).all()
    others = nothing[(nothing["test"] != "seed swap") & (nothing["seeds"] >= 10)]["rejected"]
    assert others.min() > 0.5
    coupled = committed[committed["networks"].str.startswith("coupled") & (committed["test"] == "seed swap")]
    assert coupled[coupled["seeds"] == 20]["rejected"].min() > 0.9


def test_the_page_shows_the_table(null_size, committed, root):
    page = (root / "docs/null_size.md").read_text()
    for row in null_size.shown(committed).itertuples(index=False):
        assert f"| {' | '.join(row)} |" in page


def test_coupled_networks_are_coupled_as_stated(null_size):
    rng = np.random.default_rng(0)
    first, second = null_size.pair(rng, 4000, 0.6, lambda rng, seeds: null_size.noise(rng, seeds, 0.8))
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] == pytest.approx(0.6, abs=0.02)
    assert first.std() == pytest.approx(1, abs=0.02) and second.std() == pytest.approx(1, abs=0.02)
    assert np.corrcoef(first[:, :-1].ravel(), first[:, 1:].ravel())[0, 1] == pytest.approx(0.8, abs=0.02)
