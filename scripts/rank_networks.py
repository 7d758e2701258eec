"""Which measure ranks the networks of a grid as their test accuracy, or generalisation gap, does."""

import pandas as pd

from neurons.core.tables import read_csv_table, write_markdown, write_table
from neurons.measures.ranking_table import NOTES, TITLE, answer, arranged, rankings
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    tables = {
        run: pd.concat([read_csv_table(path, ("seed", "reached", "measure")) for path in paths], ignore_index=True)
        for run, paths in snakemake.params.parts.items()
    }
    table = rankings(tables)
    write_table(table, snakemake.output.csv)
    write_markdown(arranged(table), snakemake.output.markdown, TITLE, " ".join([*answer(table), NOTES]))
