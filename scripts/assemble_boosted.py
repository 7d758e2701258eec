"""Put the boosted model of the last iteration together."""

from neurons.auxiliary.boosted import write_boosted
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given = snakemake.input
    write_boosted(
        snapshot=given.snapshot,
        patterns_path=given.patterns,
        models=given.models,
        data=given.data,
        settings=snakemake.params.settings["model"],
        output=snakemake.output.boosted,
    )
