"""Figure 2: what the network predicts when only a class's most correlated neurons are active."""

from neurons.coactivation import read_coactivation
from neurons.coactivation_plots import plot_top_k
from neurons.interventions import figure2, load, rest_of_network
from neurons.jobs import job
from neurons.models import use_device
from neurons.tables import write_csv_table

with job(snakemake.log[0], snakemake.threads):
    given, output, settings = snakemake.input, snakemake.output, snakemake.params.settings
    device = use_device(snakemake.threads)
    model, _ = load(given.snapshot, given.data, settings, device)
    top_k = settings["top_k"]
    rows, shares = figure2(read_coactivation(given.graph), rest_of_network(model), top_k, device)
    write_csv_table(rows, output.csv)
    write_csv_table(shares, output.shares)
    plot_top_k(rows, shares, snakemake.wildcards.run, output.figures)
