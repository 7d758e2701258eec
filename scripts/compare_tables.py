"""One table of all runs beside the published values."""

from pathlib import Path

from neurons.jobs import job
from neurons.published import compare

with job(snakemake.log[0], snakemake.threads):
    folder = Path(snakemake.scriptdir).parent / "resources" / "published"
    tables = dict(zip(snakemake.params.names, snakemake.input.tables))
    compare(int(snakemake.wildcards.n), tables, snakemake.params.names, folder, snakemake.output)
