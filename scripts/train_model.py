"""Train a run from one seed, with snapshots."""

from neurons.networks.device import use_device
from neurons.training.loop import train
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    train(
        data=snakemake.input.data,
        run=snakemake.wildcards.run,
        settings=snakemake.params.settings,
        seed=int(snakemake.wildcards.seed),
        snapshots=snakemake.output.snapshots,
        history=snakemake.output.history,
        class_accuracy=snakemake.output.class_accuracy,
        source=snakemake.params.code,
        device=use_device(snakemake.threads),
    )
