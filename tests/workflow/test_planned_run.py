"""The plan of a run, before it, in its midst and after it, beside what Snakemake itself would do."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from running import PATIENCE


def plan(place, config: dict, *arguments) -> subprocess.CompletedProcess:
    """Run `python -m neurons.workflow.plan` of the place's own workflow."""
    command = [
        "-m",
        "neurons.workflow.plan",
        "--configfile",
        place.write_config(config),
        "--directory",
        place.folder,
        *arguments,
    ]
    return subprocess.run(
        [sys.executable, *map(str, command)],
        env=os.environ | {"PYTHONPATH": str(place.workflow / "scripts")},
        cwd=place.folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def cells(outcome: subprocess.CompletedProcess, column: str) -> dict[str, str]:
    """Return a column of both tables by the first cell of the row."""
    assert outcome.returncode == 0, outcome.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in outcome.stdout.splitlines() if "|" in line]
    return {row[0]: row[rows[0].index(column)] for row in rows if row[0].strip("-") and row[1] != "jobs"}


def test_a_plan_before_the_run_counts_the_jobs_of_the_dry_run(place, tiny):
    outcome, jobs = plan(place, tiny, "--cores", 2), place.dry_run(tiny)
    told = cells(outcome, "jobs")
    assert int(told["total"]) == sum(jobs.values()) - jobs["all"]
    assert int(told["train_model"]) == jobs["train_model_3"] and int(told["build_graphs"]) == jobs["build_graphs"]
    assert int(told["tiny"]) + int(told["tiny-mixed"]) + int(told["all runs"]) + 2 == int(told["total"])
    assert set(cells(outcome, "from").values()) == {"estimated"}
    assert [path.name for path in place.folder.iterdir()] in ([], [".snakemake"])


def test_finished_work_is_not_counted_and_its_times_are_used(finished_copy, tiny):
    assert "Nothing to be done" in plan(finished_copy, tiny).stdout
    targets = [f"results/tiny/seed-0/entropy/0{i}.csv" for i in (1, 2, 3)]
    shutil.rmtree(finished_copy / "results/tiny/seed-0/entropy")
    outcome = plan(finished_copy, tiny, *targets)
    assert cells(outcome, "jobs")["measure_entropy"] == cells(outcome, "jobs")["total"] == "3"
    assert cells(outcome, "from")["measure_entropy"] == "measured"
    shutil.rmtree(finished_copy / "benchmarks/measure_entropy/tiny")
    assert cells(plan(finished_copy, tiny, *targets), "from")["measure_entropy"] == "scaled"


def test_dumps_are_weighed_by_those_that_are_there(finished_copy, tiny):
    """One of three dumps is gone; the plan takes it to be as large as the other two."""
    folder = finished_copy / "results/tiny/seed-0/activations"
    (folder / "02.h5").unlink()
    mean = sum(path.stat().st_size for path in folder.glob("*.h5")) / 2
    told = cells(plan(finished_copy, tiny, "results/tiny/seed-0/activations/02.h5"), "disk")["dump_activations"]
    assert re.fullmatch(r"[\d.]+ kB", told) and float(told[:-3]) == pytest.approx(mean / 1000, rel=0.01)


def test_one_target_is_planned_alone(place, tiny):
    jobs = cells(plan(place, tiny, "results/tiny/seed-0/entropy/01.csv"), "jobs")
    assert jobs["total"] == "5" and jobs["dump_activations"] == jobs["measure_entropy"] == "1"


@pytest.mark.parametrize(
    "change, arguments, words",
    [
        ({"runs": {"tiny": {"epochs": 3}}}, [], "config: unknown key 'runs.tiny.epochs'"),
        ({}, ["results/tny/communities/table4.csv"], "unknown run 'tny' in target"),
        ({}, ["--cores", 0], "--cores 0: give 1 or more"),
        ({}, ["--configfile", "nowhere.yaml"], "nowhere.yaml"),
        ({"runs": {"tiny": {"model": {"name": "resnet5"}}}}, [], "torchvision has no classifier 'resnet5'"),
    ],
)
def test_a_fault_is_one_line(place, tiny, change, arguments, words):
    outcome = plan(place, tiny | change, *arguments)
    assert outcome.returncode == 1 and outcome.stdout == ""
    assert len(outcome.stderr.strip().splitlines()) == 1, outcome.stderr
    assert outcome.stderr.startswith("error: ") and words in outcome.stderr


@pytest.mark.long
def test_the_papers_configuration_is_planned_without_data(place):
    """All its data sets and networks; a folder of images that is not there is assumed and said."""
    paper = yaml.safe_load((place.workflow / "config/paper.yaml").read_text())
    outcome = plan(place, paper, "--cores", 4, "--config", "data_dir=nowhere")
    jobs = cells(outcome, "jobs")
    assert jobs["train_model"] == "54" and jobs["silence_neurons"] == "2"
    assert re.search(r"plant-village: .* assumed, since .*nowhere/plant-village does not exist", outcome.stdout)
