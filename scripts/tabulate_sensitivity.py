"""How Tables 4 and 5 move with the settings that a sweep varies."""

from neurons.core.errors import InputError
from neurons.core.tables import read_csv_table, write_markdown, write_table
from neurons.published.sensitivity import NOTES, TITLE, arranged, sensitivity
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    params, given = snakemake.params, snakemake.input
    if not params.variations:
        raise InputError("the configuration has no sweep: write one, as in config/sensitivity.yaml")
    tables = {name: dict(zip(runs, map(read_csv_table, given[name]))) for name, runs in params.runs.items()}
    table = sensitivity(params.variations, params.base, tables["modularity"], tables["entropy"])
    write_table(table, snakemake.output.csv)
    write_markdown(arranged(table), snakemake.output.markdown, TITLE, NOTES)
