"""The registry of results, and what follows from it.

The default target, the marks of the report and the order of its page, the lines at the end of a run, the comparisons with
the papers, README's table of outputs, what a run is spared, and the check of columns on real output. A new
result is a record in `neurons.workflow.results` and a function that computes or draws it.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from neurons.workflow.results import auxiliary, coactivation, communities, measures, steps
from neurons.workflow.results.record import NETWORK, OF_SWEEP, Result, Study

REPORT = "report.html"
_MODULES = {module.STUDY.name: module for module in (communities, auxiliary, coactivation, measures)}
STUDIES: dict[str, Study] = {name: module.STUDY for name, module in _MODULES.items()}
RESULTS: dict[str, Result] = {
    result.path: replace(result, study=study)
    for study, module in {"": steps, **_MODULES}.items()
    for result in module.RESULTS
}


def of_study(study: str) -> list[Result]:
    """Return a study's results in the order of the page."""
    return [result for result in RESULTS.values() if result.study == study]


def place(template: str, name: str, run: dict, **more: str) -> str:
    """Return a path below `results/` for a run: of its first seed, and at its last iteration where none is named."""
    last = run["training"]["iterations"]
    known = {"run": name, "dumped": run.get("dumps_of", name), "seed": run["seeds"][0], "where": "coactivation"}
    return template.format(**{**known, "first": "01", "last": f"{last:02d}", "iteration": f"{last:02d}", **more})


def runs_of(study: str, runs: dict[str, dict], *needs: str) -> list[str]:
    """Return the runs of a study that have what is needed; those of imported dumps have no network."""
    members = [name for name, run in runs.items() if study in run["studies"]]
    return [name for name in members if not (NETWORK in needs and "activations" in runs[name])]


def of_sweep(result: Result) -> set[str]:
    """Return the keys of a configuration's sweep that a result needs."""
    return {*result.needs} & {*OF_SWEEP}


def asked_for(runs: dict[str, dict], sweep: Collection[str] = (), studies: Iterable[str] = tuple(STUDIES)) -> list[str]:
    """Return what the default target makes, below `results/`: each run's results in its studies, and of all runs.

    `sweep` are the keys of the configuration's sweep.
    """
    paths = []
    for result in (result for study in studies for result in of_study(study)):
        if not result.asked or of_sweep(result) - {*sweep}:
            continue
        members = runs_of(result.study, runs, *result.needs)
        if not result.of_all_runs:
            paths += [place(result.path, name, runs[name]) for name in members]
        elif members or of_sweep(result):
            paths.append(result.path)
    return list(dict.fromkeys(paths))


# What a wildcard stands for, wherever it does.
WILDCARDS = {
    "seed": r"\d+",
    "iteration": r"\d\d",
    "where": r"coactivation|seed-\d+/coactivation/\d\d",
    "trials": "grid|intervene",
    "part": r"\d\d+",
}


def _pattern(template: str) -> re.Pattern:
    """Return a regular expression that matches the paths of a template, its wildcards as groups."""
    parts, seen, expression = re.split(r"{(\w+)}", template), set(), ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            expression += re.escape(part)
        else:
            expression += f"(?P={part})" if part in seen else f"(?P<{part}>{WILDCARDS.get(part, '[^/]+')})"
            seen.add(part)
    return re.compile(expression)


_PATTERNS: dict[str, re.Pattern] = {path: _pattern(path) for path in RESULTS}


def find(path: str) -> tuple[Result, dict[str, str]] | None:
    """Return the record of a file below `results/` and its wildcards, None if it is no result."""
    for template, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(path):
            return RESULTS[template], match.groupdict()
    return None


def stems(results: Iterable[Result], runs: Iterable[str]) -> str:
    """Return a regular expression, without groups, for the paths of results without their suffixes."""
    names = "|".join(map(re.escape, runs))
    wildcards = {"run": f"(?:{names})", "where": rf"(?:{WILDCARDS['where']})"}
    parts = [re.split(r"{(\w+)}", result.path.rsplit(".", 1)[0]) for result in results]
    return "|".join(
        "".join(wildcards[part] if number % 2 else re.escape(part) for number, part in enumerate(path))
        for path in parts
    )


def wrong_columns(result: Result, header: Iterable[str]) -> str | None:
    """Return what is wrong with the columns of a CSV, None if they are those of its record."""
    header = list(header)
    expression = "".join(r"(?:[^,]+,)*" if name == "*" else re.escape(name) + "," for name in result.columns)
    if re.fullmatch(expression, "".join(f"{name}," for name in header)):
        return None
    return f"{result.path}: columns {', '.join(header)}; expected {', '.join(result.columns)}"


def headlines(runs: dict[str, dict], sweep: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (path below `results/`, what it shows) of what to look at first when the default target is made."""
    yield REPORT, "all tables and figures"
    for study in STUDIES.values():
        if runs_of(study.name, runs):
            for path in study.headline:
                result = RESULTS[path.replace(".md", ".csv")]
                yield path, f"{result.title}, all runs beside the published values"
    for key in sweep:
        for result in [result for result in RESULTS.values() if key in result.needs][:1]:
            yield result.path.replace(".csv", ".md"), result.title
    for name, run in runs.items():
        for study in run["studies"]:
            yield f"{name}/{study}/", f"tables and figures of {name}"
