"""Measure how central every hidden neuron is in the co-activation graph."""

from neurons.coactivation import read_coactivation
from neurons.coactivation_graphs import centrality
from neurons.jobs import job
from neurons.tables import write_table

with job(snakemake.log[0], snakemake.threads):
    threshold = snakemake.params.settings["centrality_threshold"]
    table = centrality(read_coactivation(snakemake.input.graph), threshold)
    title = f"Centrality of the hidden neurons, {snakemake.wildcards.run}"
    write_table(table, snakemake.output.csv, snakemake.output.html, title)
