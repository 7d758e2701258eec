"""How well scores of confidence find the wrong predictions of the last iteration."""

import pandas as pd

from neurons.auxiliary.confidence import confidence_tables
from neurons.auxiliary.probabilities import read_patterns
from neurons.core.tables import write_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    paths = dict(zip(snakemake.params.settings["seeds"], snakemake.input.patterns))
    by_seed = [confidence_tables(read_patterns(path), seed) for seed, path in paths.items()]
    table, curves = (pd.concat(frames, ignore_index=True) for frames in zip(*by_seed))
    write_table(table, snakemake.output.csv)
    write_table(curves, snakemake.output.curves)
