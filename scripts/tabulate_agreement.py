"""How far every run of the communities study is from the published values, by its settings."""

from neurons.core.tables import read_csv_table, write_markdown, write_table
from neurons.published.agreement import NOTE, TITLE, agreement, arranged, nearest
from neurons.published.beside import FOLDER
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    labels = snakemake.params.labels
    tables = {name: dict(zip(labels, map(read_csv_table, paths))) for name, paths in snakemake.input.items()}
    full = agreement(tables, labels, snakemake.params.settings, FOLDER)
    write_table(full, snakemake.output.csv)
    write_markdown(arranged(full), snakemake.output.markdown, TITLE, f"{NOTE} {nearest(full)}")
