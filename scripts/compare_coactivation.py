"""Table 1 and the figures of the co-activation study, all runs beside the published values."""

from pathlib import Path

from neurons.coactivation_paper import compare
from neurons.jobs import job

with job(snakemake.log[0], snakemake.threads):
    folder, given = Path(snakemake.scriptdir).parent / "resources" / "published", snakemake.input
    runs = snakemake.params.names
    tables, shares, thresholds, history = (
        dict(zip(runs, paths)) for paths in (given.tables, given.shares, given.thresholds, given.history)
    )
    compare(tables, shares, thresholds, history, runs, folder, snakemake.output)
