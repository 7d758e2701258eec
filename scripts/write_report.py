"""The report page: of all results, or (without an output) of those that are there."""

from pathlib import Path

from neurons.jobs import job
from neurons.report_page import write_page

with job(snakemake.log[0], snakemake.threads):
    params = snakemake.params
    settings = {"runs": params.runs, "datasets": params.datasets, "targets": params.targets, "marks": params.marks}
    above = Path(snakemake.log[0]).parents[2]  # a module's prefix stands before logs/ and results/
    page = snakemake.output[0] if snakemake.output else above / params.preview
    write_page(page, Path(snakemake.scriptdir).parent, settings)
