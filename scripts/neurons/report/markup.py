"""Tables as HTML; `resources/report/page.js` sorts them by the column whose heading is clicked."""

from html import escape

import pandas as pd
from markupsafe import Markup

from neurons.core.formats import cell

LONG = 60  # characters of a cell from which on its text may wrap


def table_markup(frame: pd.DataFrame, title: str, links: dict[str, str] | None = None) -> Markup:
    """Return a table as HTML, without its empty columns.

    `links` gives the addresses that cells of the first column lead to, by the cell's text.
    """
    frame = frame.dropna(axis=1, how="all")
    kinds = ["" if pd.api.types.is_numeric_dtype(frame[name]) else ' class="text"' for name in frame]
    head = "".join(
        f'<th scope="col" aria-sort="none"{kind}><button type="button">{escape(str(name))}</button></th>'
        for kind, name in zip(kinds, frame)
    )
    lines = []
    for row in frame.itertuples(index=False):
        texts = [cell(value) for value in row]
        classes = [' class="text long"' if len(text) > LONG else kind for kind, text in zip(kinds, texts)]
        address = (links or {}).get(texts[0]) if texts else None
        texts = list(map(escape, texts))
        if address:
            texts[0] = f'<a href="{escape(address)}">{texts[0]}</a>'
        lines.append("<tr>" + "".join(f"<td{kind}>{text}</td>" for kind, text in zip(classes, texts)) + "</tr>")
    body = "\n".join(lines)
    caption = f"<caption>{escape(title)}. Click a heading to sort.</caption>"
    return Markup(f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>")
