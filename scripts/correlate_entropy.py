"""Table 5: entropy against accuracy, over all layers and layer by layer."""

from neurons.entropy_tables import table5, table5_layers
from neurons.jobs import job
from neurons.tables import read_iterations, read_seeds, write_table

with job(snakemake.log[0], snakemake.threads):
    seeds, run, output = snakemake.params.settings["seeds"], snakemake.wildcards.run, snakemake.output
    entropy, history = read_iterations(seeds, snakemake.input.entropy), read_seeds(seeds, snakemake.input.history)
    write_table(table5(entropy, history), output.csv, output.html, f"Table 5, {run}: entropy against accuracy")
    title = f"Table 5, {run}: entropy against accuracy by layer"
    write_table(table5_layers(entropy, history), output.layers, output.layers_html, title)
