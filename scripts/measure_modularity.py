"""Measure the communities of every layer's graph of some iterations."""

from neurons.communities.modularity import write_modularity
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    for graphs, output in zip(snakemake.input.graphs, snakemake.output.modularity):
        write_modularity(graphs, output, **snakemake.params.settings["modularity"])
