"""Table 1: communities of classes, how stable they are over Louvain runs, and Figure 1, the graph drawn."""

from neurons.class_similarity import class_communities, pairs_table, stability, table1
from neurons.coactivation import read_coactivation
from neurons.coactivation_graphs import figure1
from neurons.coactivation_plots import plot_graph, plot_stability
from neurons.jobs import job
from neurons.modularity import best_run
from neurons.tables import write_csv_table, write_table

with job(snakemake.log[0], snakemake.threads):
    wanted, output, run = snakemake.params.settings, snakemake.output, snakemake.wildcards.run
    graph, threshold = read_coactivation(snakemake.input.graph), wanted["threshold"]
    partitions, qualities = class_communities(graph, threshold, wanted["resolution"], wanted["louvain_runs"])
    title = f"Table 1, {run}: communities of classes"
    write_table(table1(graph, partitions, qualities), output.csv, output.html, title)
    together = stability(graph, partitions)
    write_csv_table(pairs_table(graph, share_of_runs=together), output.stability)
    plot_stability(together, graph.classes, run, len(qualities), output.stability_figures)
    nodes = figure1(graph, threshold, partitions[best_run(qualities)])
    write_csv_table(nodes, output.nodes)
    plot_graph(nodes, graph.above(threshold), run, threshold, output.figures)
