"""A sweep through Snakemake: what is trained and dumped, the table, and what a change makes stale."""

import copy
import re

import pytest
from samples import read_rows

from running import copied, is_trained

VARY = {"entropy.bins": [5, 10], "model.dropout": [0.02, 0.5]}
RUNS = {
    "entropy.bins": {"5": "tiny-bins-5", "10": "tiny"},
    "model.dropout": {"0.02": "tiny", "0.5": "tiny-dropout-0.5"},
}
TABLES = {"entropy.bins": [5], "model.dropout": [4, 5]}
TARGET = "results/paper/sensitivity/table.csv"


def plain() -> dict:
    """A run of a few seconds, without a sweep."""
    settings = {"model": {"hidden": [12, 8]}, "training": {"iterations": 3}, "graph": {"top_neurons": 4}}
    run = {"dataset": "digits", "modularity": {"starts": 3}, **settings}
    return {"iterations_per_job": 1, "datasets": {"digits": {"source": "digits"}}, "runs": {"tiny": run}}


def configuration(vary=VARY) -> dict:
    return plain() | {"sweep": {"base": "tiny", "vary": vary}}


@pytest.fixture(scope="module")
def swept_run(new_place, finished_run):
    """The table of a sweep of two factors with two values each, in a folder with nothing but the results of its base."""
    is_of_base = re.compile("data/|tiny/").match
    place = copied(finished_run[0], new_place("swept").folder, is_of_base)
    return place, place.make(configuration(), TARGET)


def test_nothing_is_trained_or_dumped_for_a_setting_of_the_measures(place):
    jobs = place.dry_run(configuration(), TARGET)
    assert jobs["train_model_3"] == 2  # the base, and the other dropout
    assert jobs["dump_activations"] == jobs["build_graphs"] == jobs["measure_modularity"] == 6
    assert jobs["measure_entropy"] == 9
    assert (jobs["correlate_modularity"], jobs["correlate_entropy"]) == (2, 3)


def test_only_what_is_not_the_bases_own_is_made(swept_run):
    place, outcome = swept_run
    jobs = outcome.jobs
    assert jobs["train_model_3"] == 1
    assert jobs["dump_activations"] == jobs["build_graphs"] == jobs["measure_modularity"] == 3
    assert jobs["measure_entropy"] == 6
    assert (jobs["correlate_modularity"], jobs["correlate_entropy"]) == (1, 2)
    assert sorted(path.name for path in (place / "results").iterdir()) == [
        "data",
        "paper",
        "tiny",
        "tiny-bins-5",
        "tiny-dropout-0.5",
    ]
    assert {path.name for path in (place / "results/tiny-bins-5/seed-0").iterdir()} == {"entropy"}


def test_the_table_holds_the_figures_of_the_runs_own_tables(swept_run):
    place, _ = swept_run
    rows = read_rows(place / TARGET)
    expected = []
    for factor, runs in RUNS.items():
        for value, run in runs.items():
            for number in TABLES[factor]:
                for own in read_rows(place / f"results/{run}/communities/table{number}.csv"):
                    labels = {"layer": "all", "layer_name": "all", "metric": "entropy"} if number == 5 else {}
                    labels |= {"factor": factor, "value": value, "is_base": str(run == "tiny"), "run": run}
                    expected.append(own | labels | {"table": str(number)})
    assert len(rows) == len(expected) == 2 * 3 + 2 * 2 * 6 * 3 + 2 * 3
    for row, own in zip(rows, expected, strict=True):
        assert {key: row[key] for key in own} == own


def test_changes_are_differences_to_the_base(swept_run):
    rows = read_rows(swept_run[0] / TARGET)
    keys = ("factor", "table", "layer", "metric", "accuracy")
    base = {tuple(row[key] for key in keys): row for row in rows if row["is_base"] == "True"}
    compared = 0
    for row in rows:
        own = base[tuple(row[key] for key in keys)]
        for name in ("pearson", "spearman"):
            if row[name] and own[name]:
                change = float(row[name]) - float(own[name])
                assert float(row[f"{name}_change"]) == pytest.approx(change, abs=2e-5)
                compared += row["is_base"] == "False" and change != 0
    assert compared > 10


def test_markdown_page_and_figure_are_made_beside_the_table(swept_run):
    swept_run[0].make(configuration(), "results/paper/sensitivity/figure.svg")
    folder = swept_run[0] / "results/paper/sensitivity"
    page = (folder / "table.md").read_text()
    assert len(re.findall(r"^\| entropy\.bins \|", page, re.M)) == 2 and "| **10** |" in page
    assert "model.dropout" in (folder / "table.csv").read_text()
    assert "model.dropout" in (folder / "figure.svg").read_text()
    assert (folder / "figure.png").stat().st_size > 10_000


