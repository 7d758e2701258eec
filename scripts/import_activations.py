"""Check a dump made elsewhere and link to it."""

from neurons.foreign import import_dump
from neurons.jobs import job

with job(snakemake.log[0], snakemake.threads):
    import_dump(snakemake.params.source, int(snakemake.wildcards.iteration), snakemake.output.dump)
