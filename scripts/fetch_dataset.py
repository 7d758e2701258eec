"""Find or fetch the raw files of a data set, and write down what was found."""

from neurons.data.fetch import fetch
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    name, dataset, config = snakemake.wildcards.dataset, snakemake.params.dataset, snakemake.config
    fetch(name, dataset, config["data_dir"], config["download"], snakemake.output.manifest)
