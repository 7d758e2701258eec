"""The report page: of all results, or (without an output) of those that are there."""

from pathlib import Path

from neurons.jobs import job
from neurons.report_page import write_page

with job(snakemake.log[0], snakemake.threads):
    params = snakemake.params
    settings = {"runs": params.runs, "datasets": params.datasets, "targets": params.targets, "marks": params.marks}
    page = snakemake.output[0] if snakemake.output else params.preview
    write_page(page, Path(snakemake.scriptdir).parent, settings)
