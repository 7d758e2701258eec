"""What a change makes stale: its own stage and what follows, nothing before or beside it."""

import copy
import re

import pytest

MODULARITY = {"measure_modularity": 3, "correlate_modularity": 1}
ENDING = {"write_report": 1, "all": 1}
GRAPHS = {"build_graphs": 3, "tabulate_overlap": 1, "lay_out_graphs": 1, "export_graphs": 2} | MODULARITY
ENTROPY = {"measure_entropy": 3, "correlate_entropy": 1}
AGREEMENT = {"tabulate_agreement": 1}


@pytest.mark.parametrize(
    "settings, jobs",
    [
        (
            {"entropy": {"bins": 5}},
            {**ENTROPY, "compare_communities": 2, "compare_series": 1, "draw_figure": 3, **AGREEMENT, **ENDING},
        ),
        ({"modularity": {"starts": 2}}, {**MODULARITY, "compare_communities": 2, **AGREEMENT, **ENDING}),
        ({"modularity": {"resolution": 1.5}}, {**MODULARITY, "compare_communities": 2, **AGREEMENT, **ENDING}),
        ({"graph": {"top_neurons": 3}}, {**GRAPHS, "compare_communities": 3, "draw_figure": 2, **AGREEMENT, **ENDING}),
        (
            {"training": {"learning_rate": 0.01}},
            {"train_model_3": 1, "dump_activations": 3, "tabulate_accuracy": 1, **GRAPHS}
            | {**ENTROPY, "compare_communities": 6, "compare_series": 1, "draw_figure": 5, **AGREEMENT, **ENDING},
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


def test_a_note_on_a_data_set_makes_nothing_stale_but_the_report(finished, tiny):
    noted = copy.deepcopy(tiny)
    noted["datasets"]["digits"]["note"] = "small ones"
    assert finished.dry_run(noted) == ENDING


def test_a_default_that_is_spelt_out_makes_nothing_stale(finished, tiny, alter):
    assert finished.dry_run(alter(tiny, entropy={"bins": 10}, seeds=[0], labels="given")) == {}


EDITS = {  # a module of the library and an edit of its code, which changes no result
    "communities/entropy.py": ("total = histogram.sum(axis=0)", "total = histogram.sum(axis=0) + 0"),
    "communities/modularity.py": ("np.bincount(communities)", "np.bincount(communities) + 0"),
    "figures/communities.py": ("side = max(3.4,", "side = max(3.5,"),
    "figures/style.py": ("#b2182b", "#b2182c"),
    "training/loop.py": ("model.train()", "model.train(True)"),
}


@pytest.mark.parametrize(
    "module, jobs",
    [
        (
            "communities/entropy.py",
            {
                "measure_entropy": 6,
                "correlate_entropy": 2,
                "compare_communities": 2,
                "compare_series": 1,
                "draw_figure": 5,
                **AGREEMENT,
            },
        ),
        (
            "communities/modularity.py",
            {"measure_modularity": 6, "correlate_modularity": 2, "compare_communities": 2, **AGREEMENT},
        ),
        ("figures/communities.py", {"draw_figure": 2}),  # the overlap of both runs
        ("figures/style.py", {"draw_figure": 3}),  # a colour of the series of both runs, and of all
        (
            "training/loop.py",
            {"train_model_3": 2, "dump_activations": 6, "tabulate_accuracy": 2, "compare_communities": 6}
            | {name: 2 * count for name, count in (GRAPHS | ENTROPY).items()}
            | {"compare_series": 1, "draw_figure": 9, **AGREEMENT},
        ),
    ],
)
def test_an_edit_of_code_redoes_just_what_it_feeds(finished, tiny, edited_workflow, module, jobs):
    place = copy.copy(finished)
    place.workflow = edited_workflow
    path = edited_workflow / "scripts/neurons" / module
    before, after = EDITS[module]
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    assert place.dry_run(tiny) == jobs | ENDING


def test_comments_docstrings_and_messages_make_nothing_stale(finished, tiny, edited_workflow):
    place = copy.copy(finished)
    place.workflow = edited_workflow
    for path in (edited_workflow / "scripts").rglob("*.py"):
        text = re.sub(r'(raise InputError\(\s*f?")', r"\1Another message. ", path.read_text())
        path.write_text(text.replace('"""Return ', '"""Give ') + "# An edit.\n")
    assert place.dry_run(tiny) == {}


def test_the_same_workflow_in_another_folder_has_nothing_to_do(finished, tiny, edited_workflow):
    place = copy.copy(finished)
    place.workflow = edited_workflow
    assert place.dry_run(tiny) == {}
