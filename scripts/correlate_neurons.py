"""Build the co-activation graph of one dump."""

from neurons.coactivation.graph import write_coactivation
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, measure = snakemake.input, snakemake.params.settings["correlation"]
    write_coactivation(given.dump, given.get("data"), snakemake.output.graph, measure)
