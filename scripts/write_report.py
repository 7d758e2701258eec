"""The report page: of all results, or (without an output) of those that exist so far."""

from pathlib import Path

from neurons.published.arranged import ARRANGED
from neurons.report.page import write_page
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    settings = {name: snakemake.params[name] for name in ("runs", "datasets", "targets")}
    above = Path(snakemake.log[0]).parents[2]  # a module's prefix stands before logs/ and results/
    page = snakemake.output[0] if snakemake.output else above / snakemake.params.preview
    write_page(page, Path(snakemake.scriptdir).parent, settings, ARRANGED)
