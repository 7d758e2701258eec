"""Table 1 of the measures: own and swapped correlation of every measure with test accuracy and generalisation gap."""

from neurons.core.tables import read_iterations, read_seeds, write_table
from neurons.measures.within import within_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    seeds, given = snakemake.params.settings["seeds"], snakemake.input
    table = within_table(read_iterations(seeds, given.measures), read_seeds(seeds, given.history))
    write_table(table, snakemake.output.csv)
