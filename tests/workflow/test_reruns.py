"""What a change makes stale: its own stage and what follows, nothing before or beside it."""

import copy

import pytest

ENTROPY = {"correlate_entropy": 1, "correlate_class_entropy": 1, "plot_series": 1}
MODULARITY = {"measure_modularity": 3, "tabulate_communities": 1, "correlate_modularity": 1}
ENDING = {"write_report": 1, "all": 1}
GRAPHS = {"build_graphs": 3, "tabulate_overlap": 1, "draw_graphs": 1, "export_graphs": 2} | MODULARITY


@pytest.mark.parametrize(
    "settings, jobs",
    [
        (
            {"entropy": {"bins": 5}},
            {"measure_entropy": 3, **ENTROPY, "compare_tables": 2, "compare_series": 1, **ENDING},
        ),
        ({"modularity": {"starts": 2}}, {**MODULARITY, "compare_tables": 2, **ENDING}),
        ({"modularity": {"resolution": 1.5}}, {**MODULARITY, "compare_tables": 2, **ENDING}),
        ({"graph": {"top_neurons": 3}}, {**GRAPHS, "compare_tables": 3, **ENDING}),
        (
            {"training": {"learning_rate": 0.01}},
            {"train_model_3": 1, "dump_activations": 3, "tabulate_accuracy": 1, "measure_entropy": 3, **GRAPHS}
            | {**ENTROPY, "compare_tables": 6, "compare_series": 1, **ENDING},
        ),
    ],
    ids=["bins", "starts", "resolution", "top_neurons", "learning_rate"],
)
def test_a_changed_setting_of_one_run_redoes_its_stage_and_what_follows(finished, tiny, alter, settings, jobs):
    assert finished.dry_run(alter(tiny, **settings)) == jobs


@pytest.mark.parametrize(
    "arguments",
    [
        ("--cores", "1"),
        ("--set-threads", "train_model_3=2", "dump_activations=2"),
        ("--set-resources", "train_model_3:mem_mb=5000", "measure_entropy:runtime=1"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_how_a_run_is_computed_makes_nothing_stale(finished, tiny, arguments):
    assert finished.dry_run(tiny, *arguments) == {}


def test_where_data_come_from_makes_nothing_stale(finished, tiny):
    assert finished.dry_run(tiny | {"download": False, "data_dir": "elsewhere"}) == {}


def test_a_default_that_is_spelt_out_makes_nothing_stale(finished, tiny, alter):
    assert finished.dry_run(alter(tiny, entropy={"bins": 10}, seeds=[0], labels="given")) == {}


UP_TO_DUMPS = {"fetch_dataset", "convert_dataset", "train_model_3", "dump_activations"}


@pytest.mark.parametrize(
    "module, redone, kept",
    [
        (
            "entropy",
            {"measure_entropy", *ENTROPY, "compare_tables", "compare_series", *ENDING},
            UP_TO_DUMPS | set(GRAPHS) | {"tabulate_accuracy"},
        ),
        (
            "modularity",
            {*MODULARITY, "compare_tables", *ENDING},
            UP_TO_DUMPS | {"build_graphs", "measure_entropy", *ENTROPY, "compare_series"},
        ),
        (
            "plots",
            {"plot_series", "compare_series", "tabulate_overlap", "draw_graphs", *ENDING},
            UP_TO_DUMPS | {"build_graphs", "measure_entropy", "correlate_entropy", "tabulate_accuracy", *MODULARITY},
        ),
        (
            "training",
            {"train_model_3", "dump_activations", "build_graphs", "measure_entropy", "tabulate_accuracy", *ENDING},
            {"fetch_dataset", "convert_dataset"},
        ),
    ],
    ids=["entropy", "modularity", "plots", "training"],
)
def test_an_edited_module_redoes_its_stage_and_what_follows(finished, tiny, edited_workflow, module, redone, kept):
    place = copy.copy(finished)
    place.workflow = edited_workflow
    with open(edited_workflow / "scripts" / "neurons" / f"{module}.py", "a") as stream:
        stream.write("# An edit.\n")
    jobs = set(place.dry_run(tiny))
    assert redone <= jobs
    assert not kept & jobs


def test_the_same_workflow_in_another_folder_has_nothing_to_do(finished, tiny, edited_workflow):
    place = copy.copy(finished)
    place.workflow = edited_workflow
    assert place.dry_run(tiny) == {}
