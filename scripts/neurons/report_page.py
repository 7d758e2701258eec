"""The report for readers: one HTML page of all runs, with everything it shows inside it."""

import base64
import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from neurons.errors import InputError
from neurons.files import atomic
from neurons.report_results import Result, by_study, caption_html, find_results
from neurons.report_runs import FINISHED, IN_SWEEP, overview, settings_tables
from neurons.run_times import read_benchmarks, time_tables
from neurons.tables import SORT_SCRIPT, read_csv_table, read_markdown, table_markup

LARGEST_SVG = 1_000_000  # bytes; a heavier drawing is shown as its PNG twin, if that is smaller
HIGHEST = 1150  # CSS pixels; a higher drawing is shown smaller, to be enlarged by the reader
MOST_ROWS = 2000  # of a table on the page; the CSV has them all
_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def _mb(size: float) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB"


def _table(frame: pd.DataFrame, title: str, links: dict[str, str] | None = None) -> dict:
    return {"title": title, "markup": Markup(table_markup(frame.head(MOST_ROWS), title, links))}


def _size(svg: Path) -> tuple[int, int]:
    """Return the width and height that a drawing is shown at, in CSS pixels: so it has its place before it is drawn."""
    found = re.search(r'<svg[^>]*? width="([\d.]+)pt" height="([\d.]+)pt"', svg.read_text()[:2000])
    if not found:
        raise InputError(f"{svg}: no SVG with width and height in pt; delete it and run again, it is made anew")
    width, height = (float(size) * 96 / 72 for size in found.groups())
    scale = min(1, HIGHEST / height)
    return round(width * scale), round(height * scale)


def _drawing(root: Path, result: Result, title: str) -> dict:
    """Return the image of a figure: the SVG, or its PNG twin where the SVG is heavy and the PNG is lighter."""
    svg, png = root / result.path, (root / result.path).with_suffix(".png")
    size = svg.stat().st_size
    light = size <= LARGEST_SVG or not png.is_file() or png.stat().st_size >= size
    shown = svg if light else png
    data = base64.b64encode(shown.read_bytes()).decode()
    notes = [] if light else [f"Shown as PNG ({_mb(png.stat().st_size)}); the SVG has {_mb(size)}."]
    files = [path for path in (svg, png, svg.with_suffix(".csv")) if path.is_file()]
    image = f"data:{_TYPES[shown.suffix]};base64,{data}"
    return {"image": image, "size": _size(svg), "tables": [], "every_cell": None, "notes": notes, "files": files}


def _tables(root: Path, result: Result, title: str) -> dict:
    """Return a table: in the paper's arrangement where there is one, and every cell."""
    page = root / result.path
    csv, arranged = page.with_suffix(".csv"), page.with_suffix(".md")
    frame = read_csv_table(csv)
    whole = _table(frame, title)
    content = {"tables": [whole], "every_cell": None}
    if arranged.is_file():
        content = {"tables": [_table(read_markdown(arranged), title)], "every_cell": whole}
    cut = len(frame) > MOST_ROWS
    notes = [f"The first {MOST_ROWS} of {len(frame)} rows; the CSV has them all."] if cut else []
    files = [path for path in (csv, page, arranged) if path.is_file()]
    return {"image": "", **content, "notes": notes, "files": files}


def _shown(root: Path, result: Result) -> dict:
    """Return what the page's template needs of a result."""
    title = f"{result.name} of {result.subject}, {result.study}: {result.shows}"
    content = (_drawing if result.path.endswith(".svg") else _tables)(root, result, title)
    files = [str(path.relative_to(root)) for path in content["files"]]
    facts = {"anchor": result.anchor, "name": result.name, "shows": result.shows, "title": title}
    return {**facts, **content, "files": files, "caption": Markup(result.caption)}


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def _counts(results: list[dict]) -> str:
    figures = sum(bool(result["image"]) for result in results)
    counts = {"table": len(results) - figures, "figure": figures}
    return ", ".join(_number(count, word) for word, count in counts.items() if count)


def _unfinished(states: pd.Series) -> str:
    left = (~states.isin([FINISHED, IN_SWEEP])).sum()
    if not left:
        return ""
    return f"{left} of {len(states)} runs {'is' if left == 1 else 'are'} not finished: the page shows what is there so far."


def render(root: Path, benchmarks: Path, workflow: Path, settings: dict, now: datetime) -> str:
    """Return the page as text; see `write_page`."""
    runs, datasets = settings["runs"], settings["datasets"]
    resources = workflow / "resources"
    sources = {path.stem: path.read_text() for path in (resources / "captions").glob("*.rst")}
    results = find_results(root, settings["targets"], settings["marks"], sources, runs)
    studies = {
        study: [
            {
                "name": subject,
                "anchor": f"{study}-{subject.replace(' ', '-')}",
                "results": [_shown(root, r) for r in own],
            }
            for subject, own in subjects.items()
        ]
        for study, subjects in by_study(results, runs).items()
    }
    every = [subject for subjects in studies.values() for subject in subjects]
    for subject in every:
        subject["counts"] = _counts(subject["results"])
    images = [item["image"] for subject in every for item in subject["results"] if item["image"]]
    table = overview(root, runs, [path.partition("results/")[2] for path in settings["targets"]])
    schema = yaml.safe_load((workflow / "config" / "schema.yaml").read_text())
    times = time_tables(read_benchmarks(benchmarks, list(runs), list(datasets)))
    own_captions = ("workflow", "overview", "settings", "run_times", *(f"study_{study}" for study in studies))
    page = Environment(
        loader=FileSystemLoader(resources / "report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return page.get_template("page.html.j2").render(
        style=Markup((resources / "report" / "page.css").read_text()),
        script=Markup((resources / "report" / "page.js").read_text() + SORT_SCRIPT),
        captions={name: Markup(caption_html(sources[name])) for name in own_captions if name in sources},
        overview=_table(
            table, "Runs", {name: f"#{run['studies'][0]}-{name}" for name, run in runs.items() if run["studies"]}
        ),
        unfinished=_unfinished(table["state"]),
        studies=studies,
        settings=[_table(frame, title) for title, frame in settings_tables(runs, datasets, schema).items()],
        times=[_table(frame, title) for title, frame in times.items() if len(frame)],
        footer=f"Written {now:%Y-%m-%d %H:%M} UTC. Inside this page: {_number(len(images), 'figure')} "
        f"({_mb(sum(map(len, images)))}); it needs no network. Links to files work where the page lies in its folder of results.",
    )


def write_page(page, workflow: Path, settings: dict) -> None:
    """Write the report of the results that lie beside `page`, those of unfinished runs included.

    Parameters
    ----------
    page : the file to write, in the folder of results; `benchmarks/` lies beside that folder.
    workflow : the folder of the Snakefile, with `resources` and `config/schema.yaml`.
    settings : `runs` and `datasets` of the checked configuration, `targets` (the files of the default target) and
        `marks` (see `report_results.find_results`).

    Raises
    ------
    InputError
        If a result or a caption cannot be read; nothing is written then.
    """
    root = Path(page).parent
    text = render(root, root.parent / "benchmarks", workflow, settings, datetime.now(UTC))
    with atomic(page) as part:
        part.write_text(text)
