"""Write a co-activation graph as GraphML and GEXF."""

from neurons.coactivation.export import export_graph, write_exports
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    wanted = snakemake.params.settings
    graph = export_graph(snakemake.input.graph, wanted["threshold"], wanted["export_edges"], wanted["export_pixels"])
    write_exports(graph, snakemake.output.graphml, snakemake.output.gexf)
