"""How well scores of confidence find the wrong predictions of the last iteration: table and risk-coverage plot."""

import pandas as pd

from neurons.confidence import confidence_tables, plot_risk
from neurons.jobs import job
from neurons.patterns import read_patterns
from neurons.tables import write_csv_table, write_table

with job(snakemake.log[0], snakemake.threads):
    run, output = snakemake.wildcards.run, snakemake.output
    found = [
        confidence_tables(read_patterns(path), seed)
        for seed, path in zip(snakemake.params.settings["seeds"], snakemake.input.patterns)
    ]
    table, curves = (pd.concat(frames, ignore_index=True) for frames in zip(*found))
    write_table(table, output.csv, output.html, f"Confidence, {run}: how well scores find wrong predictions")
    write_csv_table(curves, output.curves)
    plot_risk(curves, run, output.figures)
