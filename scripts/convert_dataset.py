"""Convert a data set to HDF5."""

from neurons.data.convert import convert
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    name, dataset = snakemake.wildcards.dataset, snakemake.params.dataset
    convert(name, dataset, snakemake.config["data_dir"], snakemake.output.data)
