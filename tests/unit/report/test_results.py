import pytest

from neurons.core.errors import InputError
from neurons.report.results import by_study, caption_html, find_results
from neurons.workflow.registry import RESULTS

RUN = {"seeds": [0], "model": {}, "training": {"iterations": 5}}
RUNS = {
    "mnist": RUN | {"studies": ["communities"]},
    "conv": RUN | {"studies": ["communities", "coactivation"]},
    "dumps": RUN | {"studies": ["coactivation"], "activations": "there"},
}


@pytest.fixture
def items(tmp_path, root):
    """Results of two runs, with files that are no results of theirs, or not to be shown, beside them."""
    names = ["overlap.svg", "table6.csv", "table1.csv", "figure1.svg", "table2.csv", "table1.md"]
    files = [f"mnist/communities/{name}" for name in names]
    files += ["conv/coactivation/table1.csv", "conv/communities/table1.csv", "mnist/coactivation/table1.csv"]
    files += ["paper/communities/table1.csv", "paper/communities/table9.csv", "paper/auxiliary/table1.csv"]
    files += ["gone/communities/table1.csv"]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    return list(find_results(tmp_path, root / "resources/captions", RUNS))


def test_only_shown_results_of_the_runs_in_their_studies_are_found_in_order(items):
    own = [item.path for item in items if item.subject == "mnist"]
    assert own == [f"mnist/communities/{name}" for name in ("table1.csv", "table6.csv", "figure1.svg", "overlap.svg")]
    assert {(item.path, item.study) for item in items if item.subject == "conv"} == {
        ("conv/communities/table1.csv", "communities"),
        ("conv/coactivation/table1.csv", "coactivation"),
    }
    assert [item.path for item in items if item.subject == "all runs"] == ["paper/communities/table1.csv"]
    assert len(items) == 7


def test_an_item_says_what_its_record_says(items):
    item = next(item for item in items if item.subject == "all runs")
    assert (item.name, item.shows, item.anchor) == (
        "Table 1",
        "architecture and accuracy",
        "paper-communities-table1-csv",
    )
    assert "Architectures, and accuracies" in item.caption and "stands in brackets" in item.caption


def test_every_run_of_a_study_is_listed(items):
    studies = by_study([item for item in items if item.subject == "mnist"], RUNS)
    assert {study: list(subjects) for study, subjects in studies.items()} == {
        "communities": ["all runs", "mnist", "conv"],
        "coactivation": ["all runs", "conv", "dumps"],
    }
    assert studies["communities"]["conv"] == [] and len(studies["communities"]["mnist"]) == 4


def test_every_result_on_the_page_has_a_caption_and_every_caption_a_result(root):
    folder = root / "resources/captions"
    wanted = {result.caption for result in RESULTS.values() if result.on_page}
    for name in wanted:
        text = caption_html(folder / f"{name}.rst")
        assert text.startswith("<p>") and "{" not in text and "``" not in text, name
    named = {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.rst") if path.stem != "all"}
    assert named - wanted == {"answers", "figure", "overview", "run_times", "settings", "workflow"}


def test_a_broken_caption_is_told(tmp_path):
    (tmp_path / "broken.rst").write_text("**never closed")
    with pytest.raises(InputError, match="broken.rst: not a readable caption"):
        caption_html(tmp_path / "broken.rst")
