"""One table of all runs beside the published values of the auxiliary study."""

from pathlib import Path

from neurons.auxiliary_published import compare
from neurons.jobs import job

with job(snakemake.log[0], snakemake.threads):
    folder = Path(snakemake.scriptdir).parent / "resources" / "published"
    runs = {name: tuple(pair) for name, pair in snakemake.params.runs.items()}
    compare(
        number=int(snakemake.wildcards.n),
        paths=dict(zip(runs, snakemake.input.tables)),
        runs=runs,
        folder=folder,
        output=snakemake.output,
        correlations=dict(zip(runs, snakemake.input.correlations)),
    )
