"""The report for readers: one HTML page of all runs, with everything it shows inside it."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from neurons.core.errors import REBUILD, InputError
from neurons.core.files import atomic, read_recorded
from neurons.core.formats import counted, file_size
from neurons.core.tables import read_csv_table
from neurons.report.markup import table_markup
from neurons.report.results import Item, by_study, caption_html, find_results
from neurons.report.runs import FINISHED, IN_SWEEP, overview, settings_tables
from neurons.workflow.benchmarks import read_benchmarks, time_tables
from neurons.workflow.registry import STUDIES

LARGEST_SVG = 1_000_000  # bytes; a heavier drawing is shown as its PNG twin, if that is smaller
HIGHEST = 1150  # CSS pixels; a higher drawing is shown smaller, to be enlarged by the reader
MOST_ROWS = 2000  # of a table on the page; the CSV has them all
CAPTIONS = ("workflow", "answers", "overview", "settings", "run_times")  # of the page itself
Arrange = Callable[[Path], pd.DataFrame]  # returns a CSV's table in its paper's arrangement
_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def _table(frame: pd.DataFrame, title: str, links: dict[str, str] | None = None) -> dict:
    return {"title": title, "markup": table_markup(frame.head(MOST_ROWS), title, links)}


def _image(path: Path) -> bytes:
    """Return the bytes of a drawing, which must be all that was drawn."""
    try:
        return read_recorded(path)
    except ValueError as error:
        raise InputError(f"{path}: {error}; {REBUILD}") from None


def _size(svg: Path) -> tuple[int, int]:
    """Return the width and height that a drawing is shown at, in CSS pixels: so it has its place before it is drawn."""
    head = re.search(
        r'<svg[^>]*? width="([\d.]+)pt" height="([\d.]+)pt"', svg.read_bytes()[:2000].decode(errors="replace")
    )
    if not head:
        raise InputError(f"{svg}: no SVG with width and height in pt; {REBUILD}")
    width, height = (float(size) * 96 / 72 for size in head.groups())
    scale = min(1, HIGHEST / height)
    return round(width * scale), round(height * scale)


def _drawing(svg: Path) -> dict:
    """Return the image of a figure: the SVG, or its PNG twin where the SVG is heavy and the PNG is lighter."""
    png = svg.with_suffix(".png")
    size = svg.stat().st_size
    light = size <= LARGEST_SVG or not png.is_file() or png.stat().st_size >= size
    image = svg if light else png
    data = base64.b64encode(_image(image)).decode()
    notes = [] if light else [f"Shown as PNG ({file_size(png.stat().st_size)}); the SVG has {file_size(size)}."]
    files = [path for path in (svg, png, svg.with_suffix(".csv")) if path.is_file()]
    address = f"data:{_TYPES[image.suffix]};base64,{data}"
    return {"image": address, "size": _size(svg), "tables": [], "every_cell": None, "notes": notes, "files": files}


def _tables(csv: Path, title: str, arrange: Arrange | None) -> dict:
    """Return a table: in the paper's arrangement where there is one, and every cell."""
    frame = read_csv_table(csv)
    every_cell = _table(frame, title)
    content = {"tables": [every_cell], "every_cell": None}
    if arrange:
        content = {"tables": [_table(arrange(csv), title)], "every_cell": every_cell}
    cut = len(frame) > MOST_ROWS
    notes = [f"The first {MOST_ROWS} of {len(frame)} rows; the CSV has them all."] if cut else []
    files = [path for path in (csv, csv.with_suffix(".md")) if path.is_file()]
    return {"image": "", **content, "notes": notes, "files": files}


def _item(root: Path, result: Item, arranged: dict[str, Arrange]) -> dict:
    """Return what the page's template needs of a result."""
    title, path = f"{result.name} of {result.subject}, {result.study}: {result.shows}", root / result.path
    drawn = path.suffix == ".svg"
    content = _drawing(path) if drawn else _tables(path, title, arranged.get(result.path))
    files = [str(path.relative_to(root)) for path in content["files"]]
    facts = {"path": result.path, "anchor": result.anchor, "name": result.name, "shows": result.shows, "title": title}
    return {**facts, **content, "files": files, "caption": Markup(result.caption)}


def _figures_first(result: Item) -> bool:
    return not result.path.endswith(".svg")


def _counts(results: list[dict]) -> str:
    figures = sum(bool(result["image"]) for result in results)
    counts = {"table": len(results) - figures, "figure": figures}
    return ", ".join(counted(count, word) for word, count in counts.items() if count)


