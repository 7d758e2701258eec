"""One table of all runs beside the published values."""

from neurons.core.tables import read_csv_table
from neurons.published.beside import FOLDER
from neurons.published.communities import TABLES
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    table, labels = TABLES[int(snakemake.wildcards.n)], snakemake.params.labels
    full = table.compare(dict(zip(labels, map(read_csv_table, snakemake.input.tables))), labels, FOLDER)
    table.write(full, table.arranged(full), snakemake.output.csv, snakemake.output.markdown)
