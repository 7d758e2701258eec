"""Table 4: the auxiliary model by layer choice, and the correlation between choices."""

from neurons.auxiliary_tables import table4, table4_correlation
from neurons.jobs import job
from neurons.tables import read_iterations, write_table

with job(snakemake.log[0], snakemake.threads):
    seeds, run, output = snakemake.params.settings["seeds"], snakemake.wildcards.run, snakemake.output
    accuracy = read_iterations(seeds, snakemake.input.accuracy)
    write_table(table4(accuracy), output.csv, output.html, f"Table 4, {run}: accuracy by layer choice")
    title = f"Table 4, {run}: correlation between layer choices"
    write_table(table4_correlation(accuracy), output.correlation, output.correlation_html, title)
