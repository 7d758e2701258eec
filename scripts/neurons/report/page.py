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
    address = f"data:{_TYPES[image.suffix]};base64,{data}"
    return {"image": address, "size": _size(svg), "notes": notes, "files": (svg, png, svg.with_suffix(".csv"))}


def _tables(csv: Path, title: str, arrange: Arrange | None) -> dict:
    """Return a table: in the paper's arrangement where there is one, and every cell."""
    frame = read_csv_table(csv)
    every_cell = _table(frame, title)
    shown = {"tables": [_table(arrange(csv), title)], "every_cell": every_cell} if arrange else {"tables": [every_cell]}
    cut = len(frame) > MOST_ROWS
    notes = [f"The first {MOST_ROWS} of {len(frame)} rows; the CSV has them all."] if cut else []
    return {**shown, "notes": notes, "files": (csv, csv.with_suffix(".md"))}


def _item(root: Path, result: Item, arranged: dict[str, Arrange]) -> dict:
    """Return what the page's template needs of a result."""
    title, path = f"{result.name} of {result.subject}, {result.study}: {result.shows}", root / result.path
    content = _drawing(path) if result.is_figure else _tables(path, title, arranged.get(result.path))
    return {
        **{"image": "", "tables": [], "every_cell": None},
        **{"path": result.path, "anchor": result.anchor, "name": result.name, "shows": result.shows, "title": title},
        **content,
        "files": [str(file.relative_to(root)) for file in content["files"] if file.is_file()],
        "caption": Markup(result.caption),
    }


def _subject(root: Path, study: str, name: str, results: list[Item], arranged: dict[str, Arrange]) -> dict:
    """Return what the page's template needs of a run in a study: its results, figures first."""
    figures = sum(result.is_figure for result in results)
    counts = {"table": len(results) - figures, "figure": figures}
    return {
        "name": name,
        "anchor": f"{study}-{name.replace(' ', '-')}",
        "counts": ", ".join(counted(count, word) for word, count in counts.items() if count),
        "results": [_item(root, result, arranged) for result in sorted(results, key=lambda one: not one.is_figure)],
    }


def _unfinished(states: pd.Series) -> str:
    left = (~states.isin([FINISHED, IN_SWEEP])).sum()
    verb = "is" if left == 1 else "are"
    return f"{left} of {len(states)} runs {verb} not finished: the page shows the results so far." if left else ""


def _page(
    root: Path, workflow: Path, settings: dict, arranged: dict[str, Arrange], answers: list, picture: str | None
) -> str:
    """Return the page as text; see `write_page`."""
    runs, datasets, resources = settings["runs"], settings["datasets"], workflow / "resources"
    results = list(find_results(root, resources / "captions", runs))
    studies = {
        study: [_subject(root, study, name, members, arranged) for name, members in subjects.items()]
        for study, subjects in by_study(results, runs).items()
    }
    items = {item["path"]: item for study in studies.values() for subject in study for item in subject["results"]}
    images = [item["image"] for item in items.values() if item["image"]]
    table = overview(root, runs, [path.partition("results/")[2] for path in settings["targets"]])
    schema = yaml.safe_load((workflow / "config/schema.yaml").read_text(encoding="utf-8"))
    times = time_tables(read_benchmarks(root.parent / "benchmarks", list(runs), list(datasets)))
    loader = FileSystemLoader(resources / "report")
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    style, script = (Markup((resources / f"report/page.{kind}").read_text(encoding="utf-8")) for kind in ("css", "js"))
    return page.get_template("page.html.j2").render(
        style=style,
        script=script,
        captions={name: Markup(caption_html(resources / f"captions/{name}.rst")) for name in CAPTIONS},
        about=STUDIES,
        answers=answers,
        picture=items.get(picture),
        items=items,
        overview=_table(
            table, "Runs", {name: f"#{run['studies'][0]}-{name}" for name, run in runs.items() if run["studies"]}
        ),
        unfinished=_unfinished(table["state"]),
        studies=studies,
        settings=[_table(frame, title) for title, frame in settings_tables(runs, datasets, schema).items()],
        times=[_table(frame, title) for title, frame in times.items() if len(frame)],
        footer=f"Written {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. Inside this page: {counted(len(images), 'figure')} "
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
    text = _page(Path(page).parent, workflow, settings, arranged, answers, picture)
    with atomic(page) as part:
        part.write_text(text, encoding="utf-8")
