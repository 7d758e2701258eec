"""Measure the activation probabilities of some dumps, and every sample's agreement with them."""

from neurons.auxiliary.probabilities import write_patterns
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    for dump, output in zip(snakemake.input.dumps, snakemake.output.patterns):
        write_patterns(dump, output, snakemake.params.layers)
