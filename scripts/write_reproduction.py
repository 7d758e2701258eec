"""The reproduction page: every table of the papers beside ours, and a verdict on each of their claims."""

from pathlib import Path

from neurons.published.beside import FOLDER
from neurons.published.claims import describe_runs
from neurons.published.page import command_of, write_page
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    home, given = Path(snakemake.scriptdir).parent, snakemake.params
    above = Path(snakemake.log[0]).parents[2]  # a module's prefix stands before logs/ and results/
    write_page(
        output=snakemake.output.page,
        command=command_of(given.configs, home / "config"),
        runs=describe_runs(given.runs, given.datasets),
        claims=home / "resources" / "claims.yaml",
        null_size=home / "resources" / "null_size.csv",
        results=above / "results",
        published=FOLDER,
        benchmarks=above / "benchmarks",
    )
