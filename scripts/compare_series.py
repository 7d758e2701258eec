"""Figure 1 of all runs, and its series beside the published one."""

from pathlib import Path

import pandas as pd

from neurons.jobs import job
from neurons.plots import plot_series
from neurons.published import series_beside
from neurons.tables import write_table

with job(snakemake.log[0], snakemake.threads):
    folder, output = Path(snakemake.scriptdir).parent / "resources" / "published", snakemake.output
    names = snakemake.params.names
    series = dict(zip(names, map(pd.read_csv, snakemake.input.series)))
    title = "Figure 1, all runs: entropy and accuracies beside the published series"
    write_table(series_beside(series, names, folder), output.csv, output.html, title)
    plot_series(series, output.figures)
