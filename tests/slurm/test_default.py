"""The embedded default through `snakemake --profile slurm`, on a real Slurm: what each job asked for, and what came of it."""

import re

import pytest

from running import PATIENCE

# The embedded default in all but the length of its trainings and measures; four iterations fill the CPUs of a group.
SHORT = {
    "iterations_per_job": 1,
    "defaults": {
        "training": {"iterations": 4},
        "modularity": {"starts": 3},
        "auxiliary": {"epochs": 2},
        "coactivation": {"louvain_runs": 3, "silencing_repeats": 2},
    },
    "runs": {"digits-conv": {"training": {"iterations": 5}}},
}
CONFIG = ("--configfile", "config/config.yaml", "own.yaml")


@pytest.fixture(scope="module")
def through_slurm(cluster, clone, start):
    """The folder and the jobs of `snakemake --profile slurm`."""
    folder = clone("default", SHORT)
    process = start(folder, cluster.environment, "--profile", "slurm", *CONFIG)
    screen, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, screen
    return folder, cluster.jobs(folder)


def rules(job: dict) -> str:
    """What a job's comment says: its rule, or the group and the rules in it."""
    return job["Comment"]


def test_every_job_asks_for_what_it_needs_where_that_is(through_slurm):
    _, jobs = through_slurm
    asked = {(rules(job).split("_wildcards")[0], job["Partition"], job.get("TresPerJob")) for job in jobs}
    print_jobs(jobs)
    assert {job["JobState"] for job in jobs} == {"COMPLETED"}
    gpu_jobs = {rule for rule, partition, tres in asked if partition == "gpu"}
    assert gpu_jobs == {"rule_train_model_4", "rule_train_model_5"}
    assert {tres for rule, _, tres in asked if rule in gpu_jobs} == {"gres:gpu:1"}
    assert {(partition, tres) for rule, partition, tres in asked if rule not in gpu_jobs} == {("cpu", None)}


def test_jobs_are_few_and_groups_run_side_by_side(through_slurm):
    _, jobs = through_slurm
    groups = [re.match(r"rule_(measure|auxiliary|coactivation)-digits", rules(job)) for job in jobs]
    assert sorted(match[1] for match in groups if match) == ["auxiliary"] * 2 + ["coactivation"] + ["measure"] * 3
    # These six, three trainings, two of the grid's networks, their ranking, one conversion of the data, the figure of all
    # runs, the report.
    assert len(jobs) == 15
    measuring = next(job for job in jobs if rules(job).startswith("rule_measure-"))
    assert (measuring["CPUs/Task"], measuring["MinMemoryNode"]) == ("4", "6000M")
    training = next(job for job in jobs if rules(job).startswith("rule_train_model_"))
    assert (training["CPUs/Task"], training["TimeLimit"], training["MinMemoryNode"]) == ("1", "02:00:00", "2500M")


def test_results_are_those_of_a_local_run_byte_for_byte(through_slurm, clone, start):
    made, local = through_slurm[0], clone("local", SHORT)
    process = start(local, None, "--cores", "2", *CONFIG)
    screen, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, screen
    ours, expected = ({p.relative_to(f): p for p in (f / "results").rglob("*") if p.is_file()} for f in (made, local))
    assert ours.keys() == expected.keys() and len(expected) > 200
    kinds = {path.suffix for path in expected}
    assert kinds >= {".csv", ".gexf", ".graphml", ".h5", ".html", ".json", ".md", ".png", ".pt", ".svg"}
    differing = [str(name) for name in expected if ours[name].read_bytes() != expected[name].read_bytes()]
    assert differing == ["results/report.html"]  # it tells dates and times


def print_jobs(jobs: list[dict]) -> None:
    """Print the list of jobs, which `pytest -s` shows."""
    for job in jobs:
        gpu = "1 GPU" if "TresPerJob" in job else ""
        line = (
            job["JobId"],
            job["Partition"],
            job["CPUs/Task"],
            job["MinMemoryNode"],
            job["TimeLimit"],
            job["RunTime"],
        )
        print(*line, gpu, rules(job), sep="\t")
