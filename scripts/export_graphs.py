"""Export the graphs of one iteration for Gephi."""

from neurons.graph_drawing import export
from neurons.jobs import job

with job(snakemake.log[0], snakemake.threads):
    export(snakemake.input.graphs, snakemake.output.gexf)
