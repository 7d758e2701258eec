from html.parser import HTMLParser

import pandas as pd

from neurons.report.markup import LONG, table_markup

FRAME = pd.DataFrame(
    {
        "run": ["mnist", "a<b & c|d"],
        "pearson": [-2 / 3, float("nan")],
        "note": ["", "x, y"],
        "seeds": [3, 1],
        "none": None,
    }
)


class Cells(HTMLParser):
    """Collects the texts of the table's rows."""

    def __init__(self):
        super().__init__()
        self.rows, self.inside = [], False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.inside = True
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, text):
        if self.inside:
            self.rows[-1][-1] += text


def test_markup_shows_the_cells_of_the_csv():
    markup, parser = table_markup(FRAME, "Table <1>"), Cells()
    parser.feed(markup)
    assert parser.rows == [
        ["run", "pearson", "note", "seeds"],
        ["mnist", "-0.666667", "", "3"],
        ["a<b & c|d", "", "x, y", "1"],
    ]
    assert "Table &lt;1&gt;" in markup


def test_cells_of_the_first_column_can_be_links_and_long_ones_wrap():
    frame = pd.DataFrame({"run": ["a", "b&b"], "text": ["a", "x" * (LONG + 1)]})
    markup = table_markup(frame, "Runs", {"a": "#a", "other": "#o"})
    assert '<td class="text"><a href="#a">a</a></td><td class="text">a</td>' in markup
    assert f'<td class="text">b&amp;b</td><td class="text long">{"x" * (LONG + 1)}</td>' in markup
