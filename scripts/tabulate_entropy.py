"""Table 1 of the auxiliary study: entropy against accuracy, over all layers."""

from neurons.entropy_tables import table5
from neurons.jobs import job
from neurons.tables import read_iterations, read_seeds, write_table

with job(snakemake.log[0], snakemake.threads):
    seeds, run, output = snakemake.params.settings["seeds"], snakemake.wildcards.run, snakemake.output
    entropy, history = read_iterations(seeds, snakemake.input.entropy), read_seeds(seeds, snakemake.input.history)
    write_table(table5(entropy, history), output.csv, output.html, f"Table 1, {run}: entropy against accuracy")
