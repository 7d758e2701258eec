"""Draw a figure from the tables that it shows."""

from importlib import import_module

from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    module, function = snakemake.params.drawn_by.split(".")
    draw = getattr(import_module(f"neurons.figures.{module}"), function)
    draw(snakemake.input, snakemake.output, snakemake.params.run, **snakemake.params.settings)
