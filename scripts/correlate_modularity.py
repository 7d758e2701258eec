"""Tables 3 and 4: sizes of the Louvain communities, and modularity against accuracy."""

from neurons.communities.tables import modularity_correlations, sizes_table
from neurons.core.series import seed_rows
from neurons.core.tables import read_iterations, read_seeds, write_table
from neurons.graphs.overlap_modularity import MODULARITIES, STANDARDISED
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    seeds, given, output = snakemake.params.settings["seeds"], snakemake.input, snakemake.output
    modularity, history = read_iterations(seeds, given.modularity), read_seeds(seeds, given.history)
    correlations = modularity_correlations(modularity, history, ("nodes_per_community",))
    write_table(sizes_table(modularity, correlations), output.sizes)
    write_table(correlations, output.sizes_correlation)
    metrics = (*MODULARITIES, *STANDARDISED)
    write_table(modularity_correlations(modularity, history, metrics), output.modularity)
    write_table(modularity_correlations(modularity, history, metrics, seed_rows), output.by_seed)
