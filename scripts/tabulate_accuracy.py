"""Table 1: architecture and accuracy."""

from neurons.communities.tables import accuracy_table, architecture
from neurons.core.tables import read_seeds, write_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    settings = snakemake.params.settings
    facts = architecture(snakemake.input.source, settings, snakemake.params.imported)
    table = accuracy_table(read_seeds(settings["seeds"], snakemake.input.history), facts)
    write_table(table, snakemake.output.csv)
