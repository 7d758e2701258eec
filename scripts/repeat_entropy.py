"""Table 1 and the series of Figure 2 of the auxiliary study: those of the communities study under its own numbers."""

from pathlib import Path

from neurons.core.files import atomic
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    for source, target in zip(snakemake.input, snakemake.output):
        with atomic(target) as part:
            part.write_bytes(Path(source).read_bytes())
