"""Figure 3: similarity of classes in the graph against the mistakes between them."""

from neurons.class_similarity import figure3, mutual_mistakes
from neurons.coactivation import read_coactivation
from neurons.coactivation_plots import plot_similarity
from neurons.jobs import job
from neurons.tables import write_csv_table

with job(snakemake.log[0], snakemake.threads):
    given, output, threshold = snakemake.input, snakemake.output, snakemake.params.settings["neighbour_threshold"]
    rows, summary = figure3(read_coactivation(given.graph), mutual_mistakes(given.dump), threshold)
    write_csv_table(rows, output.csv)
    write_csv_table(summary, output.thresholds)
    plot_similarity(rows, summary, snakemake.wildcards.run, output.figures)
