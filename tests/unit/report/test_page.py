import base64
import re

import pandas as pd
import pytest
import yaml

from neurons.core.errors import InputError
from neurons.core.tables import write_table
from neurons.report import page as report_page
from neurons.report.page import write_page
from neurons.workflow.config import resolve

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="144pt"><!-- {} --></svg>'


@pytest.fixture
def settings(root):
    schema = yaml.safe_load((root / "config/schema.yaml").read_text())
    config = resolve({"datasets": {"digits": {"source": "digits"}}, "runs": {"one": {"dataset": "digits"}}}, schema)
    targets = ["results/one/communities/table4.csv", "results/one/communities/figure1.svg"]
    return {"runs": config["runs"], "datasets": config["datasets"], "targets": targets}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "results/one/communities"
    folder.mkdir(parents=True)
    (folder / "figure1.svg").write_text(SVG.format("vector"))
    (folder / "figure1.png").write_bytes(b"\x89PNG")
    frame = pd.DataFrame({"metric": ["<klb>", "b"], "pearson": [0.5, -0.25]})
    write_table(frame, folder / "table4.csv")
    return folder


@pytest.fixture
def page(tmp_path, root, settings):
    def write(arranged=None):
        write_page(tmp_path / "results/report.html", root, settings, arranged or {})
        return (tmp_path / "results/report.html").read_text()

    return write


def images(page: str) -> list[tuple[str, bytes]]:
    return [
        (kind, base64.b64decode(data)) for kind, data in re.findall(r'src="data:image/([^;]+);base64,([^"]+)"', page)
    ]


def test_a_table_and_a_drawing_are_inside_with_their_captions_and_files(folder, page):
    text = page()
    assert '<td class="text">&lt;klb&gt;</td><td>0.5</td>' in text
    assert images(text) == [("svg+xml", SVG.format("vector").encode())]
    assert 'alt="Figure 1 of one, communities: entropy and accuracy" width="96" height="192"' in text
    assert "<strong>Modularity against accuracy</strong>" in text
    assert '<a href="one/communities/table4.csv">' in text and '<a href="one/communities/figure1.png">' in text
    assert "1 table, 1 figure" in text and "1 figure (" in text
    assert "finished</td>" in text and "not finished" not in text
    assert "There are no benchmark files." in text


def test_a_heavy_drawing_gives_way_to_a_lighter_png(folder, page, monkeypatch):
    monkeypatch.setattr(report_page, "LARGEST_SVG", 10)
    text = page()
    assert images(text) == [("png", b"\x89PNG")] and "Shown as PNG" in text
    (folder / "figure1.png").write_bytes(b"\x89PNG" * 1000)
    text = page()
    assert [kind for kind, _ in images(text)] == ["svg+xml"] and "Shown as PNG" not in text


def test_a_high_drawing_is_shown_smaller_in_its_own_proportions(folder, page, monkeypatch):
    monkeypatch.setattr(report_page, "HIGHEST", 96)
    assert 'width="48" height="96"' in page()


def test_a_long_table_is_cut_and_says_so(folder, page, monkeypatch):
    monkeypatch.setattr(report_page, "MOST_ROWS", 1)
    text = page()
    assert "The first 1 of 2 rows; the CSV has them all." in text
    assert "&lt;klb&gt;" in text and "-0.25" not in text


def test_the_papers_arrangement_comes_before_every_cell(folder, page):
    def arrange(path):
        assert path == folder / "table4.csv"
        return pd.DataFrame({"metric": ["klb"], "mnist": ["0.50 (0.24)"]})

    text = page({"one/communities/table4.csv": arrange, "other/communities/table4.csv": None})
    assert text.index("0.50 (0.24)") < text.index('<details class="cells">') < text.index("&lt;klb&gt;")


def test_missing_results_are_listed_as_such(folder, page):
    (folder / "figure1.svg").unlink()
    text = page()
    assert "1 of 1 runs is not finished" in text and "1 of 2 results" in text and "<figure>" not in text


def test_what_cannot_be_read_is_told_and_leaves_the_old_page(folder, page, tmp_path):
    old = page()
    (folder / "table4.csv").write_text("")
    with pytest.raises(InputError, match=r"table4\.csv: .*; delete it and run again"):
        page()
    (folder / "figure1.svg").write_text("")  # figures come first
    with pytest.raises(InputError, match=r"figure1\.svg: .*; delete it and run again"):
        page()
    assert (tmp_path / "results/report.html").read_text() == old
    assert [path.name for path in (tmp_path / "results").iterdir() if path.name.endswith(".part")] == []
