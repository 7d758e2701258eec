"""What the workflow makes, from the registry of results: README's tables of studies and outputs, and docs/results.md.

python -m neurons.workflow.docs.outputs README.md docs/results.md
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from neurons.core.files import write_utf8
from neurons.core.formats import markdown_table
from neurons.workflow.docs.pipeline import put_in
from neurons.workflow.registry import REPORT, STUDIES, of_study
from neurons.workflow.results.record import MISSING, Result

STUDIES_MARKS = ("<!-- studies -->\n", "<!-- /studies -->")
OUTPUTS_MARKS = ("<!-- outputs -->\n", "<!-- /outputs -->")
_HEAD = """# Results

Generated from the registry (`scripts/neurons/workflow/results/`) by `make docs`; do not edit by hand.

Every file below `results/`, in the order of the report page. {run} is a key of `runs:` in the configuration, {iteration} has
two digits from 01. {where} is `coactivation`, the graph of the first seed's last iteration, or
`seed-{seed}/coactivation/{iteration}`, the graph of any other. Every figure has a `.png` twin; tables of all runs have a
`.md` twin in the paper's own arrangement.
"""


def _folder(results: Iterable[Result]) -> str:
    """Return the files of one folder with what they show, those of the same content together."""
    by_title = {}
    for result in results:
        by_title.setdefault(result.title, []).append(f"`{result.path.rsplit('/', 1)[1]}`")
    return "; ".join(f"{', '.join(dict.fromkeys(names))} {title}" for title, names in by_title.items())


def studies_table() -> str:
    """Return README's table of studies: what each asks, and what stands beside the claim."""
    return markdown_table(
        ["study", "asks", "control", "after"],
        [
            [f"`{study.name}`", study.asks, study.control, study.paper and f"*{study.paper}* ({study.authors})"]
            for study in STUDIES.values()
        ],
    )


def outputs_table() -> str:
    """Return README's table of outputs: a row for each file that all studies use, and one for each folder of a study."""
    rows = [[f"`{REPORT}`", "all runs, settings, tables, figures and run times in one page that needs no network"]]
    for result in of_study(""):
        columns = f": `{', '.join(result.columns)}`" if result.columns else ""
        rows.append([f"`{result.path}`", result.title + columns])
    for study in STUDIES:
        folders = {}
        for result in of_study(study):
            folders.setdefault(result.path.rsplit("/", 1)[0], []).append(result)
        rows += [[f"`{folder}/`", _folder(results)] for folder, results in folders.items()]
    return markdown_table(["path under `results/`", "content"], rows)


def with_tables(readme: str) -> str:
    """Return README with its tables of studies and outputs as the registry has them."""
    return put_in(put_in(readme, studies_table(), STUDIES_MARKS), outputs_table(), OUTPUTS_MARKS)


def full_table() -> str:
    """Return docs/results.md: every file with its name in the paper, its columns and what it needs."""
    parts = [_HEAD]
    for study in ("", *STUDIES):
        rows = [
            [
                f"`{result.path}`",
                result.number,
                result.title.replace("](docs/", "]("),
                f"`{', '.join(result.columns)}`" if result.columns else "",
                "; ".join(MISSING.get(need, need) for need in result.needs),
            ]
            for result in of_study(study)
        ]
        title = study.capitalize() or "What all studies are made from"
        parts.append(f"## {title}\n\n" + markdown_table(["path", "name", "content", "columns", "needs"], rows))
    return "\n".join(parts)


if __name__ == "__main__":
    readme, full = map(Path, sys.argv[1:])
    write_utf8(readme, with_tables(readme.read_text(encoding="utf-8")))
    write_utf8(full, full_table())
