"""Figure 1 (Figure 2 of the auxiliary study): entropy and accuracies over the iterations."""

from neurons.entropy_tables import figure1
from neurons.jobs import job
from neurons.plots import plot_series
from neurons.tables import read_iterations, read_seeds, write_csv_table

with job(snakemake.log[0], snakemake.threads):
    seeds = snakemake.params.settings["seeds"]
    series = figure1(read_iterations(seeds, snakemake.input.entropy), read_seeds(seeds, snakemake.input.history))
    write_csv_table(series, snakemake.output.csv)
    plot_series({snakemake.wildcards.run: series}, snakemake.output.figures)
