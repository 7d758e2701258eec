"""Tables 5 and 6 and the series behind them: entropy against accuracy, of the network, its layers and its classes."""

from neurons.communities.entropy_tables import (
    class_entropy_correlations,
    class_series_table,
    entropy_correlations,
    entropy_correlations_by_layer,
    series_table,
)
from neurons.core.tables import read_iterations, read_seeds, write_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    seeds, given, output = snakemake.params.settings["seeds"], snakemake.input, snakemake.output
    entropy, history = read_iterations(seeds, given.entropy), read_seeds(seeds, given.history)
    class_accuracy = read_seeds(seeds, given.class_accuracy)
    write_table(entropy_correlations(entropy, history), output.whole)
    write_table(entropy_correlations_by_layer(entropy, history), output.layers)
    write_table(class_entropy_correlations(entropy, class_accuracy, history), output.classes)
    write_table(series_table(entropy, history), output.series)
    write_table(class_series_table(entropy, class_accuracy), output.class_series)
