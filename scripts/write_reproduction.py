"""The reproduction page: every table of the papers beside ours, and a verdict on each of their claims."""

from pathlib import Path

from neurons.jobs import job
from neurons.reproduction import command_of, write_page
from neurons.reproduction_claims import describe_runs

with job(snakemake.log[0], snakemake.threads):
    home, given = Path(snakemake.scriptdir).parent, snakemake.params
    write_page(
        output=snakemake.output.page,
        command=command_of(given.configs, home / "config"),
        runs=describe_runs(given.runs),
        claims=home / "resources" / "claims.yaml",
        results=Path("results"),
        published=home / "resources" / "published",
        benchmarks=Path("benchmarks"),
    )
