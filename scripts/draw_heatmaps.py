"""Figures 4 and 5: which pixels go with each class's strongest neuron, and with neurons that classes share."""

from neurons.class_similarity import shared_neurons, strongest_neurons
from neurons.coactivation import read_coactivation, read_pixels
from neurons.coactivation_plots import plot_heatmaps
from neurons.heatmaps import panels, table
from neurons.jobs import job
from neurons.tables import write_csv_table

with job(snakemake.log[0], snakemake.threads):
    output, run = snakemake.output, snakemake.wildcards.run
    threshold = snakemake.params.settings["neighbour_threshold"]
    graph, pixels = read_coactivation(snakemake.input.graph), read_pixels(snakemake.input.graph)
    strongest = strongest_neurons(graph)
    shared = shared_neurons(graph, threshold, 2) + shared_neurons(graph, threshold, 3)
    write_csv_table(table(graph, pixels, strongest), output.csv4)
    write_csv_table(table(graph, pixels, shared), output.csv5)
    plot_heatmaps(panels(graph, pixels, strongest), 5, f"{run}: each class's strongest neuron", output.figure4)
    plot_heatmaps(
        panels(graph, pixels, shared),
        3,
        f"{run}: neurons shared by two and by three classes (r > {threshold:g})",
        output.figure5,
        f"no neuron is correlated above {threshold:g} with exactly two or three classes",
    )