def _unfinished(states: pd.Series) -> str:
    left = (~states.isin([FINISHED, IN_SWEEP])).sum()
    if not left:
        return ""
    return (
        f"{left} of {len(states)} runs {'is' if left == 1 else 'are'} not finished: the page shows the results so far."
    )


def _opening(answers: list, picture: str | None, items: dict[str, dict]) -> dict:
    """Return what the page opens with: the answers, their badges with a link where the page has the table, a picture.

    `items` are the page's results by path.
    """
    links = {
        badge.path: f"#{items[badge.path]['anchor']}"
        for answer in answers
        for verdicts in answer.badges.values()
        for badge in verdicts
        if badge.path in items
    }
    return {"answers": answers, "links": links, "picture": items.get(picture)}


def render(
    root: Path,
    benchmarks: Path,
    workflow: Path,
    settings: dict,
    arranged: dict[str, Arrange],
    answers: list,
    picture: str | None,
    now: datetime,
) -> str:
    """Return the page as text; see `write_page`."""
    runs, datasets = settings["runs"], settings["datasets"]
    resources = workflow / "resources"
    results = list(find_results(root, resources / "captions", runs))
    studies = {
        study: [
            {
                "name": subject,
                "anchor": f"{study}-{subject.replace(' ', '-')}",
                "results": [_item(root, result, arranged) for result in sorted(members, key=_figures_first)],
            }
            for subject, members in subjects.items()
        ]
        for study, subjects in by_study(results, runs).items()
    }
    every = [subject for subjects in studies.values() for subject in subjects]
    items = {item["path"]: item for subject in every for item in subject["results"]}
    for subject in every:
        subject["counts"] = _counts(subject["results"])
    images = [item["image"] for subject in every for item in subject["results"] if item["image"]]
    table = overview(root, runs, [path.partition("results/")[2] for path in settings["targets"]])
    schema = yaml.safe_load((workflow / "config" / "schema.yaml").read_text(encoding="utf-8"))
    times = time_tables(read_benchmarks(benchmarks, list(runs), list(datasets)))
    captions = {name: Markup(caption_html(resources / f"captions/{name}.rst")) for name in CAPTIONS}
    page = Environment(
        loader=FileSystemLoader(resources / "report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return page.get_template("page.html.j2").render(
        style=Markup((resources / "report" / "page.css").read_text(encoding="utf-8")),
        script=Markup((resources / "report" / "page.js").read_text(encoding="utf-8")),
        captions=captions,
        about=STUDIES,
        opening=_opening(answers, picture, items),
        overview=_table(
            table, "Runs", {name: f"#{run['studies'][0]}-{name}" for name, run in runs.items() if run["studies"]}
        ),
        unfinished=_unfinished(table["state"]),
        studies=studies,
        settings=[_table(frame, title) for title, frame in settings_tables(runs, datasets, schema).items()],
        times=[_table(frame, title) for title, frame in times.items() if len(frame)],
        footer=f"Written {now:%Y-%m-%d %H:%M} UTC. Inside this page: {counted(len(images), 'figure')} "
        f"({file_size(sum(map(len, images)))}); it needs no network. Links to files work where the page lies in its folder "
        "of results.",
    )


def write_page(
    page, workflow: Path, settings: dict, arranged: dict[str, Arrange], answers: list = (), picture: str | None = None
) -> None:
    """Write the report of the results that lie beside `page`, those of unfinished runs included.

    Parameters
    ----------
    page : the file to write, in the folder of results; `benchmarks/` lies beside that folder.
    workflow : the folder of the Snakefile, with `resources` and `config/schema.yaml`.
    settings : `runs` and `datasets` of the checked configuration, and `targets` (the files of the default target).
    arranged : what returns a table in its paper's arrangement, by path of the CSV in the folder of results.
    answers : what the page opens with, each with `question`, `sentences` and `badges` by run (`claim`, `sentence`, `word`,
        `reason`, `path`).
    picture : path of the drawing, in the folder of results, that stands beside them.

    Raises
    ------
    InputError
        If a result or a caption cannot be read; nothing is written then.
    """
    root = Path(page).parent
    now = datetime.now(UTC)
    text = render(root, root.parent / "benchmarks", workflow, settings, arranged, answers, picture, now)
    with atomic(page) as part:
        part.write_text(text, encoding="utf-8")
