"""Table 2: five methods per iteration, and the average improvement."""

from neurons.auxiliary_tables import improvement, table2
from neurons.jobs import job
from neurons.tables import read_iterations, read_seeds, write_table

with job(snakemake.log[0], snakemake.threads):
    seeds, run, output = snakemake.params.settings["seeds"], snakemake.wildcards.run, snakemake.output
    accuracy, history = read_iterations(seeds, snakemake.input.accuracy), read_seeds(seeds, snakemake.input.history)
    write_table(table2(accuracy, history), output.csv, output.html, f"Table 2, {run}: accuracy by method")
    title = f"Table 2, {run}: average improvement in percentage points"
    write_table(improvement(accuracy), output.improvement, output.improvement_html, title)
