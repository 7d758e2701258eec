"""Figure 2: what the network predicts when only a class's most correlated neurons are active."""

from neurons.coactivation.graph import read_coactivation
from neurons.coactivation.interventions import load, predictions_by_k, rest_of_network
from neurons.core.tables import write_table
from neurons.networks.device import use_device
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, settings = snakemake.input, snakemake.params.settings
    device = use_device(snakemake.threads)
    model, _ = load(given.snapshot, given.data, settings, device)
    graph, rest = read_coactivation(given.graph), rest_of_network(model)
    rows, shares = predictions_by_k(graph, rest, settings["top_k"], device)
    write_table(rows, snakemake.output.csv)
    write_table(shares, snakemake.output.shares)
