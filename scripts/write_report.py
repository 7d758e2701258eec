"""The report page: of all results, or (without an output) of those that exist so far."""

from pathlib import Path

from neurons.published.arranged import ARRANGED
from neurons.published.beside import FOLDER
from neurons.published.claims import describe_runs, read_claims
from neurons.published.opening import opening, picture
from neurons.report.page import write_page
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    settings = {name: snakemake.params[name] for name in ("runs", "datasets", "targets")}
    above = Path(snakemake.log[0]).parents[2]  # a module's prefix stands before logs/ and results/
    page = Path(snakemake.output[0] if snakemake.output else above / snakemake.params.preview)
    home = Path(snakemake.scriptdir).parent
    runs = describe_runs(settings["runs"], settings["datasets"])
    claims = read_claims(home / "resources/claims.yaml")
    answers = opening(runs, page.parent, FOLDER, claims)
    write_page(page, home, settings, ARRANGED, answers, picture(runs, page.parent))
