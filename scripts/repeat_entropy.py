"""Table 1 and the series of Figure 2 of the auxiliary study: those of the communities study under its own numbers."""

from neurons.core.tables import copy_table
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    for source, target in zip(snakemake.input, snakemake.output):
        copy_table(source, target)
