"""Measure the activation probabilities of one dump, and every sample's agreement with them."""

from neurons.auxiliary.probabilities import write_patterns
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    write_patterns(snakemake.input.dump, snakemake.output.patterns, snakemake.params.layers)
