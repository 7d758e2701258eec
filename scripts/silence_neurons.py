"""Measure the accuracy lost when the most central neurons are silenced, and when random ones are."""

from functools import partial

import pandas as pd

from neurons.coactivation_plots import plot_silencing
from neurons.interventions import MEASURES, load, silenced_accuracy, silencing
from neurons.jobs import job
from neurons.models import use_device
from neurons.tables import write_csv_table

with job(snakemake.log[0], snakemake.threads):
    given, settings = snakemake.input, snakemake.params.settings
    model, test = load(given.snapshot, given.data, settings, use_device(snakemake.threads))
    accuracy = partial(silenced_accuracy, model, test)
    centrality = pd.read_csv(given.centrality)
    table = silencing(centrality, MEASURES, settings["silenced_shares"], settings["silencing_repeats"], accuracy)
    write_csv_table(table, snakemake.output.csv)
    plot_silencing(table, snakemake.wildcards.run, snakemake.output.figures)
