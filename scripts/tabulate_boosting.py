"""Tables 2 and 4: five methods per iteration with their average improvement, and the layer choices."""

from neurons.auxiliary.tables import improvement_table, layers_correlation, layers_table, methods_table
from neurons.core.tables import read_iterations, read_seeds, write_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    seeds, output = snakemake.params.settings["seeds"], snakemake.output
    accuracy, history = read_iterations(seeds, snakemake.input.accuracy), read_seeds(seeds, snakemake.input.history)
    write_table(methods_table(accuracy, history), output.methods)
    write_table(improvement_table(accuracy), output.improvement)
    write_table(layers_table(accuracy), output.layers)
    write_table(layers_correlation(accuracy), output.layers_correlation)
