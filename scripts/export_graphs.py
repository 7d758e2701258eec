"""Export the graphs of one iteration for Gephi."""

from neurons.communities.export import export
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    export(snakemake.input.graphs, snakemake.output.gexf)
