"""Figure 3: similarity of classes in the graph against the mistakes between them."""

from neurons.coactivation.graph import read_coactivation
from neurons.coactivation.similarity import mutual_mistakes, similarity_tables
from neurons.core.tables import write_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    graph, mistakes = read_coactivation(snakemake.input.graph), mutual_mistakes(snakemake.input.dump)
    rows, summary = similarity_tables(graph, mistakes, snakemake.params.settings["neighbour_threshold"])
    write_table(rows, snakemake.output.csv)
    write_table(summary, snakemake.output.thresholds)
