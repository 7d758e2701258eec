"""The co-activation study of a tiny convolutional network on digits, from the data to the tables and figures."""

import h5py
import pytest
from samples import read_rows

RESULTS = [f"graph.{suffix}" for suffix in ("h5", "graphml", "gexf")]
RESULTS += [f"figure{n}.{suffix}" for n in range(1, 6) for suffix in ("csv", "svg", "png")]
RESULTS += ["table1.csv", "centrality.csv"]
RESULTS += [f"{name}.{suffix}" for name in ("stability", "silencing") for suffix in ("csv", "svg", "png")]
RESULTS += ["figure2_shares.csv", "figure3_thresholds.csv"]
CONFIG = {
    "datasets": {"digits": {"source": "digits"}},
    "runs": {
        "conv": {
            "dataset": "digits",
            "studies": ["coactivation"],
            "model": {"filters": [4], "hidden": [16, 8]},
            "training": {"iterations": 2, "batch_size": 64},
            "coactivation": {"louvain_runs": 3, "silencing_repeats": 2, "top_k": 5, "export_pixels": True},
        }
    },
}


@pytest.fixture(scope="module")
def study(new_place):
    place = new_place("coactivation")
    return place, place.make(CONFIG)


def test_every_result_of_the_contract_is_made_by_default(study):
    place, outcome = study
    for name in RESULTS:
        assert (place / "results/conv/coactivation" / name).stat().st_size > 0, name
    for name in ("table1.csv", "table1.md", "figures.csv", "figures.md"):
        assert (place / "results/paper/coactivation" / name).stat().st_size > 0, name
    # One graph, that of the last iteration; the other study is not asked for.
    assert outcome.jobs["correlate_neurons"] == outcome.jobs["dump_activations"] == 1
    assert "build_graphs" not in outcome.jobs
    assert "results/conv/coactivation/" in outcome.screen


def test_the_graph_is_of_the_last_iteration_and_has_every_layer(study):
    with h5py.File(study[0] / "results/conv/coactivation/graph.h5") as file:
        assert file.attrs["iteration"] == 2
        assert list(file.attrs["layers"]) == ["input", "conv_1", "dense_1", "dense_2", "output"]
        assert file["correlation/input/conv_1"].shape == (64, 4)
        assert "input" not in file["correlation/input"]


def test_tables_name_every_class_and_k(study):
    folder = study[0] / "results/conv/coactivation"
    named = [name for row in read_rows(folder / "table1.csv") for name in row["classes"].split("; ") if name]
    assert sorted(named) == [str(digit) for digit in range(10)]
    assert [(row["k"], row["class"]) for row in read_rows(folder / "figure2.csv")] == [
        (str(k), str(c)) for k in range(1, 6) for c in range(10)
    ]
    assert len(read_rows(folder / "stability.csv")) == 45
    assert len(read_rows(folder / "centrality.csv")) == 28
    assert len(read_rows(folder / "figure4.csv")) == 640


def test_silencing_starts_from_the_accuracy_in_the_history(study):
    place = study[0]
    base = float(read_rows(place / "results/conv/seed-0/history.csv")[-1]["test_accuracy"])
    for row in read_rows(place / "results/conv/coactivation/silencing.csv"):
        assert float(row["accuracy"]) + float(row["accuracy_lost"]) == pytest.approx(base, abs=1e-5)


def test_any_iteration_can_be_asked_for(study):
    place, _ = study
    target = "results/conv/seed-0/coactivation/01/"
    place.make(CONFIG, target + "figure3.csv", target + "figure2.csv")
    with h5py.File(place / target / "graph.h5") as file:
        assert file.attrs["iteration"] == 1


def test_a_setting_remakes_only_what_depends_on_it(study):
    run = CONFIG["runs"]["conv"]
    changed = CONFIG | {"runs": {"conv": run | {"coactivation": run["coactivation"] | {"neighbour_threshold": 0.4}}}}
    jobs = study[0].dry_run(changed)
    assert set(jobs) == {
        *("all", "compare_mistakes", "test_similarity", "tabulate_heatmaps", "draw_figure"),
        *("compare_coactivation", "write_report"),
    }


def test_dumps_made_elsewhere_give_all_that_needs_no_network(study, new_place):
    place = new_place("imported")
    settings = {"studies": ["coactivation"], "training": {"iterations": 1}, "coactivation": {"louvain_runs": 2}}
    dump = study[0] / "results/conv/seed-0/activations/02.h5"
    folder = place / "elsewhere"
    folder.mkdir()
    (folder / "01.h5").write_bytes(dump.read_bytes())
    with h5py.File(folder / "01.h5", "r+") as file:
        file.attrs["iteration"] = 1
    place.make({"runs": {"imported": settings | {"activations": str(folder)}}})
    made = {path.name for path in (place / "results/imported/coactivation").iterdir()}
    assert {"graph.h5", "graph.gexf", "table1.csv", "figure1.svg", "figure3.svg", "centrality.csv"} <= made
    assert not {"figure2.svg", "figure4.svg", "silencing.csv"} & made
