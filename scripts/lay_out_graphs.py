"""Lay out the first and the last graphs of a run's first seed for their drawing."""

from neurons.communities.layout import drawn_graphs
from neurons.core.tables import write_table
from neurons.graphs.pattern_graph import read_classes, read_graphs
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    paths = dict(zip(map(int, snakemake.params.iterations), snakemake.input.graphs))
    graphs = {iteration: read_graphs(path) for iteration, path in paths.items()}
    nodes, edges = drawn_graphs(graphs, read_classes(snakemake.input.graphs[0]))
    write_table(nodes, snakemake.output.nodes)
    write_table(edges, snakemake.output.edges)
