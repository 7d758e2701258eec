"""Tables on disk: read with their seed and iteration, written as CSV, Markdown and a sortable HTML page."""

import re
from pathlib import Path

import pandas as pd

from neurons.errors import InputError
from neurons.files import atomic, cell

LONG = 60  # characters of a cell from which on its text may wrap

# Sorts any table of `table_markup` by the column whose heading is clicked, first falling, then rising. A column is
# numeric if every cell starts with a number; empty cells come last.
SORT_SCRIPT = r"""
document.addEventListener("click", event => {
  const head = event.target.closest("th[aria-sort]");
  if (!head) return;
  const table = head.closest("table"), falling = head.getAttribute("aria-sort") !== "descending";
  const rows = [...table.tBodies[0].rows].map(row => [row.cells[head.cellIndex].textContent.trim(), row]);
  const filled = rows.filter(([text]) => text !== "" && text !== "–");
  const numeric = filled.every(([text]) => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?($|[\s%])/i.test(text));
  const compare = numeric ? ([a], [b]) => parseFloat(a) - parseFloat(b) : ([a], [b]) => a.localeCompare(b);
  filled.sort((a, b) => falling ? compare(b, a) : compare(a, b));
  const empty = rows.filter(([text]) => text === "" || text === "–");
  table.tBodies[0].append(...[...filled, ...empty].map(([, row]) => row));
  table.querySelectorAll("th[aria-sort]").forEach(th => th.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
});
"""

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 14px/1.4 system-ui, sans-serif; margin: 1rem; color: #1b1f24; background: #fff }}
table {{ border-collapse: collapse }} caption {{ text-align: left; padding: 0 0 .6rem; color: #57606a }}
th, td {{ padding: .25rem .6rem; border-bottom: 1px solid #d8dee4; text-align: right; white-space: nowrap }}
th {{ position: sticky; top: 0; background: #f6f8fa }}
th button {{ font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer }}
th button::after {{ content: " \\2195"; color: #57606a }}
th[aria-sort=descending] button::after {{ content: " \\2193" }}
th[aria-sort=ascending] button::after {{ content: " \\2191" }}
td.text, th.text {{ text-align: left }} td.long {{ white-space: normal; min-width: 24rem }}
</style>
{table}
<script>{script}</script>
</html>
"""


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def table_markup(frame: pd.DataFrame, title: str, links: dict[str, str] | None = None) -> str:
    """Return a table as HTML without its empty columns, to be sorted by `SORT_SCRIPT`.

    `links` gives the addresses that cells of the first column lead to, by the cell's text.
    """
    frame = frame.dropna(axis=1, how="all")
    kinds = ["" if pd.api.types.is_numeric_dtype(frame[name]) else ' class="text"' for name in frame]
    head = "".join(
        f'<th scope="col" aria-sort="none"{kind}><button type="button">{_escape(str(name))}</button></th>'
        for kind, name in zip(kinds, frame)
    )
    lines = []
    for row in frame.itertuples(index=False):
        texts = [cell(value) for value in row]
        own = [' class="text long"' if len(text) > LONG else kind for kind, text in zip(kinds, texts)]
        texts = [_escape(text) for text in texts]
        if links and cell(row[0]) in links:
            texts[0] = f'<a href="{_escape(links[cell(row[0])])}">{texts[0]}</a>'
        lines.append("<tr>" + "".join(f"<td{kind}>{text}</td>" for kind, text in zip(own, texts)) + "</tr>")
    body = "\n".join(lines)
    caption = f"<caption>{_escape(title)}. Click a heading to sort.</caption>"
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def markdown(frame: pd.DataFrame) -> str:
    """Return a table in Markdown, its cells as `files.cell` formats them."""
    lines = [list(map(str, frame)), ["---"] * len(frame.columns)]
    lines += [[cell(value).replace("|", "\\|") for value in row] for row in frame.itertuples(index=False)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write_csv_table(frame: pd.DataFrame, path) -> None:
    """Write a table as CSV: floats `%.6g`, no value = empty."""
    with atomic(path) as part:
        frame.to_csv(part, index=False, float_format="%.6g", lineterminator="\n")


def write_table(frame: pd.DataFrame, csv_path, html_path, title: str) -> None:
    """Write a table as CSV and as an HTML page that sorts by column and leaves out empty columns."""
    write_csv_table(frame, csv_path)
    with atomic(html_path) as part:
        page = _PAGE.format(title=_escape(title), table=table_markup(frame, title), script=SORT_SCRIPT)
        part.write_text(page)


def write_markdown(frame: pd.DataFrame, path, title: str, notes: str) -> None:
    """Write a table as Markdown, below a heading and a paragraph of notes."""
    with atomic(path) as part:
        part.write_text(f"# {title}\n\n{notes}\n\n{markdown(frame)}")


def read_csv_table(path, **options) -> pd.DataFrame:
    """Read a CSV that an earlier job made, with pandas' options.

    Raises
    ------
    InputError
        If it is missing, empty or no table.
    """
    try:
        return pd.read_csv(path, **options)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {error}; delete it and run again, it is made anew") from None


def read_markdown(path) -> pd.DataFrame:
    """Read the table of `write_markdown` back, every cell as text.

    Raises
    ------
    InputError
        If there is no table in it.
    """
    lines = [line for line in Path(path).read_text().splitlines() if line.startswith("| ")]
    if len(lines) < 2:
        raise InputError(f"{path}: no table in it; delete it and run again, it is made anew")
    rows = [[text.replace("\\|", "|").strip() for text in re.split(r"(?<!\\)\|", line.strip()[1:-1])] for line in lines]
    return pd.DataFrame(rows[2:], columns=rows[0])


def read_seeds(seeds: list[int], paths: list[str]) -> pd.DataFrame:
    """Read one CSV per seed into one frame with a column `seed`."""
    return pd.concat([pd.read_csv(path).assign(seed=seed) for seed, path in zip(seeds, paths)], ignore_index=True)


def read_iterations(seeds: list[int], paths: list[str]) -> pd.DataFrame:
    """Read the CSVs of all iterations (`.../{iteration}.csv`), seed by seed, with columns `seed` and `iteration`."""
    each = len(paths) // len(seeds)
    return pd.concat(
        [
            pd.read_csv(path).assign(seed=seeds[i // each], iteration=int(Path(path).stem))
            for i, path in enumerate(paths)
        ],
        ignore_index=True,
    )
