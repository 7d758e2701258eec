"""The marked results of the workflow that the report page shows: found, captioned and put in order."""

import re
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from docutils.core import publish_parts
from jinja2 import Environment

from neurons.errors import InputError

ALL_RUNS = "all runs"
_WILDCARDS = {"n": r"\d+", "where": r"(?:seed-\d+/)?coactivation(?:/\d+)?"}


@dataclass(frozen=True)
class Result:
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


def caption_html(source: str, **wildcards: str) -> str:
    """Return a caption (reStructuredText; `snakemake.wildcards` can be asked, as in Snakemake's own report) as HTML.

    Raises
    ------
    InputError
        If the text is no reStructuredText; the line says what is wrong with it.
    """
    text = Environment().from_string(source).render(snakemake=SimpleNamespace(wildcards=SimpleNamespace(**wildcards)))
    settings = {"file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 2}
    try:
        return publish_parts(text, writer="html5", settings_overrides=settings)["fragment"].strip()
    except Exception as error:
        raise InputError(f"caption {source[:40]!r}...: {error}; mend it in resources/captions") from None


def _relative(path: str) -> str:
    """Return a path below the folder of results, which may itself lie in a folder (a module's prefix)."""
    return path.partition("results/")[2]


def _pattern(template: str, runs: list[str]) -> re.Pattern:
    wildcards = {**_WILDCARDS, "run": "|".join(map(re.escape, runs)) or "(?!)"}
    parts = re.split(r"{(\w+)}", template)
    return re.compile(
        "".join(
            f"(?P<{part}>{wildcards.get(part, '[^/]+')})" if i % 2 else re.escape(part) for i, part in enumerate(parts)
        )
    )


def _order(result: Result) -> tuple:
    """Tables by number, then figures by number, then all else as it was marked (sorting is stable)."""
    found = re.match(r"(Table|Figures?) (\d+)", result.name)
    if not found:
        return (2, 0)
    return (int(found[1] != "Table"), int(found[2]))


def find_results(
    root: Path, targets: list[str], marks: list[dict], captions: dict[str, str], runs: dict[str, dict]
) -> list[Result]:
    """Return the marked results that lie on disk, in the order of the page.

    Parameters
    ----------
    root : the folder of results.
    targets : `results/...`, the files of the default target; only their folders are searched.
    marks : for each marked output its `path` (with wildcards), `caption`, `study`, `subject`, `name` and `shows`.
    captions : reStructuredText by name.
    runs : the settings of every run; a run's results are those of the studies that it takes part in, and
        those of what no run names as a study.
    """
    folders = sorted({str(Path(_relative(target)).parent) for target in targets})
    there = [f"{folder}/{path.name}" for folder in folders for path in sorted((root / folder).glob("*"))]
    results = []
    for mark in marks:
        members = [name for name, run in runs.items() if mark["study"] in run["studies"]] or list(runs)
        pattern = _pattern(_relative(mark["path"]), members)
        for path in there:
            found = pattern.fullmatch(path)
            if found:
                said = {key: mark[key].format(**found.groupdict()) for key in ("study", "subject", "name", "shows")}
                caption = caption_html(captions[mark["caption"]], **found.groupdict())
                results.append(Result(path=path, caption=caption, **said))
    return sorted(results, key=_order)


def by_study(results: list[Result], runs: dict[str, dict]) -> dict[str, dict[str, list[Result]]]:
    """Return results by study and subject: all runs first, then every run of the study, without results as well."""
    studies = list(dict.fromkeys([study for run in runs.values() for study in run["studies"]]))
    studies += [study for study in dict.fromkeys(result.study for result in results) if study not in studies]
    sorted_results = {}
    for study in studies:
        own = [result for result in results if result.study == study]
        subjects = [ALL_RUNS, *(name for name, run in runs.items() if study in run["studies"])]
        subjects += [name for name in dict.fromkeys(result.subject for result in own) if name not in subjects]
        sorted_results[study] = {name: [result for result in own if result.subject == name] for name in subjects}
    return sorted_results
