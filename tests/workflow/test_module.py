"""The workflow as a module of another one: the example of docs/module.md, word for word but for the path."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

PAGE = (Path(__file__).parents[2] / "docs/module.md").read_text()
SNAKEFILE, CONFIG = (re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1] for kind in ("python", "yaml"))
TABLE = "results/tiny/communities/table4.csv"
CLONE = "/path/to/neuron-communities/Snakefile"


@pytest.fixture
def outer(new_place, workflow):
    """A function that writes the example, changed by a function, into a folder of its own."""

    def write(change=str):
        assert CLONE in SNAKEFILE
        place = new_place("outer")
        (place / "Snakefile").write_text(change(SNAKEFILE.replace(CLONE, str(workflow / "Snakefile"))))
        return replace(place, workflow=place.folder)

    return write


def test_the_example_makes_what_the_workflow_itself_makes(outer, finished):
    place, config = outer(), yaml.safe_load(CONFIG)
    # The run of the example is that of the finished tree, which has a job for each iteration.
    assert finished.dry_run(config["neurons"] | {"iterations_per_job": 1}, TABLE) == {}
    place.make(config)
    table = finished / TABLE
    assert (place / "neurons" / TABLE).read_bytes() == table.read_bytes()
    assert (place / "summary.txt").read_text() == "".join(
        line for line in table.read_text().splitlines(keepends=True) if "klb" in line
    )
    assert {path.name for path in place.folder.iterdir() if path.name[0] != "."} == {
        "Snakefile",
        "neurons",
        "summary.txt",
    }


def without_prefix(text: str) -> str:
    return re.sub(r"    prefix:\n.*\n", "", text)


@pytest.mark.parametrize("change", [str, without_prefix])
def test_all_results_of_the_module_are_planned(outer, new_place, change):
    place, config = outer(change), yaml.safe_load(CONFIG)
    alone = new_place("alone").dry_run(config["neurons"])
    planned = place.dry_run(config, "neurons_all")
    assert planned == {f"neurons_{rule}": count for rule, count in alone.items()}


def test_targets_of_the_outer_workflow_are_its_own_business(outer):
    rule = '\nrule own:\n    output: "results/other/communities/x.csv"\n    shell: "touch {output}"\n'
    place = outer(lambda text: text + rule)
    assert place.dry_run(yaml.safe_load(CONFIG), "results/other/communities/x.csv") == {"own": 1}


def test_a_bad_key_of_the_module_is_one_line(outer):
    config = yaml.safe_load(CONFIG)
    config["neurons"]["runs"]["tiny"]["modell"] = {}
    outcome = outer().run(config)
    assert outcome.code != 0
    assert outcome.error_lines == ["error: config: unknown key 'runs.tiny.modell', did you mean 'model'?"]


def test_the_embedded_default_is_found_from_any_folder(place):
    assert place.dry_run([])["train_model_20"] == 2
    assert not (place / "results").exists()
