"""The table of a sweep is the runs' own tables, stacked, with the change from the base; the figure draws its numbers."""

import numpy as np
import pandas as pd
import pytest
from drawn import twice
from frames import KINDS, SHARED
from PIL import Image

from neurons.figures import sensitivity as figures
from neurons.figures.style import figure
from neurons.published.sensitivity import arranged, sensitivity

METRICS = ("klb", "weighted_overlap")
VARIATIONS = [
    ["graph.top_neurons", 5, "a-5"],
    ["graph.top_neurons", 10, "a"],
    ["entropy.bins", 10, "a"],
    ["entropy.bins", 20, "a-20"],
    ["model.dropout", 0, "a-0"],
    ["model.dropout", 0.02, "a"],
    ["model.hidden", [4], "a-4"],
    ["model.hidden", [4, 4], "a"],
    ["model.hidden", [4, 4, 4], "a-444"],
]
MEASURES = ("pearson", "spearman", "pearson_given_epoch", "pearson_differences")


def correlations(rng, labels: list[dict]) -> pd.DataFrame:
    """A run's own table at random: a row per label and accuracy, in the columns that all tables share."""
    rows = []
    for label in labels:
        for kind in KINDS:
            row = dict.fromkeys(SHARED, 0.0) | {"iterations": 6, "seeds": 3, "note": kind}
            for name in MEASURES:
                row[name] = rng.uniform(-0.9, 0.9)
                row[f"{name}_low"], row[f"{name}_high"] = row[name] - 0.05, row[name] + 0.08
            rows.append({**label, "accuracy": kind, **row})
    return pd.DataFrame(rows)


@pytest.fixture
def tables(rng):
    """Tables 4 and 5 of every run, by run name; `a-4` has one layer, `a-444` three, all others two."""
    depth = {"a-4": 1, "a-444": 3}
    modularity = {
        run: correlations(
            rng,
            [
                {"layer": i, "layer_name": f"dense_{i}", "metric": metric}
                for i in range(1, depth.get(run, 2) + 1)
                for metric in METRICS
            ],
        )
        for run in ("a", "a-5", "a-0", "a-4", "a-444")
    }
    return modularity, {run: correlations(rng, [{}]) for run in ("a", "a-20", "a-0", "a-4", "a-444")}


@pytest.fixture
def table(tables):
    return sensitivity(VARIATIONS, "a", *tables)


def own_row(tables, row):
    """The row of a run's own table that a row of the sweep's table was taken from."""
    modularity, entropy = tables
    if row.table == 5:
        return entropy[row.run].set_index("accuracy").loc[row.accuracy]
    own = modularity[row.run].set_index(["layer", "metric", "accuracy"])
    key = (int(row.layer), row.metric, row.accuracy)
    return own.loc[key] if key in own.index else None


def test_every_row_is_that_of_the_runs_own_table(table, tables):
    assert len(table) == (2 * 4 + 2 * 4 + 2 + 4 + 6) * 3 + (2 + 2 + 3) * 3
    for row in table.itertuples():
        own = own_row(tables, row)
        assert all(getattr(row, name) == own[name] for name in SHARED)


def test_change_is_from_the_base_at_the_same_layer_metric_and_accuracy(table, tables):
    unmatched = 0
    for row in table.itertuples():
        base = own_row(tables, row._replace(run="a"))
        for name in MEASURES:
            change = getattr(row, f"{name}_change")
            if base is None:
                assert np.isnan(change) and row.run == "a-444" and row.layer == "3"
                unmatched += 1
            else:
                assert change == pytest.approx(getattr(row, name) - base[name], abs=1e-12)
    assert unmatched == 2 * 3 * 4


def test_a_factor_has_rows_of_the_tables_that_it_can_move_and_the_base_in_each(table):
    found = {factor: set(rows["table"]) for factor, rows in table.groupby("factor")}
    assert found == {"graph.top_neurons": {4}, "entropy.bins": {5}, "model.dropout": {4, 5}, "model.hidden": {4, 5}}
    base = table[table["is_base"]]
    assert set(base["run"]) == {"a"} and not (table[~table["is_base"]]["run"] == "a").any()
    assert dict(base.groupby("factor")["value"].first()) == {
        "entropy.bins": "10",
        "graph.top_neurons": "10",
        "model.dropout": "0.02",
        "model.hidden": "4x4",
    }
    assert (base[[f"{name}_change" for name in MEASURES]] == 0).all(axis=None)


def test_short_form_has_the_running_accuracy_with_interval_and_change(table):
    short = arranged(table)
    running = table[table["accuracy"] == "running"].reset_index(drop=True)
    assert len(short) == len(running)
    first, base = running.iloc[0], running[running["is_base"]].index[0]
    low, high, change = (first[f"pearson{suffix}"] for suffix in ("_low", "_high", "_change"))
    assert short.loc[0, "PCC"] == f"{first['pearson']:.2f} [{low:.2f}, {high:.2f}] ({change:+.2f})"
    assert short.loc[base, "value"] == "**10**" and "(" not in short.loc[base, "PCC"]


def test_what_is_not_known_is_a_dash(table):
    table.loc[0, ["pearson", "pearson_low", "pearson_high", "pearson_change"]] = np.nan
    table.loc[0, ["spearman_low", "spearman_high"]] = np.nan
    short = arranged(table)
    assert short.loc[0, "PCC"] == "–" and "[" not in short.loc[0, "SCC"]


def test_a_panel_draws_the_tables_figures_with_their_intervals(table):
    rows = table[(table["factor"] == "graph.top_neurons") & (table["metric"] == "klb") & (table["accuracy"] == "test")]
    with figure([]) as (_, axes):
        figures._draw_panel(axes[0, 0], rows, ["1", "2"])
        drawn = axes[0, 0].containers
        assert [label.get_text() for label in axes[0, 0].get_xticklabels()] == ["5", "10"]
        wanted = [(layer, name) for layer in "12" for name in ("pearson", "swapped")]
        assert len(drawn) == len(wanted)
        for (layer, name), bars in zip(wanted, drawn):
            own = rows[rows["layer"] == layer]
            x, y = np.array(bars.lines[0].get_data(), float)
            np.testing.assert_allclose(y, own[name])
            assert list(np.round(x)) == [0, 1]
            if name == "swapped":
                assert not bars.lines[2]
                continue
            ends = np.array([segment[:, 1] for segment in bars.lines[2][0].get_segments()], float)
            np.testing.assert_allclose(ends, own[[f"{name}_low", f"{name}_high"]])


def test_figure_has_the_same_bytes_each_time(table, tmp_path):
    table = table[table["factor"].isin(["entropy.bins", "model.hidden"])]
    text = twice(figures.sensitivity, [table], tmp_path)
    for word in ("entropy.bins", "model.hidden", "4x4x4", "layer 3", "other seeds", "klb", "entropy"):
        assert word in text
    with Image.open(tmp_path / "a.png") as image:
        assert min(image.size) > 600
