"""Measure how central every hidden neuron is in the co-activation graph."""

from neurons.coactivation.centrality import centrality_table
from neurons.coactivation.graph import read_coactivation
from neurons.core.tables import write_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    threshold = snakemake.params.settings["centrality_threshold"]
    write_table(centrality_table(read_coactivation(snakemake.input.graph), threshold), snakemake.output.csv)
