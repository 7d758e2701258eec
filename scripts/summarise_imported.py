"""Read the accuracies of an imported run off its dumps."""

from neurons.dumps.imported import summarise
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    summarise(snakemake.input.dumps, snakemake.output.history, snakemake.output.class_accuracy)
