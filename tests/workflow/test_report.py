"""The report page of the default target, the page of an unfinished run, and Snakemake's own report."""

import json
import re

RUNS = ("tiny", "tiny-mixed")


def outside(page: str) -> list[str]:
    """Return what in a page would ask the network."""
    loads = re.findall(r"<(?:script|link|img|iframe|source)[^>]*\b(?:src|href|srcset)=[\"']?(?:https?:)?//[^>]*>", page)
    return loads + re.findall(r"@import[^;]{0,80}https?://|url\([\"']?https?://|fetch\(|XMLHttpRequest", page)


def articles(page: str) -> dict[str, str]:
    """Return the results that a page shows by their anchor."""
    return dict(re.findall(r'<article id="([^"]+)">(.*?)</article>', page, re.DOTALL))


def test_the_page_shows_every_marked_result_of_every_run(finished):
    page = (finished / "results/report.html").read_text()
    shown = articles(page)
    for run in RUNS:
        names = [f"table{n}-csv" for n in (1, 3, 4, 5, 6)] + ["overlap-svg", "figure1-svg", "graphs-svg"]
        assert [name for name in names if f"{run}-communities-{name}" not in shown] == []
    names = [f"table{n}-csv" for n in range(1, 7)] + ["figure1-csv", "figure1-svg"]
    assert [name for name in names if f"paper-communities-{name}" not in shown] == []
    for anchor, article in shown.items():
        assert re.search(r'<div class="caption"><p>.+?</p>', article, re.DOTALL), anchor
        assert "<table>" in article or 'src="data:image/' in article, anchor
    assert outside(page) == []


def test_the_page_tells_state_settings_and_times_of_every_run(finished):
    page = (finished / "results/report.html").read_text()
    for run in RUNS:
        assert re.search(rf'<a href="#communities-{run}">{run}</a></td><td class="text">finished</td>', page), run
    assert '<td class="text">training.learning_rate</td><td class="text">0.001</td>' in page
    assert '<td class="text">measure_entropy</td><td>6</td>' in page  # two runs of three iterations
    assert "not finished" not in page


def test_links_of_the_page_lead_to_files_beside_it(finished):
    page = (finished / "results/report.html").read_text()
    links = {link for link in re.findall(r'<a href="([^"#]+)"', page)}
    assert len(links) > 20
    assert [link for link in links if not (finished / "results" / link).is_file()] == []


def test_a_preview_tells_what_is_missing(finished_copy, tiny):
    (finished_copy / "results/tiny/communities/table5.csv").unlink()
    outcome = finished_copy.run(tiny, "preview_report")
    assert outcome.code == 0 and outcome.jobs == {"preview_report": 1}, outcome.screen
    page = (finished_copy / "results/preview.html").read_text()
    assert "1 of 2 runs is not finished" in page and "16 of 17 results" in page
    assert "tiny-communities-table5-csv" not in articles(page)
    assert "tiny-mixed-communities-table5-csv" in articles(page)


def test_a_preview_of_nothing_lists_the_runs(place, tiny):
    place.make(tiny, "preview_report")
    page = (place / "results/preview.html").read_text()
    assert page.count("not started</td>") == 2 and page.count("No results yet.") == 3
    assert articles(page) == {}


def test_a_spoilt_table_is_told_in_one_line_and_leaves_no_page(finished_copy, tiny):
    (finished_copy / "results/tiny/communities/table5.csv").write_text("")
    outcome = finished_copy.run(tiny, "preview_report")
    assert outcome.code != 0
    assert [line for line in outcome.error_lines if "results/tiny/communities/table5" in line], outcome.screen
    assert not (finished_copy / "results/preview.html").exists()


def embedded(page: str, name: str) -> dict:
    """Return the data that Snakemake's report carries in the JavaScript variable `name`."""
    start = re.search(rf"var {name} = (?={{\")", page).end()
    return json.JSONDecoder().raw_decode(page[start:])[0]


def test_snakemakes_own_report_has_the_same_results_and_captions(finished_copy, tiny):
    finished_copy.make(tiny, "--report", "report.html")
    page = (finished_copy / "report.html").read_text()
    categories = embedded(page, "categories")
    assert set(categories) == {"communities"}
    assert set(categories["communities"]) == {*RUNS, "all runs"}
    results = embedded(page, "results")
    own = articles((finished_copy / "results/report.html").read_text())
    marked = {re.sub(r"\W", "-", name.removeprefix("results/")) for name in results}
    assert marked == set(own)
    assert [name for name, result in results.items() if not re.sub(r"<[^>]*>", "", result["caption"]).strip()] == []
    assert "Activation pattern entropy against accuracy" in results["results/tiny/communities/table5.csv"]["caption"]
