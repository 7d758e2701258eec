import re

import pytest

from neurons.workflow.docs.outputs import full_table, with_tables
from neurons.workflow.registry import (
    RESULTS,
    STUDIES,
    asked_for,
    find,
    headlines,
    place,
    runs_of,
    stems,
    wrong_columns,
)
from neurons.workflow.results.record import NETWORK, OF_SWEEP, SWEEP, Result
from running import REPOSITORY


def run(*studies: str, **settings) -> dict:
    return {"studies": studies, "seeds": [3, 5], "model": {"filters": []}, "training": {"iterations": 12}} | settings


RUNS = {
    "mlp": run("communities", "coactivation"),
    "dumps": run("coactivation", activations="elsewhere"),
    "shared": run("communities", dumps_of="mlp"),
}


def test_a_path_is_that_of_the_first_seed_and_the_last_iteration():
    assert place("{run}/communities/table1.csv", "mlp", RUNS["mlp"]) == "mlp/communities/table1.csv"
    template = "{dumped}/seed-{seed}/graphs/{first}-{last}-{iteration}"
    assert place(template, "shared", RUNS["shared"]) == "mlp/seed-3/graphs/01-12-12"
    assert place("{run}/{where}/graph.h5", "mlp", RUNS["mlp"]) == "mlp/coactivation/graph.h5"
    assert place("{where}", "mlp", RUNS["mlp"], where="seed-5/coactivation/02") == "seed-5/coactivation/02"


def test_imported_dumps_are_spared_what_needs_a_network():
    paths = asked_for(RUNS)
    assert "mlp/coactivation/figure2.svg" in paths and "mlp/coactivation/figure4.csv" in paths
    assert "dumps/coactivation/figure3.svg" in paths
    assert not {"dumps/coactivation/figure2.svg", "dumps/coactivation/figure4.csv"} & set(paths)
    assert runs_of("coactivation", RUNS) == ["mlp", "dumps"] and runs_of("coactivation", RUNS, NETWORK) == ["mlp"]


def test_only_studies_of_the_runs_and_what_is_asked_for_are_made():
    paths = asked_for(RUNS)
    assert len(paths) == len(set(paths)) and not any("auxiliary" in path or "sensitivity" in path for path in paths)
    assert "paper/communities/table4.csv" in paths and "mlp/seed-3/graphs/12.gexf" in paths
    assert not any(path.endswith(("history.csv", "graphs.csv", "reproduction.md")) for path in paths)
    assert "paper/sensitivity/figure.svg" in asked_for(RUNS, sweep=["vary"])


@pytest.mark.parametrize("key", ["name", "module"])
def test_large_models_take_part_in_every_study(key):
    own = run("communities", "coactivation", model={key: "it"})
    paths = asked_for({"mine": own})
    assert {"mine/coactivation/figure2.csv", "mine/coactivation/silencing.svg"} <= set(paths)
    assert runs_of("coactivation", RUNS | {"mine": own}, NETWORK, SWEEP) == ["mlp", "mine"]


def test_a_file_finds_its_record_and_wildcards():
    result, found = find("mlp/seed-5/coactivation/02/figure1.csv")
    assert (result.number, found) == ("Figure 1", {"run": "mlp", "where": "seed-5/coactivation/02"})
    assert find("mlp/seed-5/entropy/02.csv")[1] == {"run": "mlp", "seed": "5", "iteration": "02"}
    assert find("mlp/communities/table9.csv") is None and find("paper/communities/table4.csv")[0].of_all_runs


def test_every_record_is_found_at_its_own_place():
    for result in RESULTS.values():
        path = place(result.path, "mlp", RUNS["mlp"], dataset="digits", trials="grid", part="03")
        assert find(path)[0].path == result.path.replace("{last}", "{first}")  # both ends of a run are one kind of file


def test_columns_are_compared_exactly_but_for_a_star():
    fixed, open_ended = Result("a", "", "", columns=("x", "y")), Result("b", "", "", columns=("x", "*", "z"))
    assert wrong_columns(fixed, ["x", "y"]) is None and wrong_columns(open_ended, ["x", "z"]) is None
    assert wrong_columns(open_ended, ["x", "p", "q", "z"]) is None
    for header in (["x"], ["y", "x"], ["x", "y", "z"]):
        assert "expected x, y" in wrong_columns(fixed, header)
    assert wrong_columns(open_ended, ["x", "p"]) and wrong_columns(open_ended, ["xx", "z"])


def test_stems_match_figures_of_these_runs_alone():
    pattern = re.compile(stems([one for one in RESULTS.values() if one.drawn_by], ["mlp", "a.b"]))
    for stem in ("mlp/communities/overlap", "a.b/seed-1/coactivation/03/figure4", "paper/sensitivity/figure"):
        assert pattern.fullmatch(stem), stem
    for stem in ("aXb/communities/overlap", "mlp/communities/table1", "other/coactivation/figure1", "mlp/overlap"):
        assert not pattern.fullmatch(stem), stem


def test_what_is_looked_at_first_is_made():
    made = {path.rsplit(".", 1)[0] for path in asked_for(RUNS, OF_SWEEP)} | {"report"}
    for path, _ in headlines(RUNS, OF_SWEEP):
        assert path.rsplit(".", 1)[0] in made or any(one.startswith(path) for one in made), path


def test_every_figure_has_a_function_and_sources_that_are_results():
    from importlib import import_module

    for result in RESULTS.values():
        assert bool(result.drawn_by) == result.path.endswith(".svg")
        if result.drawn_by:
            module, function = result.drawn_by.split(".")
            assert callable(getattr(import_module(f"neurons.figures.{module}"), function))
            assert result.sources and set(result.sources) <= set(RESULTS)


def test_every_result_of_a_study_belongs_to_it():
    assert {result.study for result in RESULTS.values()} == {"", *STUDIES}
    for study in STUDIES.values():
        assert all(path.replace(".md", ".csv") in RESULTS for path in study.headline)


def test_the_documentation_holds_what_the_registry_says():
    readme = (REPOSITORY / "README.md").read_text()
    assert with_tables(readme) == readme, "run make docs"
    assert (REPOSITORY / "docs/results.md").read_text() == full_table(), "run make docs"
