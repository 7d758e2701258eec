"""Convert a data set to HDF5."""

from neurons.conversion import convert
from neurons.jobs import job

with job(snakemake.log[0], snakemake.threads):
    name, dataset = snakemake.wildcards.dataset, snakemake.params.dataset
    convert(name, dataset, snakemake.config["data_dir"], snakemake.output.data)
