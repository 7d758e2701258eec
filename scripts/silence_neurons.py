"""Measure the accuracy lost when the most central neurons are silenced, and when random ones are."""

from functools import partial

from neurons.coactivation.interventions import MEASURES, load, silenced_accuracy, silencing_table
from neurons.core.tables import read_csv_table, write_table
from neurons.networks.device import use_device
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, settings = snakemake.input, snakemake.params.settings
    model, test = load(given.snapshot, given.data, settings, use_device(snakemake.threads))
    # The layers of an nn.Sequential have numbers for names.
    centrality = read_csv_table(given.centrality, dtype={"layer": str})
    accuracy = partial(silenced_accuracy, model, test)
    shares, repeats = settings["silenced_shares"], settings["silencing_repeats"]
    write_table(silencing_table(centrality, MEASURES, shares, repeats, accuracy), snakemake.output.csv)
