from html.parser import HTMLParser

import pandas as pd
import pytest

from neurons.tables import read_iterations, read_seeds, write_csv_table, write_markdown, write_table

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
        self.inside = tag in ("td", "th")
        if self.inside:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.inside = False

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
