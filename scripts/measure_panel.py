"""Measure one iteration with the panel of neuron statistics."""

from neurons.measures.iteration import Files, write_measures
from neurons.measures.panel import chosen
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    settings = snakemake.params.settings
    files = Files(**{name: snakemake.input.get(name) for name in Files.__dataclass_fields__})
    panel = chosen(settings["measures"]["panel"], settings["measures"]["modules"])
    write_measures(snakemake.output.measures, files, int(snakemake.wildcards.iteration), panel, settings)
