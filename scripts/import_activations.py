"""Check an imported dump and link to it."""

from neurons.dumps.imported import import_dump
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    wildcards = snakemake.wildcards
    iterations = snakemake.config["runs"][wildcards.run]["training"]["iterations"]
    import_dump(
        snakemake.params.source, int(wildcards.seed), int(wildcards.iteration), iterations, snakemake.output.dump
    )
