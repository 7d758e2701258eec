"""Build the activation pattern graph of every layer of some dumps."""

from neurons.graphs.pattern_graph import write_graphs
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    graph = snakemake.params.settings["graph"]
    for dump, output in zip(snakemake.input.dumps, snakemake.output.graphs):
        write_graphs(dump, output, graph["top_neurons"], graph["select_by"])
