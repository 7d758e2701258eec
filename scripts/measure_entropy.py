"""Measure the activation pattern entropy of every layer of some dumps."""

from neurons.communities.entropy import write_entropy
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    for dump, output in zip(snakemake.input.dumps, snakemake.output.entropy):
        write_entropy(dump, output, snakemake.params.settings["entropy"]["bins"])
