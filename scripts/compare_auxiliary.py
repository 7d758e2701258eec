"""One table of all runs beside the published values of the auxiliary study."""

from neurons.core.tables import read_csv_table, write_table
from neurons.published.auxiliary import BOOSTED, TABLES, average_improvement, with_correlations
from neurons.published.beside import FOLDER
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, output, labels = snakemake.input, snakemake.output, snakemake.params.labels
    number = int(snakemake.wildcards.n)
    table = TABLES[number]
    full = table.compare(dict(zip(labels, map(read_csv_table, given.tables))), labels, FOLDER)
    arranged = table.arranged(full)
    if given.correlations:
        arranged = with_correlations(arranged, dict(zip(labels, map(read_csv_table, given.correlations))))
    table.write(full, arranged, output.csv, output.markdown)
    write_table(average_improvement(full, BOOSTED.get(number, ())), output.average)
