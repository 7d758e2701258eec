"""Convert a data set to HDF5."""

from neurons.conversion import convert
from neurons.jobs import job

with job(snakemake.log[0], snakemake.threads):
    wanted = snakemake.params
    convert(snakemake.wildcards.dataset, wanted.dataset, wanted.data_dir, snakemake.output.data)
