"""The claims of the three papers: read from their file, judged on the runs of a configuration."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from neurons.core.errors import InputError, MissingTable, nearest
from neurons.core.tables import read_csv_table
from neurons.networks.names import hidden_layers, model_kind
from neurons.published.criteria import CRITERIA
from neurons.published.evidence import Finding, Part, no_figures
from neurons.published.verdicts import NOT_TESTED, TESTED, Judgement, combined, tally

NOT_RUN = "not run"

KEYS = ("id", "study", "place", "sentence", "criterion", "options", "parts")


@dataclass(frozen=True)
class Run:
    """What the page has to know of a run: its settings, and what it is compared with."""

    name: str
    studies: tuple[str, ...]
    published: str
    model: str  # the papers' word for it
    layers: str
    training: str
    labels: str
    seeds: tuple[int, ...]
    iterations: int
    epochs_per_iteration: int
    dataset: str | None = None
    data_note: str = ""  # what kind of data stands in for the paper's


@dataclass(frozen=True)
class Claims:
    """The claims as frozen in their file.

    exploratory_seeds : those whose results had been seen when the rules were written; all others confirm.
    digest : of the file, SHA-256.
    """

    claims: list[dict]
    exploratory_seeds: tuple[int, ...]
    digest: str


@dataclass(frozen=True)
class Judged:
    """One part of a claim: the figures and the verdict that rests on them, on which run."""

    data: str
    model: str
    finding: Finding
    seeds: str = ""
    reduced: bool = False

    @property
    def verdict(self) -> str:
        return self.finding.judgement.word


def tables_of(runs: list[Run], results: Path, study: str, name: str) -> dict[str, pd.DataFrame]:
    """Return a table of every run of a study that has it, by run."""
    paths = {run.name: results / run.name / study / f"{name}.csv" for run in runs if study in run.studies}
    return {run: read_csv_table(path) for run, path in paths.items() if path.is_file()}


def _training(run: dict) -> str:
    if {"activations", "snapshots"} & set(run):
        return "made elsewhere"
    given, model = run["training"], run["model"]
    dropout = "" if {"name", "module"} & set(model) else f", dropout {model['dropout']:g}"
    return f"{given['optimizer']} {given['learning_rate']:g}, batch {given['batch_size']}{dropout}"


def describe_runs(settings: dict[str, dict], datasets: dict[str, dict]) -> list[Run]:
    """Return the runs of a resolved configuration, by its settings of each run and data set."""
    return [
        Run(
            name=name,
            studies=tuple(run["studies"]),
            published=run.get("published", name),
            model=model_kind(run["model"]),
            layers=hidden_layers(run["model"]),
            training=_training(run),
            labels=run["labels"],
            seeds=tuple(run["seeds"]),
            iterations=run["training"]["iterations"],
            epochs_per_iteration=run["training"]["epochs_per_iteration"],
            dataset=run.get("dataset"),
            data_note=datasets.get(run.get("dataset"), {}).get("note", ""),
        )
        for name, run in settings.items()
    ]


def read_claims(path) -> Claims:
    """Read the claims.

    Raises
    ------
    InputError
        Naming the claim, where a key is missing or its criterion is not known.
    """
    text = Path(path).read_bytes()
    given = yaml.safe_load(text)
    for claim in given["claims"]:
        name = claim.get("id", "without id")
        missing = [key for key in KEYS if key not in claim]
        if missing:
            raise InputError(f"{path}: claim {name}: the key '{missing[0]}' is missing; add it")
        if claim["criterion"] not in CRITERIA:
            hint = nearest(claim["criterion"], CRITERIA) or f"; known: {', '.join(CRITERIA)}"
            raise InputError(f"{path}: claim {name}: unknown criterion '{claim['criterion']}'{hint}")
    return Claims(given["claims"], tuple(given["exploratory_seeds"]), hashlib.sha256(text).hexdigest())


def kind_of_seeds(seeds: Sequence[int], exploratory: Sequence[int]) -> str:
    """Return how many seeds there are, and whether they were seen before the rules were written."""
    seen = len(set(seeds) & set(exploratory))
    kind = "confirmatory" if not seen else "exploratory" if seen == len(seeds) else f"{seen} of them exploratory"
    return f"{len(seeds)}, {kind}"


def rule_of(claim: dict) -> str:
    """Return the sentence that states how a claim is judged."""
    return CRITERIA[claim["criterion"]].sentence.format(**claim["options"])


def find_run(runs: list[Run], study: str, data: str, model: str) -> Run | None:
    """Return the first run of a study on this published data set and model."""
    matches = (run for run in runs if study in run.studies and (run.published, run.model) == (data, model))
    return next(matches, None)


def judge_part(
    claim: dict, part: dict, runs: list[Run], results: Path, published: Path, reduced: set, exploratory: Sequence[int]
) -> Judged:
    """Judge one part of a claim; a part without run or tables is `not run`, or `not tested` for the reason it gives.

    `reduced`: names of the runs on less data than the paper's. `exploratory`: seeds that shaped the rules.
    """
    data, model = part["data"], part["model"]
    run = find_run(runs, claim["study"], data, model)
    if run is None:
        untested = Judgement(NOT_TESTED, part["untested"]) if part.get("untested") else None
        return Judged(data, model, no_figures(untested or Judgement(NOT_RUN, "no such run in this configuration")))
    finding = judge_run(claim, part, Part(results / run.name, published, data, model))
    return Judged(data, model, finding, kind_of_seeds(run.seeds, exploratory), run.name in reduced)


def judge_run(claim: dict, part: dict, tables: Part) -> Finding:
    """Judge a claim on the tables of a run, with what one of its parts changes in the rule's options."""
    changed = {key: value for key, value in part.items() if key not in ("data", "model", "untested")}
    try:
        return CRITERIA[claim["criterion"]].judge(tables, **claim["options"] | changed)
    except MissingTable as error:
        return no_figures(Judgement(NOT_RUN, f"{error.path.name} is not there"))


def part_for(claim: dict, run: Run) -> dict | None:
    """Return the part of a claim that speaks of a run: of its data and model, else the first of its kind of labels.

    None where the run takes no part in the claim's study, or the claim names classes of other data.
    """
    if claim["study"] not in run.studies:
        return None
    exact = [one for one in claim["parts"] if (one["data"], one["model"]) == (run.published, run.model)]
    alike = [one for one in claim["parts"] if one["data"].endswith("-mixed") == (run.labels == "mixed")]
    return next(iter(exact if exact or "pairs" in claim["options"] else alike), None)


def judge_claim(parts: list[Judged]) -> tuple[str, str]:
    """Return a claim's verdict and how many of the parts that decide it have which.

    Parts on full data decide, where any was judged; parts on reduced data else, and the verdict says so.
    """
    judged = [one for one in parts if one.verdict in TESTED]
    full = [one for one in judged if not one.reduced]
    deciding = full or judged
    if not deciding:
        return (NOT_RUN if any(one.verdict == NOT_RUN for one in parts) else NOT_TESTED), ""
    word = combined([one.finding.judgement for one in deciding]).word
    return word + ("" if full else " (reduced data)"), tally(one.verdict for one in deciding)
