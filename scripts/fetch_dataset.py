"""Find or fetch the raw files of a data set, and write down what was found."""

from neurons.downloads import fetch
from neurons.jobs import job

with job(snakemake.log[0], snakemake.threads):
    wanted = snakemake.params
    fetch(
        snakemake.wildcards.dataset, wanted.dataset, wanted.data_dir, wanted.allow_download, snakemake.output.manifest
    )
