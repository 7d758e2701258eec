"""What a configuration will take before it runs: jobs, hours, disk.

python -m neurons.plan --configfile config/paper.yaml [config/reduced.yaml ...] [--cores N] [targets ...]

with `scripts/` on PYTHONPATH, or `make plan CONFIG=config/paper.yaml`. The jobs are those of Snakemake's own dry run, so
that finished work is not counted. Seconds come from Snakemake's benchmark files where earlier runs left some
(`neurons.plan_measured`), else from counts of operations (`neurons.plan_costs`). Writes Markdown to the screen.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import yaml

from neurons.config import merge, resolve
from neurons.errors import InputError
from neurons.plan_costs import (
    COSTS,
    Work,
    conversion_seconds,
    data_bytes,
    dump_bytes,
    job_seconds,
    pattern_bytes,
    snapshot_bytes,
    stage,
)
from neurons.plan_data import Data, size_of, size_of_dump
from neurons.plan_measured import dump_sizes, measured_runs, read_benchmarks, seconds_of
from neurons.plan_network import Network, count
from neurons.plan_schedule import wall_seconds
from neurons.plan_table import render

HOME = Path(__file__).parents[2]


@dataclass(frozen=True)
class Job:
    """A job to do. `run` is empty where it has none; `dump` and `other` are the bytes that it leaves on the disk."""

    stage: str
    run: str
    seconds: float
    source: str
    gpu: bool
    dump: int
    other: int
    inputs: list[str]
    outputs: list[str]


@dataclass(frozen=True)
class Plan:
    """All jobs to do, and what is to be said of them as a whole."""

    jobs: list[Job]
    cores: int
    wall: float  # seconds
    most_dumps: int  # bytes, were nothing compressed
    peak_dumps: int  # bytes at once, were every dump deleted when it is measured
    temporary: bool  # whether every dump is deleted when it is measured
    state: int  # bytes of the largest unfinished training
    sizes: list[str]  # a line for each data set


def read_config(files: Iterable[Path], overrides: Iterable[str]) -> dict:
    """Return the configuration as Snakemake lays it together: files over each other, then `key=value` of top level.

    Raises
    ------
    InputError
        If a file is missing or no YAML, or an override has no `=`.
    """
    config = {}
    for path in files:
        try:
            own = yaml.safe_load(Path(path).read_text())
        except OSError as error:
            raise InputError(f"config file {path}: {error.strerror}") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise InputError(f"config file {path}: not YAML ({error}); mend it") from None
        if not isinstance(own, dict):
            raise InputError(f"config file {path}: holds no keys; see config/README.md")
        config = merge(config, own)
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals:
            raise InputError(f"--config {override}: give it as key=value")
        config[key] = yaml.safe_load(value)
    return config


def jobs_to_do(snakemake: list[str]) -> list[dict]:
    """Return the jobs of a dry run, see `snakemake_logger_plugin_jobs`.

    Raises
    ------
    InputError
        With Snakemake's own line, if it cannot plan.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "jobs")
        command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "all", "--nolock"]
        command += ["--logger", "jobs", "--logger-jobs-file", str(path), "--snakefile", str(HOME / "Snakefile")]
        run = subprocess.run(
            [*command, *snakemake],
            env=os.environ | {"PYTHONPATH": str(HOME / "scripts")},
            capture_output=True,
            text=True,
        )
        if run.returncode:
            lines = [line for line in (run.stderr + run.stdout).splitlines() if line.strip()]
            told = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
            raise InputError((told or lines or ["Snakemake's dry run failed"])[0])
        return [json.loads(line) for line in path.read_text().splitlines()]


def work_of(name: str, config: dict, folder: Path) -> Work:
    """Return what the jobs of a run work on; an imported run's is read off its first dump."""
    run = config["runs"][name]
    if "activations" in run:
        data, widths = size_of_dump(folder / run["activations"].format(seed=run["seeds"][0]) / "01.h5")
        return Work(run, data, Network(0, 0, 0, 0, 0, widths, 0))
    data = size_of(run["dataset"], config["datasets"][run["dataset"]], folder / config["data_dir"])
    model = run["model"]
    if "module" in model:
        model = model | {"module": str(folder / model["module"])}
    return Work(run, data, count(model, data.image_shape, data.classes))


def _bytes_of(job: dict, work: Work | None, data: Data | None, measured_dump: float | None) -> tuple[int, int]:
    """Return the bytes that a job leaves: of a dump, and of other large files."""
    name = stage(job["rule"])
    if name == "dump_activations":
        return round(measured_dump or dump_bytes(work)[0]), 0
    other = {
        "train_model": lambda: snapshot_bytes(work)[0],
        "measure_patterns": lambda: pattern_bytes(work),
        "convert_dataset": lambda: data_bytes(data),
    }
    return 0, other[name]() if name in other else 0


