"""What the report opens with: the questions, what the tables of the runs say to them, and a badge for every verdict."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from neurons.core.formats import counted, is_missing, number
from neurons.core.statistics import LEAST_SEEDS
from neurons.core.tables import read_csv_table
from neurons.measures import dose_response, ranking_table, verdict, within
from neurons.published.claims import Claims, Run, judge_run, part_for, tables_of
from neurons.published.criteria import CRITERIA
from neurons.published.evidence import Part, limited
from neurons.published.verdicts import TESTED, tally

WITHIN = "Does a statistic of the neurons go with accuracy within a training, beyond what time alone does?"
ACROSS = "Does one tell networks apart that were trained differently, better than loss, margin and live units do?"
CAUSE = "Does moving one move accuracy?"
WORDS = "In a word: is a measure a cause of accuracy, a predictor of it, or only its company?"
RUNS = "What do the runs show?"
CLAIMS = "Do the claims of the papers hold on these runs?"


@dataclass(frozen=True)
class Badge:
    """A verdict in a word on a claim (its name, its sentence), with its reason and the table that it rests on."""

    claim: str
    sentence: str
    word: str
    reason: str
    path: str


@dataclass(frozen=True)
class Answer:
    """A question, the sentences that the tables support, and the verdicts by run."""

    question: str
    sentences: list[str]
    badges: dict[str, list[Badge]] = field(default_factory=dict)


def _of_measures(runs: list[Run], results: Path) -> list[Answer]:
    """Return the answers to the three questions, and a word for every measure of data that were asked two of them."""
    inside = tables_of(runs, results, "measures", "table1")
    paths = (results / "paper/measures" / name for name in ("ranking.csv", "intervention_slopes.csv"))
    ranking, slopes = (
        read_csv_table(path, dtype=dose_response.AS_TEXT) if path.is_file() else pd.DataFrame() for path in paths
    )
    words = []
    for run in runs:
        alike = {other.name for other in runs if other.dataset == run.dataset}
        across, pushed = (verdict.of_runs(table, alike) for table in (ranking, slopes))
        if run.name in inside and len(across) + len(pushed) and inside[run.name]["own_low"].notna().any():
            words.append(verdict.answer(verdict.word_table(inside[run.name], across, pushed), run.name))
    return [
        Answer(WORDS, words),
        Answer(WITHIN, [within.answer(table, run) for run, table in inside.items()]),
        Answer(ACROSS, ranking_table.answer(ranking) if len(ranking) else []),
        Answer(CAUSE, dose_response.answer(slopes) if len(slopes) else []),
    ]


def _entropy(table: pd.DataFrame) -> str:
    row = table.set_index("accuracy").loc["running"]
    others = "" if is_missing(row["swapped"]) else f", with that of other seeds' networks {number(row['swapped'])}"
    own = limited(row, "pearson")
    return f"the correlation of entropy with the running accuracy over {row['iterations']} iterations is {own}{others}"


def _gain(table: pd.DataFrame) -> str:
    row = table[table["split"] == "test"].iloc[0]
    gain, of_control = (limited(row, f"{name}_points", sign="+") for name in ("auxiliary", "control"))
    return (
        f"an auxiliary model fed the activation probabilities changes the test accuracy by {gain} points, the same "
        f"model fed the softmax alone by {of_control}"
    )


def _mistakes(table: pd.DataFrame) -> str:
    tests = {row["test"]: f"{number(row['value'])}, p {number(row['p'], 3)}" for row in table.to_dict("records")}
    images = "given_images"  # which imported dumps do not hold
    given = f"; given the likeness of the classes' mean images {tests[images]}" if images in tests else ""
    return f"the neurons that two classes share and their mutual mistakes correlate with {tests['plain']} (Mantel's test){given}"


TOLD = {  # the table of a run, and the words that it is put into
    "communities/table5.csv": _entropy,
    "auxiliary/improvement.csv": _gain,
    "coactivation/figure3_tests.csv": _mistakes,
}


def _of_run(run: Run, results: Path) -> Iterator[str]:
    for name, words in TOLD.items():
        path = results / run.name / name
        if name.partition("/")[0] in run.studies and path.is_file():
            yield f"{run.name}: {words(read_csv_table(path))}."


def badges(run: Run, claims: Claims, results: Path, published: Path) -> list[Badge]:
    """Return the verdicts on all claims that the tables of a run allow to judge."""
    verdicts = []
    for claim in claims.claims:
        part = part_for(claim, run)
        if part is None:
            continue
        judgement = judge_run(claim, part, Part(results / run.name, published, run.published, run.model)).judgement
        if judgement.word in TESTED:
            table = CRITERIA[claim["criterion"]].table.format(**claim["options"])
            path = f"{run.name}/{table}.csv"
            verdicts.append(Badge(claim["id"], claim["sentence"], judgement.word, judgement.reason, path))
    return verdicts


def _counted(run: Run, verdicts: list[Badge]) -> str:
    words = tally(badge.word for badge in verdicts)
    few = f"; no interval stands on fewer than {LEAST_SEEDS} seeds, and this run has {counted(len(run.seeds), 'seed')}"
    return f"{run.name}: of {counted(len(verdicts), 'claim')}, {words}{few if len(run.seeds) < LEAST_SEEDS else ''}."


def opening(runs: list[Run], results: Path, published: Path, claims: Claims) -> list[Answer]:
    """Return what the tables below `results` answer; questions without a table are left out.

    Parameters
    ----------
    published : the folder of the published values.
    claims : of the papers; on data that they do not treat, a claim is judged as on the first of theirs.
    """
    judged = Answer(CLAIMS, [])
    for run in runs:
        if verdicts := badges(run, claims, results, published):
            judged.sentences.append(_counted(run, verdicts))
            judged.badges[run.name] = verdicts
    told = Answer(RUNS, [sentence for run in runs for sentence in _of_run(run, results)])
    return [answer for answer in (*_of_measures(runs, results), told, judged) if answer.sentences]


def picture(runs: list[Run], results: Path) -> str | None:
    """Return the drawing, below `results`, that shows the answer best; None if there is none."""
    within_runs = [f"{run.name}/measures/figure1.svg" for run in runs if "measures" in run.studies]
    known = [*within_runs, "paper/measures/ranking.svg", "paper/communities/figure1.svg"]
    return next((path for path in known if (results / path).is_file()), None)
