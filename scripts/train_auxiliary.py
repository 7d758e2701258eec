"""Train the auxiliary models of all iterations of one seed, and measure the five methods."""

from neurons.auxiliary.model import write_auxiliary
from neurons.networks.device import use_device
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    write_auxiliary(
        paths=snakemake.input.patterns,
        options=snakemake.params.settings["auxiliary"],
        seed=int(snakemake.wildcards.seed),
        tables=snakemake.output.tables,
        models=snakemake.output.models,
        device=use_device(snakemake.threads),
    )
