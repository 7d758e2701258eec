"""One table of all runs beside the published values of the auxiliary study."""

from neurons.core.tables import read_csv_table, write_table
from neurons.published.auxiliary import BOOSTED, BY_LAYERS, TABLES, average_improvement, with_correlations
from neurons.published.beside import FOLDER
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, output, labels = snakemake.input, snakemake.output, snakemake.params.labels
    number = int(snakemake.wildcards.n)
    table, (tables, more) = (
        TABLES[number],
        (dict(zip(labels, map(read_csv_table, paths))) for paths in (given.tables, given.more)),
    )
    full = table.compare(tables, labels, FOLDER, **({"by_layers": more} if number in BY_LAYERS else {}))
    arranged = table.arranged(full)
    if number == 4:
        arranged = with_correlations(arranged, more)
    table.write(full, arranged, output.csv, output.markdown)
    write_table(average_improvement(full, BOOSTED.get(number, ())), output.average)
