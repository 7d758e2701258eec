"""Check a state dict made elsewhere and write it as a snapshot."""

from neurons.foreign_snapshots import import_snapshot
from neurons.jobs import job

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
