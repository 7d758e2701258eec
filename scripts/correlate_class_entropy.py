"""Table 6: entropy against accuracy, class by class."""

from neurons.entropy_tables import table6
from neurons.jobs import job
from neurons.tables import read_iterations, read_seeds, write_table

with job(snakemake.log[0], snakemake.threads):
    seeds, run, given = snakemake.params.settings["seeds"], snakemake.wildcards.run, snakemake.input
    entropy, history = read_iterations(seeds, given.entropy), read_seeds(seeds, given.history)
    table = table6(entropy, read_seeds(seeds, given.class_accuracy), history)
    write_table(
        table, snakemake.output.csv, snakemake.output.html, f"Table 6, {run}: entropy against accuracy by class"
    )
