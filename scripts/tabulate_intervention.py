"""Whether test accuracy moves with a measure that a regulariser pushes: by strength, and the slope."""

import pandas as pd

from neurons.core.tables import markdown, read_csv_table, write_markdown, write_table
from neurons.measures.dose_response import NOTES, TITLE, answer, arranged, interventions, strengths_arranged
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    tables = {
        run: pd.concat([read_csv_table(path, ("seed", "reached", "strength")) for path in paths], ignore_index=True)
        for run, paths in snakemake.params.parts.items()
    }
    networks, strengths, slopes = interventions(tables, snakemake.params.losses)
    for name, table in (("networks", networks), ("strengths", strengths), ("slopes", slopes)):
        write_table(table, snakemake.output[name])
    notes = "\n\n".join([" ".join([*answer(slopes), NOTES]), markdown(arranged(slopes)).rstrip()])
    write_markdown(strengths_arranged(strengths), snakemake.output.markdown, TITLE, notes)
