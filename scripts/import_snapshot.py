"""Check an imported state dict and write it as a snapshot."""

from neurons.networks.snapshots import import_snapshot
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    import_snapshot(
        folder=snakemake.params.source,
        data=snakemake.input.data,
        run=snakemake.wildcards.run,
        seed=int(snakemake.wildcards.seed),
        iteration=int(snakemake.wildcards.iteration),
        settings=snakemake.params.settings,
        output=snakemake.output.snapshot,
    )
