"""The results of the registry that the report page shows: which exist, and their captions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docutils.core import publish_parts

from neurons.core.errors import InputError
from neurons.workflow.registry import RESULTS, STUDIES, of_sweep, place, runs_of

ALL_RUNS = "all runs"


@dataclass(frozen=True)
class Item:
    """A table or figure on disk: `path` is relative to the folder of results, `caption` is HTML."""

    path: str
    study: str
    subject: str
    name: str
    shows: str
    caption: str

    @property
    def anchor(self) -> str:
        return re.sub(r"[^\w-]", "-", self.path)

    @property
    def is_figure(self) -> bool:
        return self.path.endswith(".svg")


@cache
def caption_html(path: Path) -> str:
    """Return a caption (reStructuredText), and what the file `all.rst` beside it says of all captions there, as HTML.

    Raises
    ------
    InputError
        If the text is no reStructuredText; the line says what is wrong with it.
    """
    shared = path.with_name("all.rst")
    text = path.read_text(encoding="utf-8").rstrip()
    text += " " + shared.read_text(encoding="utf-8") if shared.is_file() else ""
    settings = {"file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 2}
    try:
        return publish_parts(text, writer="html5", settings_overrides=settings)["fragment"].strip()
    except Exception as error:
        raise InputError(f"{path}: not a readable caption ({error}); fix it") from None


def find_results(root: Path, captions: Path, runs: dict[str, dict]) -> Iterator[Item]:
    """Yield the results that lie on disk, in the order of the page.

    Parameters
    ----------
    root : the folder of results.
    captions : the folder of captions.
    runs : the settings of every run; a run's results are those of the studies that it takes part in.
    """
    for result in RESULTS.values():
        if not result.on_page:
            continue
        members = {name: place(result.path, name, runs[name]) for name in runs_of(result.study, runs)}
        if result.of_all_runs:
            members = {ALL_RUNS: result.path} if members or of_sweep(result) else {}
        for subject, path in members.items():
            if (root / path).is_file():
                caption = caption_html(captions / f"{result.caption}.rst")
                yield Item(path, result.study, subject, result.number, result.title, caption)


def by_study(items: list[Item], runs: dict[str, dict]) -> dict[str, dict[str, list[Item]]]:
    """Return results by study and subject: all runs first, then every run of the study, without results as well."""
    studies = {}
    for study in STUDIES:
        subjects = [ALL_RUNS, *runs_of(study, runs)]
        of_study = [item for item in items if item.study == study]
        if len(subjects) > 1 or of_study:
            studies[study] = {name: [item for item in of_study if item.subject == name] for name in subjects}
    return studies
