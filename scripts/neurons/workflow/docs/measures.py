"""What the real runs of the study of measures found, in docs/measures.md, made from their tables.

python -m neurons.workflow.docs.measures docs/measures.md FOLDER [FOLDER ...]

Each folder is one in which config/measures.yaml or config/intervention.yaml was run: it holds `results` and `benchmarks`.
"""

import sys
from pathlib import Path

from neurons.core.errors import InputError
from neurons.core.files import atomic
from neurons.core.tables import markdown, read_csv_table
from neurons.measures import dose_response, ranking_table
from neurons.workflow.benchmarks import read_benchmarks
from neurons.workflow.docs.pipeline import put_in

MARKS = ("<!-- found -->\n", "<!-- /found -->")
MOST = 12  # measures shown of a run's ranking
_STUDIES = {
    "ranking": ("Across networks", "ranking.csv", ranking_table),
    "intervention": ("Cause or company", "intervention_slopes.csv", dose_response),
}


def _cost(folder: Path, kind: str) -> str:
    """Return how many networks were trained and measured, and in what processor time."""
    trials = {"ranking": "grid", "intervention": "intervene"}[kind]
    paths = sorted(folder.glob(f"results/*/{trials}/*.csv"))
    networks = sum(
        len(table.drop_duplicates(list(table.columns[: table.columns.get_loc("seed") + 1])))
        for table in map(read_csv_table, paths)
    )
    spent = read_benchmarks(folder / "benchmarks")
    spent = spent[(spent["rule"] == "measure_networks") & spent["name"].str.contains(f"/{trials}/")]
    minutes = spent["cpu_seconds"].sum() / 60
    return f"{networks} networks in {len(paths)} jobs, {minutes:.1f} minutes of processor time in all."


def section(folder: Path, kind: str) -> str | None:
    """Return what one of the two runs found (`ranking` or `intervention`) as Markdown, None if it is not there."""
    title, name, module = _STUDIES[kind]
    path = folder / "results/paper/measures" / name
    if not path.exists():
        return None
    table = read_csv_table(path, ("run", "measure"), dtype={"beyond_at": str})
    shown = module.arranged(table).groupby("run", sort=False).head(MOST)
    sentences = "\n".join(f"- **{sentence}**" for sentence in module.answer(table))
    if kind == "intervention":
        by_strength = read_csv_table(path.with_name("intervention.csv"), ("run", "measure", "strength"))
        more = "\n" + markdown(dose_response.strengths_arranged(by_strength))
    else:
        more = ""
    return f"### {title}\n\n{sentences}\n\n{_cost(folder, kind)} {module.NOTES}\n\n{markdown(shown)}{more}"


def found(folders: list[Path]) -> str:
    """Return the sections of all runs in these folders.

    Raises
    ------
    InputError
        If there is none.
    """
    parts = [part for kind in _STUDIES for folder in folders if (part := section(folder, kind))]
    if not parts:
        raise InputError(f"no ranking and no intervention in {', '.join(map(str, folders))}: run config/measures.yaml")
    return "\n".join(parts)


if __name__ == "__main__":
    page, *given = map(Path, sys.argv[1:])
    try:
        text = put_in(page.read_text(encoding="utf-8"), found(given), MARKS)
    except InputError as error:
        sys.exit(f"error: {error}")
    with atomic(page) as part:
        part.write_text(text, encoding="utf-8")
