"""Measure the activation pattern entropy of every layer of one dump."""

from neurons.communities.entropy import write_entropy
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    write_entropy(snakemake.input.dump, snakemake.output.entropy, snakemake.params.settings["entropy"]["bins"])
