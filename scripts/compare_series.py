"""Figure 1 of all runs."""

import pandas as pd

from neurons.jobs import job
from neurons.plots import plot_series

with job(snakemake.log[0], snakemake.threads):
    plot_series(dict(zip(snakemake.params.runs, map(pd.read_csv, snakemake.input.series))), snakemake.output.figures)
