"""How Tables 4 and 5 move with the settings that a sweep varies: table and figure."""

import pandas as pd

from neurons.errors import InputError
from neurons.jobs import job
from neurons.sensitivity import NOTES, TITLE, arranged, plot_sensitivity, sensitivity
from neurons.tables import write_markdown, write_table

with job(snakemake.log[0], snakemake.threads):
    params, output = snakemake.params, snakemake.output
    if not params.variations:
        raise InputError("the configuration has no sweep: write one, as in config/sensitivity.yaml")
    found = {name: dict(zip(runs, map(pd.read_csv, snakemake.input[name]))) for name, runs in params.runs.items()}
    table = sensitivity(params.variations, params.base, found["modularity"], found["entropy"])
    write_table(table, output.csv, output.html, TITLE)
    write_markdown(arranged(table), output.markdown, TITLE, NOTES)
    plot_sensitivity(table, output.figures)
