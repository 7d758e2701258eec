"""Build the activation pattern graph of every layer of one dump."""

from neurons.graphs.pattern_graph import write_graphs
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    graph = snakemake.params.settings["graph"]
    write_graphs(snakemake.input.dump, snakemake.output.graphs, graph["top_neurons"], graph["select_by"])
