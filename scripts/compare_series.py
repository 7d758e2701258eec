"""The series of Figure 1 of all runs beside the published ones."""

from neurons.core.tables import read_csv_table, write_table
from neurons.published.beside import FOLDER
from neurons.published.communities import series_beside
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    labels = snakemake.params.labels
    series = dict(zip(labels, map(read_csv_table, snakemake.input.series)))
    write_table(series_beside(series, labels, FOLDER), snakemake.output.csv)
