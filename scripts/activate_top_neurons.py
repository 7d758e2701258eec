"""Figure 2: what the network predicts when only a class's most correlated neurons are active; and other choices of as many."""

import numpy as np

from neurons.coactivation.controls import class_means, control_shares
from neurons.coactivation.graph import read_coactivation
from neurons.coactivation.interventions import (
    chances_by_k,
    layer_to_set,
    load,
    predictions_by_k,
    rest_of_network,
    share_by_k,
)
from neurons.core.tables import write_table
from neurons.dumps.format import Dump
from neurons.networks.device import pixels, use_device
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, settings = snakemake.input, snakemake.params.settings
    device, top_k = use_device(snakemake.threads), settings["top_k"]
    model, test = load(given.snapshot, given.data, settings, device)
    graph, one = read_coactivation(given.graph), pixels(test.images[:1])
    layer = layer_to_set(graph, model, one)
    nodes, rest = np.flatnonzero(graph.layer == layer), rest_of_network(model, layer, one)
    rows, shares = predictions_by_k(graph, layer, rest, top_k, device)
    with Dump(given.dump) as dump:
        means = class_means(dump, layer)

    def shares_of(ranked):
        return share_by_k(chances_by_k(graph.maximum[nodes], ranked, rest, top_k, device))

    write_table(rows, snakemake.output.csv)
    write_table(shares, snakemake.output.shares)
    write_table(control_shares(graph, nodes, means, shares_of), snakemake.output.controls)
