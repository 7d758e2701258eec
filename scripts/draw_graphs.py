"""Draw the graphs of the first and the last iteration."""

from neurons.graph_drawing import plot_graphs
from neurons.jobs import job

with job(snakemake.log[0], snakemake.threads):
    ends = list(zip(map(int, snakemake.params.iterations), snakemake.input.graphs))
    plot_graphs(ends, snakemake.wildcards.run, snakemake.output.figures)
