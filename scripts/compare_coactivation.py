"""Table 1 and the figures of the co-activation study, all runs beside the published values."""

from neurons.core.tables import read_csv_table
from neurons.published.beside import FOLDER
from neurons.published.coactivation import TABLES, run_figures
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, output, labels = snakemake.input, snakemake.output, snakemake.params.labels
    tables, shares, thresholds, history = (
        map(read_csv_table, paths) for paths in (given.tables, given.shares, given.thresholds, given.history)
    )
    ours = {
        "table1": dict(zip(labels, tables)),
        "figures": dict(zip(labels, map(run_figures, shares, thresholds, history))),
    }
    for name, table in TABLES.items():
        full = table.compare(ours[name], labels, FOLDER)
        table.write(full, table.arranged(full), output[name], output[f"{name}_markdown"])
