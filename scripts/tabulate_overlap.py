"""Table 2: neurons that classes share, as a table and as heat maps."""

from neurons.activation_graph import read_graphs
from neurons.community_tables import table2
from neurons.jobs import job
from neurons.plots import plot_overlap
from neurons.tables import write_table

with job(snakemake.log[0], snakemake.threads):
    run, seeds = snakemake.wildcards.run, snakemake.params.settings["seeds"]
    origins = [(seed, int(iteration)) for seed in seeds for iteration in snakemake.params.iterations]
    table = table2([(*origin, read_graphs(path)) for origin, path in zip(origins, snakemake.input.graphs)])
    write_table(table, snakemake.output.csv, snakemake.output.html, f"Table 2, {run}: neurons shared by classes")
    plot_overlap(table, run, snakemake.output.figures)
