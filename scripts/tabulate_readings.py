"""Table 1 and Figure 3 of every co-activation graph of the configuration, by its settings, seed and iteration."""

from neurons.core.tables import read_csv_table, write_markdown, write_table
from neurons.published.beside import FOLDER, published_values
from neurons.published.coactivation_settings import NOTE, TITLE, arranged, settings_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    # Class names stay texts, even where they look like numbers.
    tables = {
        name: [read_csv_table(path, dtype={"classes": str}) for path in paths]
        for name, paths in snakemake.input.items()
    }
    published = {name: published_values(FOLDER, f"coactivation_{name}") for name in ("table1", "figures")}
    full = settings_table(snakemake.params.graphs, tables, published)
    write_table(full, snakemake.output.csv)
    write_markdown(arranged(full), snakemake.output.markdown, TITLE, NOTE)
