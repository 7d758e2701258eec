"""Table 1: communities of classes, how stable they are over Louvain runs, and the graph laid out for Figure 1."""

import pandas as pd

from neurons.coactivation.graph import read_coactivation
from neurons.coactivation.layout import node_table
from neurons.coactivation.overlapping import overlapping_table
from neurons.coactivation.similarity import class_communities, community_table, pairs_table, stability
from neurons.core.tables import write_table
from neurons.graphs.layout import heaviest_edges
from neurons.graphs.louvain import best_run
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    settings, output = snakemake.params.settings, snakemake.output
    graph, threshold = read_coactivation(snakemake.input.graph), settings["threshold"]
    kept, resolution, runs = (settings[key] for key in ("edges", "resolution", "louvain_runs"))
    partitions, qualities = class_communities(graph, threshold, resolution, runs, kept)
    write_table(community_table(graph, partitions, qualities), output.csv)
    write_table(pairs_table(graph, share_of_runs=stability(graph, partitions)), output.stability)
    write_table(node_table(graph, threshold, partitions[best_run(qualities)], kept), output.nodes)
    edges = dict(zip(("a", "b", "weight"), heaviest_edges(graph.above(threshold, kept))))
    write_table(pd.DataFrame(edges), output.edges)
    write_table(overlapping_table(graph, threshold, resolution, runs), output.overlapping)
