"""Measure the communities of every layer's graph of one iteration."""

from neurons.communities.modularity import write_modularity
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    modularity = snakemake.params.settings["modularity"]
    write_modularity(
        snakemake.input.graphs, snakemake.output.modularity, modularity["starts"], modularity["resolution"]
    )
