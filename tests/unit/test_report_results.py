import pytest

from neurons.errors import InputError
from neurons.report_results import by_study, caption_html, find_results

RUNS = {"mnist": {"studies": ["communities"]}, "conv": {"studies": ["communities", "coactivation"]}}
CAPTIONS = {"own": "**Own** caption.", "paper": "Table {{ snakemake.wildcards.n }}."}
MARKS = [
    {"path": f"results/{path}", "caption": caption, "study": study, "subject": subject, "name": name, "shows": "it"}
    for path, caption, study, subject, name in [
        ("{run}/communities/overlap.svg", "own", "communities", "{run}", "Overlap"),
        ("{run}/communities/table10.html", "own", "communities", "{run}", "Table 10"),
        ("{run}/communities/table2.html", "own", "communities", "{run}", "Table 2"),
        ("{run}/communities/figure1.svg", "own", "communities", "{run}", "Figure 1"),
        ("{run}/{where}/table2.html", "own", "coactivation", "{run}", "Table 2"),
        ("paper/communities/table{n}.html", "paper", "communities", "all runs", "Table {n}"),
    ]
]
TARGETS = ["mnist/communities/x.csv", "conv/communities/x.csv", "conv/coactivation/x.csv", "paper/communities/x.csv"]


@pytest.fixture
def found(tmp_path):
    """Results of two runs, with files that are no marked results of theirs beside them."""
    names = ["overlap.svg", "table2.html", "table10.html", "figure1.svg", "table2.csv"]
    files = [f"mnist/communities/{name}" for name in names]
    files += ["conv/coactivation/table2.html", "conv/communities/table2.html", "mnist/coactivation/table2.html"]
    files += ["paper/communities/table1.html", "paper/communities/table1_more.html", "gone/communities/table2.html"]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    targets = [f"results/{path}" for path in (*TARGETS, "gone/communities/x.csv", "mnist/coactivation/x.csv")]
    return find_results(tmp_path, targets, MARKS, CAPTIONS, RUNS)


def test_only_marked_results_of_the_runs_in_their_studies_are_found_in_order(found):
    own = [result.path for result in found if result.subject == "mnist"]
    assert own == [
        f"mnist/communities/{name}" for name in ("table2.html", "table10.html", "figure1.svg", "overlap.svg")
    ]
    assert {(result.path, result.study) for result in found if result.subject == "conv"} == {
        ("conv/communities/table2.html", "communities"),
        ("conv/coactivation/table2.html", "coactivation"),
    }
    assert [result.path for result in found if result.subject == "all runs"] == ["paper/communities/table1.html"]
    assert len(found) == 7


def test_wildcards_are_filled_in(found):
    result = next(result for result in found if result.subject == "all runs")
    assert (result.name, result.anchor) == ("Table 1", "paper-communities-table1-html")
    assert result.caption == "<p>Table 1.</p>"


def test_every_run_of_a_study_is_listed(found):
    studies = by_study([result for result in found if result.subject == "mnist"], RUNS)
    assert {study: list(subjects) for study, subjects in studies.items()} == {
        "communities": ["all runs", "mnist", "conv"],
        "coactivation": ["all runs", "conv"],
    }
    assert studies["communities"]["conv"] == [] and len(studies["communities"]["mnist"]) == 4


def test_results_of_what_is_no_study_are_listed_too(tmp_path):
    (tmp_path / "mnist/sweep").mkdir(parents=True)
    (tmp_path / "mnist/sweep/table2.html").write_text("")
    mark = MARKS[2] | {"path": "results/{run}/sweep/table2.html", "study": "sweep"}
    results = find_results(tmp_path, ["results/mnist/sweep/table2.csv"], [mark], CAPTIONS, RUNS)
    assert [result.path for result in by_study(results, RUNS)["sweep"]["mnist"]] == ["mnist/sweep/table2.html"]


def test_a_target_in_a_prefixed_folder_is_found(tmp_path):
    (tmp_path / "mnist/communities").mkdir(parents=True)
    (tmp_path / "mnist/communities/table2.html").write_text("")
    results = find_results(tmp_path, ["mine/results/mnist/communities/x.csv"], MARKS, CAPTIONS, RUNS)
    assert [result.path for result in results] == ["mnist/communities/table2.html"]


def test_every_shipped_caption_is_proper_text(root):
    for path in (root / "resources/captions").glob("*.rst"):
        for n in "1234":
            text = caption_html(path.read_text(), n=n)
            assert text.startswith("<p>") and "{" not in text and "``" not in text, path


def test_a_broken_caption_is_told():
    with pytest.raises(InputError, match="mend it in resources/captions"):
        caption_html("**never closed")
