"""Figures 4 and 5: which pixels go with each class's strongest neuron, and with neurons that classes share."""

from neurons.coactivation.graph import read_coactivation, read_pixels
from neurons.coactivation.heatmaps import pixel_table
from neurons.coactivation.similarity import shared_neurons, strongest_neurons
from neurons.core.tables import write_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    threshold = snakemake.params.settings["neighbour_threshold"]
    graph, pixels = read_coactivation(snakemake.input.graph), read_pixels(snakemake.input.graph)
    shared = shared_neurons(graph, threshold, 2) + shared_neurons(graph, threshold, 3)
    write_table(pixel_table(graph, pixels, strongest_neurons(graph)), snakemake.output.strongest)
    write_table(pixel_table(graph, pixels, shared), snakemake.output.shared)
