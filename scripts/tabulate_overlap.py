"""Table 2: neurons that classes share."""

from neurons.communities.tables import overlap_table
from neurons.core.tables import write_table
from neurons.graphs.pattern_graph import read_graphs
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    seeds, iterations = snakemake.params.settings["seeds"], snakemake.params.iterations
    origins = [(seed, int(iteration)) for seed in seeds for iteration in iterations]
    graphs = [(*origin, read_graphs(path)) for origin, path in zip(origins, snakemake.input.graphs)]
    write_table(overlap_table(graphs), snakemake.output.csv)
