"""What the real runs of the study of measures found, in docs/measures.md and README.md, made from their tables.

python -m neurons.workflow.docs.measures docs/measures.md README.md FOLDER [FOLDER ...]

Each folder is one in which config/measures.yaml or config/intervention.yaml was run: it holds `results` and `benchmarks`.
The run `x-training` is of the data of the networks of `x`.
"""

import sys
from pathlib import Path

import pandas as pd

from neurons.core.errors import InputError
from neurons.core.files import write_utf8
from neurons.core.tables import markdown, read_csv_table
from neurons.measures import dose_response, ranking_table, verdict, within
from neurons.workflow.benchmarks import read_benchmarks
from neurons.workflow.docs.pipeline import put_in
from neurons.workflow.results.record import GRID, INTERVENE

MARKS = ("<!-- found -->\n", "<!-- /found -->")
TRAINING = "-training"
MOST = 12  # measures shown of a run's ranking
_SECTIONS = {
    GRID: ("Across networks", "ranking.csv", ranking_table),
    INTERVENE: ("Cause or company", "intervention_slopes.csv", dose_response),
}


def _cost(folder: Path, kind: str, runs: list[str]) -> str:
    """Return how many networks of these runs were trained and measured, and in what processor time."""
    paths = [path for run in runs for path in sorted(folder.glob(f"results/{run}/{kind}/*.csv"))]
    networks = sum(
        len(table.drop_duplicates(list(table.columns[: table.columns.get_loc("seed") + 1])))
        for table in map(read_csv_table, paths)
    )
    spent = read_benchmarks(folder / "benchmarks").query("rule == 'measure_networks'")
    of_runs = spent["name"].str.startswith(tuple(f"{run}/{kind}/" for run in runs))
    minutes = spent.loc[of_runs, "cpu_seconds"].sum() / 60
    return f"{networks} networks in {len(paths)} jobs, {minutes:.1f} minutes of processor time in all."


def section(folder: Path, kind: str) -> str | None:
    """Return what the networks of a grid or intervention (`kind`) showed, as Markdown; None if there are none."""
    title, name, module = _SECTIONS[kind]
    path = folder / "results/paper/measures" / name
    if not path.exists():
        return None
    table = read_csv_table(path, ("run", "measure"), dtype=dose_response.AS_TEXT)
    sentences = "\n".join(f"- **{sentence}**" for sentence in module.answer(table))
    cost = _cost(folder, kind, list(table["run"].unique()))
    tables = [module.arranged(table).groupby("run", sort=False).head(MOST)]
    if kind == INTERVENE:
        by_strength = read_csv_table(path.with_name("intervention.csv"), ("run", "measure", "strength"))
        tables.append(dose_response.strengths_arranged(by_strength))
    return f"### {title}\n\n{sentences}\n\n{cost} {module.NOTES}\n\n" + "\n".join(map(markdown, tables))


def _tables(folders: list[Path], pattern: str) -> list[tuple[str, pd.DataFrame]]:
    """Return (name of the run's folder, table) of all tables of a name below `results` of all folders."""
    paths = [path for folder in folders for path in sorted((folder / "results").glob(pattern))]
    return [(path.parent.parent.name, read_csv_table(path)) for path in paths]


def _inside(folders: list[Path]) -> list[tuple[str, pd.DataFrame]]:
    return _tables(folders, f"*{TRAINING}/measures/table1.csv")


def _trainings(folders: list[Path]) -> str | None:
    """Return what the trainings found, as Markdown; None if there is none."""
    inside = _inside(folders)
    if not inside:
        return None
    sentences = "\n".join(f"- **{within.answer(table, run)}**" for run, table in inside)
    table = pd.concat([within.arranged(table).head(MOST).assign(run=run) for run, table in inside])
    table = table[["run", *table.columns.drop("run")]]
    return f"### Within a training\n\n{sentences}\n\n{within.NOTES}\n\n{markdown(table)}"


def words(folders: list[Path]) -> list[str]:
    """Return, per run whose trainings and networks both were measured, how many measures have which word."""
    papers = [_tables(folders, f"paper/measures/{name}.csv") for name in ("ranking", "intervention_slopes")]
    ranking, slopes = (pd.concat([table for _, table in tables]) if tables else pd.DataFrame() for tables in papers)
    sentences = []
    for run, table in _inside(folders):
        base = run.removesuffix(TRAINING)
        of_base = (verdict.of_runs(part, [base]) for part in (ranking, slopes))
        sentences.append(verdict.answer(verdict.word_table(table, *of_base), base))
    return sentences


def found(folders: list[Path]) -> str:
    """Return the sections of all runs in these folders.

    Raises
    ------
    InputError
        If there is none.
    """
    sections = [section(folder, kind) for kind in _SECTIONS for folder in folders]
    if not any(sections):
        raise InputError(f"no ranking and no intervention in {', '.join(map(str, folders))}: run config/measures.yaml")
    return "\n".join(filter(None, [_trainings(folders), *sections]))


def answer(folders: list[Path]) -> str:
    """Return the words of the measures as a list in Markdown."""
    return "".join(f"- {sentence}\n" for sentence in words(folders))


if __name__ == "__main__":
    page, readme, *given = map(Path, sys.argv[1:])
    try:
        texts = {page: answer(given) + "\n" + found(given), readme: answer(given)}
    except InputError as error:
        sys.exit(f"error: {error}")
    for path, text in texts.items():
        write_utf8(path, put_in(path.read_text(encoding="utf-8"), text, MARKS))
