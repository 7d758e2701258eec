"""What a configuration will take before it runs: jobs, hours, disk.

python -m neurons.workflow.plan --configfile config/paper.yaml [config/reduced.yaml ...] [--cores N] [targets ...]

with `scripts/` on PYTHONPATH, or `make plan CONFIG=config/paper.yaml`. The jobs are those of Snakemake's own dry run, so
that finished work is not counted. Prints Markdown.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from functools import reduce
from pathlib import Path

import yaml

from neurons.core.errors import InputError
from neurons.workflow.config import merge, resolve

HOME = Path(__file__).parents[4]
SCHEMA = HOME / "config/schema.yaml"


def jobs_to_do(snakemake: list[str]) -> list[dict]:
    """Return the jobs of a dry run with these arguments that make files, see `snakemake_logger_plugin_jobs`.

    Raises
    ------
    InputError
        With the line that Snakemake ends with, if it cannot plan: it checks the configuration.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "jobs")
        command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "all", "--nolock", "--logger", "jobs"]
        command += ["--logger-jobs-file", str(path), "--snakefile", str(HOME / "Snakefile"), *snakemake]
        environment = os.environ | {"PYTHONPATH": str(HOME / "scripts")}
        run = subprocess.run(command, env=environment, capture_output=True, text=True)
        if run.returncode:
            lines = [line for line in (run.stderr + run.stdout).splitlines() if line.strip()]
            errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
            raise InputError([*errors, *lines[-1:], "Snakemake's dry run failed"][0])
        return [job for job in map(json.loads, path.read_text(encoding="utf-8").splitlines()) if job["output"]]


def read_config(files: list[str], overrides: list[str]) -> dict:
    """Return the resolved configuration as Snakemake combines it: files over each other, then `key=value` of top level."""
    *given, schema = (yaml.safe_load(Path(path).read_text(encoding="utf-8")) for path in (*files, SCHEMA))
    values = {key: yaml.safe_load(value) for key, _, value in (override.partition("=") for override in overrides)}
    return resolve(reduce(merge, given, {}) | values, schema)


def main(words: list[str]) -> str:
    """Return the plan for a command line, as Markdown."""
    parser = argparse.ArgumentParser("neurons.workflow.plan", description=__doc__.splitlines()[0])
    default = [str(HOME / "config/config.yaml")]
    parser.add_argument("--configfile", nargs="+", default=default, help="one or several, laid over each other")
    parser.add_argument("--config", nargs="+", default=[], help="single top-level values", metavar="KEY=VALUE")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="jobs at once (default: all cores here)")
    parser.add_argument("--directory", type=Path, default=Path(), help="folder that the workflow runs in")
    parser.add_argument("targets", nargs="*", help="files to make (default: all results)")
    given = parser.parse_args(words)
    if given.cores < 1:
        raise InputError(f"--cores {given.cores}: give 1 or more")
    overrides = ["--config", *given.config] if given.config else []
    snakemake = ["--directory", str(given.directory), "--configfile", *given.configfile, *overrides]
    planned, config = jobs_to_do([*snakemake, "--", *given.targets]), read_config(given.configfile, given.config)

    from neurons.workflow.plan import costs, estimate, table  # torch takes its time; a fault is told before

    seconds, told = costs.rates_here()
    jobs, sizes = estimate.estimate(planned, config, given.directory, seconds)
    return table.render(jobs, given.cores, [told, *sizes])


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))
    except InputError as error:
        sys.exit(f"error: {error}")
