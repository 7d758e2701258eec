"""Table 3: sizes of the Louvain communities, and how their mean follows accuracy."""

from neurons.community_tables import correlate_layers, table3
from neurons.jobs import job
from neurons.tables import read_iterations, read_seeds, write_table

with job(snakemake.log[0], snakemake.threads):
    seeds, run, output = snakemake.params.settings["seeds"], snakemake.wildcards.run, snakemake.output
    modularity = read_iterations(seeds, snakemake.input.modularity)
    history = read_seeds(seeds, snakemake.input.history)
    correlations = correlate_layers(modularity, history, ("nodes_per_community",))
    write_table(table3(modularity, correlations), output.csv, output.html, f"Table 3, {run}: community sizes")
    title = f"Table 3, {run}: vertices per community against accuracy"
    write_table(correlations, output.correlation, output.correlation_html, title)
