"""What every job to do takes: as measured in earlier runs where there are benchmark files, else by counting."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import fmean, median

import pandas as pd

from neurons.data.size import size_of
from neurons.workflow.batches import iterations_in
from neurons.workflow.benchmarks import read_benchmarks
from neurons.workflow.plan.costs import Work, disk_bytes, job_seconds, stage
from neurons.workflow.plan.network import count

MEASURED, SAME_RUN, SCALED, COUNTED, UNKNOWN = "measured", "same run", "scaled", "estimated", "unknown"


def work_of(subject: str, config: dict, folder: Path) -> Work | None:
    """Return what the jobs of a run or `data set {name}` work on; None for an imported or unknown one."""
    dataset, run = subject.removeprefix("data set "), config["runs"].get(subject, {})
    name = run.get("dataset", dataset)
    if name not in config["datasets"] or not (run or dataset != subject):
        return None
    data = size_of(name, config["datasets"][name], folder / config["data_dir"])
    if not run:
        return Work(config["datasets"][name], data)
    model = {key: str(folder / value) if key == "module" else value for key, value in run["model"].items()}
    return Work(run, data, count(model, data.image_shape, data.classes))


def estimate(
    jobs: list[dict], config: dict, folder: Path, benchmarks: Path, rates: dict
) -> tuple[pd.DataFrame, list[str]]:
    """Return what the jobs of a dry run take, and where the sizes of their data are known from.

    The columns are the job's `stage`, `run` (or `data set {name}`, `all runs`), `seconds` on one core, their `source`,
    bytes on the `disk`, `gpu` (whether it asks for one), `input` and `output`. The source is the nearest of: `measured`,
    this very job in an earlier run; `same run`, the mean of the rule's jobs of the run, by iterations; `scaled`, the
    estimate times the median of measured to estimated seconds of the rule's jobs of other runs; `estimated`, operations
    counted. A job of `unknown` cost has 0 seconds.

    Raises
    ------
    InputError
        If the size of a data set or a network cannot be found out.
    """
    measured = read_benchmarks(benchmarks).dropna(subset="seconds")
    measured["iterations"] = [iterations_in(name) for name in measured["name"]]
    same_job = measured.groupby(["rule", "name"])["seconds"].mean().to_dict()
    sums = measured.groupby(["rule", "subject"])[["seconds", "iterations"]].sum()
    same_run = (sums["seconds"] / sums["iterations"]).to_dict()  # for an iteration
    work, ratios = cache(lambda subject: work_of(subject, config, folder)), {}
    for (rule, subject), seconds in same_run.items():
        if work(subject) and (counted := job_seconds(rule, work(subject), rates)):
            ratios.setdefault(rule, []).append(seconds / counted)

    def seconds_of(rule: str, subject: str, name: str, own: Work | None) -> tuple[float, str]:
        if (rule, name) in same_job:
            return same_job[rule, name], MEASURED
        if (rule, subject) in same_run:
            return iterations_in(name) * same_run[rule, subject], SAME_RUN
        counted = job_seconds(rule, own, rates)
        if counted is None:
            return 0.0, UNKNOWN
        return (counted * median(ratios[rule]), SCALED) if rule in ratios else (counted, COUNTED)

    rows = []
    for job in jobs:
        rule, wildcards = stage(job["rule"]), job["wildcards"]
        folder_of = job["output"][0].partition("results/")[2].split("/")[0]
        subject = folder_of if folder_of in config["runs"] else "all runs"
        if "dataset" in wildcards:
            subject = f"data set {wildcards['dataset']}"
        name = (job["benchmark"] or "").removesuffix(".tsv").split("/", 2)[-1]  # benchmarks/{rule}/{name}.tsv
        count = iterations_in(name)
        own = work(subject) and replace(work(subject), iterations=count)
        disk = disk_bytes(rule, own)
        if rule == "dump_activations":
            dumps = (folder / "results").glob(f"{subject}/seed-*/activations/*.h5")
            disk = round(count * fmean([path.stat().st_size for path in dumps] or [disk / count]))
        rows.append(
            [rule, subject, *seconds_of(rule, subject, name, own), disk, job["gpu"] > 0, job["input"], job["output"]]
        )
    found = pd.DataFrame(rows, columns=["stage", "run", "seconds", "source", "disk", "gpu", "input", "output"])
    return found, list(dict.fromkeys(work(subject).data.source for subject in found["run"] if work(subject)))
