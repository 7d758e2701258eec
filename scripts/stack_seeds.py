"""A table of the co-activation study at the last iteration of every seed, one below the other."""

from neurons.core.tables import read_seeds, write_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    table = read_seeds(snakemake.params.settings["seeds"], snakemake.input)
    write_table(table[["seed", *table.columns.drop("seed")]], snakemake.output.csv)
