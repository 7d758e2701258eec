"""The claims of the three papers: read from their file, judged on the runs of a configuration."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from neurons.core.errors import InputError, MissingTable, nearest
from neurons.core.formats import MISSING
from neurons.networks.names import hidden_layers, model_kind
from neurons.published.criteria import CRITERIA, Part
from neurons.published.verdicts import JUDGED, NOT_RUN, NOT_TESTED, Finding, overall, verdict

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


@dataclass(frozen=True)
class Judgement:
    """The verdict on one part of a claim, and the figures that it rests on."""

    data: str
    model: str
    run: str
    finding: Finding
    verdict: str
    reduced: bool = False


def _training(run: dict) -> str:
    if {"activations", "snapshots"} & set(run):
        return "made elsewhere"
    given, by_widths = run["training"], not {"name", "module"} & set(run["model"])
    rate = f"{given['optimizer']} {given['learning_rate']:g}, batch {given['batch_size']}"
    return rate + (f", dropout {run['model']['dropout']:g}" if by_widths else "")


def describe_runs(settings: dict[str, dict]) -> list[Run]:
    """Return the runs of a resolved configuration, by its settings of each."""
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
        )
        for name, run in settings.items()
    ]


def read_claims(path) -> list[dict]:
    """Read the claims.

    Raises
    ------
    InputError
        Naming the claim, where a key is missing or its criterion is not known.
    """
    claims = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    for claim in claims:
        name = claim.get("id", "without id")
        missing = [key for key in KEYS if key not in claim]
        if missing:
            raise InputError(f"{path}: claim {name}: the key '{missing[0]}' is missing; add it")
        if claim["criterion"] not in CRITERIA:
            hint = nearest(claim["criterion"], CRITERIA) or f"; known: {', '.join(CRITERIA)}"
            raise InputError(f"{path}: claim {name}: unknown criterion '{claim['criterion']}'{hint}")
    return claims


def rule_of(claim: dict) -> str:
    """Return the sentence that states how a claim is judged."""
    return CRITERIA[claim["criterion"]][1].format(**claim["options"])


def find_run(runs: list[Run], study: str, data: str, model: str) -> Run | None:
    """Return the first run of a study on this published data set and model."""
    matches = (run for run in runs if study in run.studies and (run.published, run.model) == (data, model))
    return next(matches, None)


def judge_part(claim: dict, part: dict, runs: list[Run], results: Path, published: Path, reduced: set) -> Judgement:
    """Judge one part of a claim; a part without run or tables is `not run`, or `not tested` for the reason it gives.

    `reduced`: names of the runs on less data than the paper's.
    """
    data, model = part["data"], part["model"]
    run = find_run(runs, claim["study"], data, model)
    if run is None:
        reason = part.get("untested")
        finding = Finding(MISSING, reason or "no such run in this configuration")
        return Judgement(data, model, "", finding, NOT_TESTED if reason else NOT_RUN)
    changed = {key: value for key, value in part.items() if key not in ("data", "model", "untested")}
    judge, _ = CRITERIA[claim["criterion"]]
    try:
        finding = judge(Part(results / run.name, published, data, model), **claim["options"] | changed)
    except MissingTable as error:
        finding = Finding(MISSING, f"{error.path.name} is not there")
        return Judgement(data, model, run.name, finding, NOT_RUN)
    return Judgement(data, model, run.name, finding, verdict(finding), run.name in reduced)


def judge_claim(judgements: list[Judgement]) -> tuple[str, str]:
    """Return a claim's verdict and how many of the parts that decide it have which.

    Parts on full data decide, where any was judged; parts on reduced data else, and the verdict says so.
    """
    judged = [one for one in judgements if one.verdict in JUDGED]
    full = [one for one in judged if not one.reduced]
    deciding = full or judged
    if not deciding:
        return overall([one.verdict for one in judgements]), ""
    word = overall([one.verdict for one in deciding])
    counts = {name: sum(one.verdict == name for one in deciding) for name in JUDGED}
    text = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return word + ("" if full else " (reduced data)"), text
