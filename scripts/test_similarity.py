"""Figure 3 over all seeds: Mantel's tests of similarity and mistakes, and of what may stand behind both."""

from contextlib import nullcontext

from neurons.coactivation.controls import figure3_tests, pairs_of
from neurons.coactivation.graph import read_coactivation
from neurons.core.hdf5 import open_hdf5
from neurons.core.tables import write_table
from neurons.dumps.format import Dump
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, threshold = snakemake.input, snakemake.params.settings["neighbour_threshold"]
    networks = []
    with open_hdf5(given.data) if given.data else nullcontext() as file:
        images = file["test/images"] if file else None
        for graph, path in zip(given.graphs, given.dumps):
            with Dump(path) as dump:
                networks.append(pairs_of(read_coactivation(graph), dump, images, threshold))
            print(f"read {path}")
    write_table(figure3_tests(networks), snakemake.output.csv)
