"""Figure 2: what the network predicts when only a class's most correlated neurons are active; and other choices of as many."""

from neurons.coactivation.controls import class_means, control_shares
from neurons.coactivation.graph import read_coactivation
from neurons.coactivation.interventions import (
    chances_by_k,
    first_dense,
    load,
    predictions_by_k,
    rest_of_network,
    share_by_k,
)
from neurons.core.tables import write_table
from neurons.dumps.format import Dump
from neurons.networks.device import use_device
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, settings = snakemake.input, snakemake.params.settings
    device, top_k = use_device(snakemake.threads), settings["top_k"]
    model, _ = load(given.snapshot, given.data, settings, device)
    graph, rest = read_coactivation(given.graph), rest_of_network(model)
    rows, shares = predictions_by_k(graph, rest, top_k, device)
    nodes = first_dense(graph)
    with Dump(given.dump) as dump:
        means = class_means(dump, graph.layer[nodes[0]])

    def shares_of(ranked):
        return share_by_k(chances_by_k(graph.maximum[nodes], ranked, rest, top_k, device))

    write_table(rows, snakemake.output.csv)
    write_table(shares, snakemake.output.shares)
    write_table(control_shares(graph, nodes, means, shares_of), snakemake.output.controls)
