from html.parser import HTMLParser

import pandas as pd
import pytest

from neurons.errors import InputError
from neurons.tables import (
    LONG,
    read_csv_table,
    read_iterations,
    read_markdown,
    read_seeds,
    table_markup,
    write_csv_table,
    write_markdown,
    write_table,
)

FRAME = pd.DataFrame(
    {"run": ["mnist", "a<b & c|d"], "pearson": [-2 / 3, float("nan")], "note": ["", "x, y"], "seeds": [3, 1]}
)


def test_csv(tmp_path):
    write_csv_table(FRAME, tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text().splitlines()
    assert lines == ["run,pearson,note,seeds", "mnist,-0.666667,,3", 'a<b & c|d,,"x, y",1']


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


def test_page_shows_the_cells_of_the_csv(tmp_path):
    write_table(FRAME, tmp_path / "t.csv", tmp_path / "t.html", "Table <1>")
    page, parser = (tmp_path / "t.html").read_text(), Cells()
    parser.feed(page)
    assert parser.rows == [
        ["run", "pearson", "note", "seeds"],
        ["mnist", "-0.666667", "", "3"],
        ["a<b & c|d", "", "x, y", "1"],
    ]
    assert "Table &lt;1&gt;" in page and "http" not in page
    assert (tmp_path / "t.csv").exists()


def test_markdown(tmp_path):
    write_markdown(FRAME, tmp_path / "t.md", "Title", "Notes.")
    assert (tmp_path / "t.md").read_text() == (
        "# Title\n\nNotes.\n\n| run | pearson | note | seeds |\n| --- | --- | --- | --- |\n"
        "| mnist | -0.666667 |  | 3 |\n| a<b & c\\|d |  | x, y | 1 |\n"
    )


def test_markdown_is_read_back_as_text(tmp_path):
    write_markdown(FRAME, tmp_path / "t.md", "Title", "Notes | with a bar.")
    assert read_markdown(tmp_path / "t.md").to_dict("list") == {
        "run": ["mnist", "a<b & c|d"],
        "pearson": ["-0.666667", ""],
        "note": ["", "x, y"],
        "seeds": ["3", "1"],
    }


def test_what_is_no_table_is_told(tmp_path):
    (tmp_path / "t.md").write_text("# Title\n")
    (tmp_path / "t.csv").write_text("")
    for read, name in ((read_markdown, "t.md"), (read_csv_table, "t.csv"), (read_csv_table, "missing.csv")):
        with pytest.raises(InputError, match=f"{name}: .*; delete it and run again"):
            read(tmp_path / name)


def test_cells_of_the_first_column_can_be_links_and_long_ones_wrap():
    frame = pd.DataFrame({"run": ["a", "b&b"], "text": ["a", "x" * (LONG + 1)]})
    markup = table_markup(frame, "Runs", {"a": "#a", "other": "#o"})
    assert '<td class="text"><a href="#a">a</a></td><td class="text">a</td>' in markup
    assert f'<td class="text">b&amp;b</td><td class="text long">{"x" * (LONG + 1)}</td>' in markup


@pytest.fixture
def csv_of(tmp_path):
    def write(name, value):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"value\n{value}\n")
        return str(path)

    return write


def test_read_seeds(csv_of):
    frame = read_seeds([4, 9], [csv_of("a.csv", 1), csv_of("b.csv", 2)])
    assert frame.to_dict("list") == {"value": [1, 2], "seed": [4, 9]}


def test_read_iterations(csv_of):
    paths = [csv_of(f"seed-{seed}/{i:02d}.csv", 10 * seed + i) for seed in (4, 9) for i in (1, 2, 10)]
    frame = read_iterations([4, 9], paths)
    assert frame["value"].tolist() == (10 * frame["seed"] + frame["iteration"]).tolist()
    assert frame["iteration"].tolist() == [1, 2, 10] * 2
