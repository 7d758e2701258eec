"""Measure the activation probabilities of one dump, and every sample's agreement with them."""

from neurons.jobs import job
from neurons.patterns import write_patterns

with job(snakemake.log[0], snakemake.threads):
    write_patterns(snakemake.input.dump, snakemake.output.patterns, snakemake.params.layers)