def test_temporary_dumps_stay_until_every_run_that_shares_them_is_measured(tmp_path, finished, swept_run):
    place = copied(finished, tmp_path / "trained", is_trained)
    config = configuration({"entropy.bins": [5, 10]}) | {"temporary_dumps": True}
    outcome = place.make(config, TARGET)
    assert (outcome.jobs["dump_activations"], outcome.jobs["measure_entropy"]) == (3, 6)
    assert list(place.folder.glob("results/*/seed-0/activations/*")) == []
    table = "results/tiny-bins-5/communities/table5.csv"
    assert (place / table).read_bytes() == (swept_run[0] / table).read_bytes()
    assert place.dry_run(config, TARGET) == {}


def test_once_made_nothing_is_to_do(swept_run):
    assert swept_run[0].dry_run(configuration(), TARGET) == {}


def test_the_default_target_has_the_table_and_the_bases_own_results(place):
    jobs = place.dry_run(configuration())
    assert (jobs["tabulate_sensitivity"], jobs["compare_communities"], jobs["draw_figure"]) == (1, 6, 6)
    assert "tabulate_sensitivity" not in place.dry_run(plain())


def test_dumps_made_elsewhere_are_imported_once(place):
    config = {"runs": {"imported": {"activations": "elsewhere", "training": {"iterations": 3}}}}
    config["sweep"] = {"base": "imported", "vary": {"graph.top_neurons": [5, 50]}}
    jobs = place.dry_run(config, TARGET)
    assert (jobs["import_activations"], jobs["summarise_imported"], jobs["build_graphs"]) == (3, 1, 6)


def test_one_more_value_of_a_measures_setting_trains_and_dumps_nothing(swept_run):
    place, _ = swept_run
    jobs = place.dry_run(configuration(VARY | {"graph.top_neurons": [2, 4]}), TARGET)
    assert jobs == {
        "build_graphs": 3,
        "measure_modularity": 3,
        "correlate_modularity": 1,
        "tabulate_sensitivity": 1,
    }


def test_a_base_that_is_rebuilt_redoes_what_shares_its_dumps(swept_run, edited_workflow):
    place = copy.copy(swept_run[0])
    place.workflow = edited_workflow
    path = edited_workflow / "scripts/neurons/training/loop.py"
    path.write_text(path.read_text().replace("model.train()", "model.train(True)"))
    jobs = place.dry_run(configuration(), "results/tiny-bins-5/communities/table5.csv")
    assert jobs == {"train_model_3": 1, "dump_activations": 3, "measure_entropy": 3, "correlate_entropy": 1}


def test_other_tables_of_a_run_that_shares_dumps(swept_run):
    """Whatever is asked for, history, dumps and snapshots are the base's: there is nothing to train or dump."""
    place, _ = swept_run
    wanted = {
        "communities/table1.csv": {"tabulate_accuracy"},
        "communities/table6.csv": set(),  # made along with Table 5
        "communities/table4.csv": {"build_graphs", "measure_modularity", "correlate_modularity"},
        "auxiliary/boosted.pt": {"measure_patterns", "train_auxiliary_3", "assemble_boosted"},
        "coactivation/figure2.svg": {"correlate_neurons", "activate_top_neurons", "draw_figure"},
    }
    jobs = place.dry_run(configuration(), *(f"results/tiny-bins-5/{name}" for name in wanted))
    assert set(jobs) == set.union(*wanted.values())


@pytest.mark.parametrize(
    "config, target, words",
    [
        (configuration({"entropy.bin": [5]}), TARGET, ["sweep.vary", "did you mean 'entropy.bins'"]),
        (configuration({"entropy.bins": [1]}), TARGET, ["runs.tiny-bins-1.entropy.bins", "1"]),
        (configuration(), "results/tiny-bins-5/seed-0/history.csv", ["results/tiny/seed-0/history.csv"]),
        (plain(), TARGET, ["no sweep", "config/sensitivity.yaml"]),
    ],
)
def test_a_fault_is_one_line_and_nothing_is_made(place, config, target, words):
    outcome = place.run(config, target)
    assert outcome.code != 0 and len(outcome.error_lines) == 1, outcome.screen
    for word in words:
        assert word in outcome.error_lines[0]
    assert not (place / "results/paper/sensitivity").exists() or not place.files("results/paper")
