"""What every job to do takes: as measured in earlier runs where there are benchmark files, else by counting."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import fmean, median

import pandas as pd

from neurons.data.size import size_of
from neurons.workflow.batches import iterations_in, unnumbered
from neurons.workflow.benchmarks import read_benchmarks
from neurons.workflow.plan.costs import Work, disk_bytes, job_seconds
from neurons.workflow.plan.network import count

MEASURED, SAME_RUN, SCALED, COUNTED, UNKNOWN = "measured", "same run", "scaled", "estimated", "unknown"
MEANING = {
    MEASURED: "Snakemake's benchmark file of this very job in an earlier run, with its settings and machine",
    SAME_RUN: "the mean of those of the same run's jobs at other seeds and iterations",
    SCALED: "the estimate, times what other runs' jobs took beside theirs",
    COUNTED: "counts of operations (`neurons.workflow.plan.costs`)",
    UNKNOWN: "NOT COUNTED, neither their time nor their disk",
}


def work_of(subject: str, config: dict, folder: Path) -> Work | None:
    """Return what the jobs of a run or `data set {name}` work on; None for an imported or unknown one."""
    run = config["runs"].get(subject)
    name = run.get("dataset") if run else subject.partition("data set ")[2]
    if name not in config["datasets"]:
        return None
    data = size_of(name, config["datasets"][name], folder / config["data_dir"])
    if run is None:
        return Work(config["datasets"][name], data)
    model = {key: str(folder / value) if key == "module" else value for key, value in run["model"].items()}
    return Work(run, data, count(model, data.image_shape, data.classes))


def estimate(jobs: list[dict], config: dict, folder: Path, rates: dict) -> tuple[pd.DataFrame, list[str]]:
    """Return what the jobs of a dry run in a folder take, and where the sizes of their data are known from.

    The columns are the job's `stage`, `run` (or `data set {name}`, `all runs`), `seconds` on one core, their `source`,
    bytes on the `disk`, `gpu` (whether it asks for one), `input` and `output`. The source is the first of `MEANING` that
    there is; a job of `unknown` cost has 0 seconds. Errors are those of `size_of` and `count`.
    """
    measured = read_benchmarks(folder / "benchmarks").dropna(subset="seconds")
    measured["iterations"] = measured["name"].map(iterations_in)
    same_job = measured.groupby(["rule", "name"])["seconds"].mean().to_dict()
    sums = measured.groupby(["rule", "subject"])[["seconds", "iterations"]].sum()
    same_run = (sums["seconds"] / sums["iterations"]).to_dict()  # for an iteration
    work, ratios = cache(lambda subject: work_of(subject, config, folder)), {}
    for (rule, subject), seconds in same_run.items():
        if work(subject) and (counted := job_seconds(rule, work(subject), rates)):
            ratios.setdefault(rule, []).append(seconds / counted)

    def seconds_of(rule: str, subject: str, name: str, of_job: Work | None) -> tuple[float, str]:
        if (rule, name) in same_job:
            return same_job[rule, name], MEASURED
        if (rule, subject) in same_run:
            return iterations_in(name) * same_run[rule, subject], SAME_RUN
        counted = job_seconds(rule, of_job, rates)
        if counted is None:
            return 0.0, UNKNOWN
        return (counted * median(ratios[rule]), SCALED) if rule in ratios else (counted, COUNTED)

    rows = []
    for job in jobs:
        rule, below = unnumbered(job["rule"]), job["output"][0].partition("results/")[2].split("/")[0]
        subject = below if below in config["runs"] else "all runs"
        if "dataset" in job["wildcards"]:
            subject = f"data set {job['wildcards']['dataset']}"
        name = (job["benchmark"] or "").removesuffix(".tsv").split("/", 2)[-1]  # benchmarks/{rule}/{name}.tsv
        iterations = iterations_in(name)
        of_job = work(subject) and replace(work(subject), iterations=iterations)
        disk = disk_bytes(rule, of_job)
        if rule == "dump_activations":
            dumps = (folder / "results").glob(f"{subject}/seed-*/activations/*.h5")
            disk = round(iterations * fmean([path.stat().st_size for path in dumps] or [disk / iterations]))
        cost = (*seconds_of(rule, subject, name, of_job), disk)
        rows.append((rule, subject, *cost, job["gpu"] > 0, job["input"], job["output"]))
    plan = pd.DataFrame(rows, columns=["stage", "run", "seconds", "source", "disk", "gpu", "input", "output"])
    return plan, list(dict.fromkeys(work(subject).data.source for subject in plan["run"] if work(subject)))
