"""Table 1: architecture and accuracy."""

from neurons.community_tables import architecture, table1
from neurons.jobs import job
from neurons.tables import read_seeds, write_table

with job(snakemake.log[0], snakemake.threads):
    settings, run = snakemake.params.settings, snakemake.wildcards.run
    facts = architecture(snakemake.input.source, settings, snakemake.params.imported)
    table = table1(read_seeds(settings["seeds"], snakemake.input.history), facts)
    write_table(table, snakemake.output.csv, snakemake.output.html, f"Table 1, {run}: architecture and accuracy")
