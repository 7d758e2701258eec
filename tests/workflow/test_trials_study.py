"""A grid and an intervention through Snakemake: few jobs, their tables, figures and page, and nothing made twice."""

import copy

import pytest
from samples import read_rows

from neurons.workflow.registry import RESULTS, wrong_columns

CONFIG = {
    "datasets": {"digits": {"source": "digits", "train_samples": 400}},
    "runs": {
        "base": {
            "dataset": "digits",
            "seeds": [0, 1, 2],
            "studies": [],
            "model": {"hidden": [24]},
            "graph": {"top_neurons": 8},
            "modularity": {"starts": 2},
            "training": {"iterations": 1, "epochs_per_iteration": 60, "stop_at_loss": 0.4, "learning_rate": 0.005},
            "measures": {"panel": ["selectivity", "nc1", "train_loss", "live_units", "margin"]},
        }
    },
    "sweep": {"base": "base", "grid": {"model.dropout": [0, 0.5]}, "intervene": {"selectivity": [-1, 1]}},
}
PAPER = "results/paper/measures"


@pytest.fixture(scope="module")
def made(new_place):
    place = new_place("trials")
    return place, place.make(CONFIG)


def test_few_jobs_make_the_tables_figures_and_the_page(made):
    place, outcome = made
    jobs = outcome.jobs
    assert jobs["measure_networks"] == 1 + 2  # 6 networks of the grid, 15 of the intervention
    assert jobs["rank_networks"] == jobs["tabulate_intervention"] == 1 and jobs["draw_figure"] == 2
    assert not any(name.startswith(("train_model", "dump_activations")) for name in jobs)
    for path, result in RESULTS.items():
        if path.startswith("paper/measures/"):
            assert (place / "results" / path).is_file()
            if result.columns:
                header = (place / "results" / path).read_text().splitlines()[0].split(",")
                assert wrong_columns(result, header) is None
    page = (place / "results/report.html").read_text()
    assert "Which measure ranks" in page or "rank correlation of every measure" in page


def test_networks_stop_at_their_loss_and_selectivity_moves(made):
    place, _ = made
    networks = read_rows(place / PAPER / "intervention_networks.csv")
    assert len(networks) == 15 and all(
        (float(row["train_loss"]) <= 0.4) == (row["reached"] == "True") for row in networks
    )

    def mean(strength):
        own = [float(row["value"]) for row in networks if (row["strength"], row["sham"]) == (strength, "False")]
        return sum(own) / len(own)

    assert mean("-1") > mean("0") > mean("1")
    assert not list((place / "results/base").rglob("*.h5")) and not list((place / "results/base").rglob("*.pt"))


def test_a_factor_more_makes_its_own_networks_alone(made):
    place, _ = made
    config = copy.deepcopy(CONFIG)
    config["sweep"]["intervene"]["entropy"] = [1]
    config["runs"]["base"]["measures"]["panel"].append("entropy")
    assert place.dry_run(CONFIG) == {}
    config["sweep"].pop("intervene")
    config["runs"]["base"]["measures"] = CONFIG["runs"]["base"]["measures"]
    assert "measure_networks" not in place.dry_run(config)


def test_a_ranking_without_a_grid_is_one_line(made):
    place, _ = made
    config = {key: value for key, value in CONFIG.items() if key != "sweep"}
    outcome = place.run(config, f"{PAPER}/ranking.csv", "--force")
    assert outcome.code != 0
    log = (place / "logs/rank_networks/ranking.log").read_text()
    assert log.startswith("error: the configuration has no sweep.grid")
