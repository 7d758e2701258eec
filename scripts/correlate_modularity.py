"""Table 4: modularity against accuracy."""

from neurons.community_tables import MODULARITIES, correlate_layers
from neurons.jobs import job
from neurons.tables import read_iterations, read_seeds, write_table

with job(snakemake.log[0], snakemake.threads):
    seeds, run = snakemake.params.settings["seeds"], snakemake.wildcards.run
    modularity = read_iterations(seeds, snakemake.input.modularity)
    table = correlate_layers(modularity, read_seeds(seeds, snakemake.input.history), MODULARITIES)
    write_table(table, snakemake.output.csv, snakemake.output.html, f"Table 4, {run}: modularity against accuracy")
