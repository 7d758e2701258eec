"""Dump the hidden activations of some snapshots."""

from neurons.dumps.write import dump
from neurons.networks.device import use_device
from neurons.workflow.jobs import job
from neurons.workflow.provenance import settings_digest

with job(snakemake.log[0], snakemake.threads):
    settings, device = snakemake.params.settings, use_device(snakemake.threads)
    for snapshot, output in zip(snakemake.input.snapshots, snakemake.output.dumps):
        dump(
            snapshot=snapshot,
            data=snakemake.input.data,
            settings=settings,
            digest=settings_digest(settings | snakemake.params.training),
            output=output,
            device=device,
            threads=snakemake.threads,
        )