def make_plan(found: list[dict], config: dict, folder: Path, benchmarks: Path, cores: int) -> Plan:
    """Estimate what jobs (see `jobs_to_do`) of a resolved configuration take in the working folder `folder`.

    Raises
    ------
    InputError
        If the size of a data set or a network cannot be told from what is there.
    """
    found = [job for job in found if job["output"]]  # the default target itself makes nothing
    runs = dict.fromkeys(job["wildcards"]["run"] for job in found if "run" in job["wildcards"])
    measured = read_benchmarks(benchmarks)
    others = {run for _, run in measured_runs(measured) if "dataset" in config["runs"].get(run, {})}
    works = {run: work_of(run, config, folder) for run in [*runs, *sorted(others - set(runs))]}
    references = {(rule, run): job_seconds(rule, works[run]) for rule, run in measured_runs(measured) if run in works}
    names = dict.fromkeys(job["wildcards"]["dataset"] for job in found if "dataset" in job["wildcards"])
    data = {name: size_of(name, config["datasets"][name], folder / config["data_dir"]) for name in names}
    dumps = {run: fmean(sizes) for run in runs if (sizes := dump_sizes(folder / "results", run))}
    estimates = []
    for job in found:
        rule, benchmark = stage(job["rule"]), job["benchmark"]
        if rule == "convert_dataset":
            name = job["wildcards"]["dataset"]
            estimate = conversion_seconds(data[name], config["datasets"][name]["source"] == "image_folder")
        else:
            estimate = job_seconds(rule, works.get(job["wildcards"].get("run")))
        name = "/".join(Path(benchmark).with_suffix("").parts[2:]) if benchmark else ""
        estimates.append((rule, name, estimate))
    jobs = []
    for job, (rule, _, _), (seconds, source) in zip(found, estimates, seconds_of(estimates, measured, references)):
        run = job["wildcards"].get("run", "")
        left = _bytes_of(job, works.get(run), data.get(job["wildcards"].get("dataset")), dumps.get(run))
        jobs.append(Job(rule, run, seconds, source, job["gpu"] > 0, *left, job["input"], job["output"]))
    dumped = [job for job in jobs if job.stage == "dump_activations"]
    training = {job.run for job in jobs if job.stage == "train_model"}
    return Plan(
        jobs,
        cores,
        wall_seconds([(job.seconds, job.inputs, job.outputs) for job in jobs], cores),
        sum(dump_bytes(works[job.run])[1] for job in dumped),
        sum(sorted((job.dump for job in dumped), reverse=True)[:cores]),
        config["temporary_dumps"],
        max((snapshot_bytes(works[run])[1] for run in training), default=0),
        list(dict.fromkeys(one.source for one in [*data.values(), *(works[run].data for run in runs)])),
    )


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("neurons.plan", description=__doc__.splitlines()[0])
    default = HOME / "config/config.yaml"
    parser.add_argument("--configfile", nargs="+", default=[default], help="one or several, laid over each other")
    parser.add_argument("--config", nargs="+", default=[], help="single top-level values", metavar="KEY=VALUE")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="jobs at once (default: all cores here)")
    parser.add_argument("--directory", type=Path, default=Path(), help="folder that the workflow runs in")
    parser.add_argument("--benchmarks", type=Path, help="benchmark files of earlier runs (default: those in there)")
    parser.add_argument("targets", nargs="*", help="files to make (default: all results)")
    return parser.parse_args(words)


def main(words: list[str]) -> str:
    """Return the plan for a command line, as Markdown.

    Raises
    ------
    InputError
        For the first fault of the configuration or the command line.
    """
    options = _arguments(words)
    if options.cores < 1:
        raise InputError(f"--cores {options.cores}: give 1 or more")
    schema = yaml.safe_load((HOME / "config/schema.yaml").read_text())
    config = resolve(read_config(options.configfile, options.config), schema)
    if not options.directory.is_dir():
        raise InputError(f"--directory {options.directory}: no such folder")
    snakemake = ["--directory", str(options.directory), "--configfile", *map(str, options.configfile)]
    snakemake += ["--config", *options.config] if options.config else []
    found = jobs_to_do([*snakemake, "--", *options.targets])
    benchmarks = options.benchmarks or options.directory / "benchmarks"
    return render(make_plan(found, config, options.directory, benchmarks, options.cores), set(COSTS))


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))
    except InputError as error:
        sys.exit(f"error: {error}")
