"""Dump the hidden activations of one snapshot."""

from neurons.dumps.write import dump
from neurons.networks.device import use_device
from neurons.workflow.jobs import job
from neurons.workflow.provenance import settings_digest

with job(snakemake.log[0], snakemake.threads):
    settings = snakemake.params.settings
    dump(
        snapshot=snakemake.input.snapshot,
        data=snakemake.input.data,
        settings=settings,
        digest=settings_digest(settings | snakemake.params.training),
        output=snakemake.output.dump,
        device=use_device(snakemake.threads),
        threads=snakemake.threads,
    )
