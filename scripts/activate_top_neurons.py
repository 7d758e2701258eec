"""Figure 2: what the network predicts when only a class's most correlated neurons are active."""

from neurons.coactivation.graph import read_coactivation
from neurons.coactivation.interventions import layer_to_set, load, predictions_by_k, rest_of_network
from neurons.core.tables import write_table
from neurons.networks.device import pixels, use_device
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, settings = snakemake.input, snakemake.params.settings
    device = use_device(snakemake.threads)
    model, test = load(given.snapshot, given.data, settings, device)
    graph, one = read_coactivation(given.graph), pixels(test.images[:1])
    layer = layer_to_set(graph, model, one)
    rows, shares = predictions_by_k(graph, layer, rest_of_network(model, layer, one), settings["top_k"], device)
    write_table(rows, snakemake.output.csv)
    write_table(shares, snakemake.output.shares)
