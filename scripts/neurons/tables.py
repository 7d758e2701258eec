"""Tables on disk: read with their seed and iteration, written as CSV, Markdown and a sortable HTML page."""

from pathlib import Path

import pandas as pd

from neurons.files import atomic, cell

_PAGE = """<!doctype html>
<meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 14px/1.4 system-ui, sans-serif; margin: 1rem; color: #1b1f24; background: #fff }}
table {{ border-collapse: collapse }} caption {{ text-align: left; padding: 0 0 .6rem; color: #57606a }}
th, td {{ padding: .25rem .6rem; border-bottom: 1px solid #d8dee4; text-align: right; white-space: nowrap }}
th {{ position: sticky; top: 0; background: #f6f8fa; cursor: pointer }}
th::after {{ content: " \\2195"; color: #8c959f }}
td.text, th.text {{ text-align: left }}
</style>
<table><caption>{title}. Click a heading to sort.</caption>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody></table>
<script>
document.querySelectorAll("th").forEach((th, column) => th.addEventListener("click", () => {{
  const body = document.querySelector("tbody"), down = th.dataset.down !== "1";
  const key = row => row.cells[column].textContent, number = text => text === "" ? -Infinity : Number(text);
  const numeric = [...body.rows].every(row => !Number.isNaN(number(key(row))));
  const compare = numeric ? (a, b) => number(key(a)) - number(key(b)) : (a, b) => key(a).localeCompare(key(b));
  [...body.rows].sort((a, b) => down ? compare(b, a) : compare(a, b)).forEach(row => body.append(row));
  th.dataset.down = down ? "1" : "0";
}}));
</script>
"""


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _html(frame: pd.DataFrame, title: str) -> str:
    kinds = ["" if pd.api.types.is_numeric_dtype(frame[name]) else ' class="text"' for name in frame]
    head = "".join(f"<th{kind}>{_escape(str(name))}</th>" for kind, name in zip(kinds, frame))
    body = "\n".join(
        "<tr>" + "".join(f"<td{kind}>{_escape(cell(value))}</td>" for kind, value in zip(kinds, row)) + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return _PAGE.format(title=_escape(title), head=head, body=body)


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
        part.write_text(_html(frame.dropna(axis=1, how="all"), title))


def write_markdown(frame: pd.DataFrame, path, title: str, notes: str) -> None:
    """Write a table as Markdown, below a heading and a paragraph of notes."""
    with atomic(path) as part:
        part.write_text(f"# {title}\n\n{notes}\n\n{markdown(frame)}")


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
