"""Measure the communities of every layer's graph of one iteration."""

from neurons.jobs import job
from neurons.modularity import write_modularity

with job(snakemake.log[0], snakemake.threads):
    modularity = snakemake.params.settings["modularity"]
    write_modularity(
        snakemake.input.graphs, snakemake.output.modularity, modularity["starts"], modularity["resolution"]
    )
