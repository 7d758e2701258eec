"""The reproduction page as a target of its own, on the finished tree of the tiny configuration."""

import copy

PAGE = "results/paper/reproduction.md"


def test_the_page_is_made_from_a_file_target_and_asks_for_no_more_than_its_tables(finished_copy, tiny):
    outcome = finished_copy.make(tiny, PAGE)
    assert outcome.jobs == {"write_reproduction": 1}
    page = (finished_copy / PAGE).read_text()
    assert "15 claims: 15 not run." in page  # the tiny runs are on no data set of the papers
    assert "| tiny-mixed | communities | 1437 + 360, 8x8, 10 classes |" in page
    assert "| tiny | 1 | klb | – |" in page.split("### Table 4: modularity and accuracy")[1]
    training = next(line for line in page.splitlines() if line.startswith("| all runs | "))
    assert float(training.split(" | ")[4]) > 0


def test_a_run_that_stands_for_a_published_one_is_judged_on_reduced_data(finished_copy, tiny):
    settings = copy.deepcopy(tiny)
    settings["runs"]["tiny"]["published"] = "mnist"
    outcome = finished_copy.make(settings, PAGE)
    compared = {"compare_communities": 6, "compare_series": 1, "tabulate_agreement": 1, "draw_figure": 1}
    assert outcome.jobs == {**compared, "write_reproduction": 1}
    page = (finished_copy / PAGE).read_text()
    (entropy,) = [
        line for line in page.splitlines() if line.startswith("| mnist (reduced) | fcnn | 1, exploratory | -0.87")
    ]
    assert entropy.endswith("| inconclusive (reduced data) | fewer than 3 seeds |")
    assert "1437 of 60000 training images; 8x8 for 28x28 pixels" in page


def test_the_page_is_not_made_by_default(finished, tiny):
    assert finished.dry_run(tiny, "--forceall").get("write_reproduction") is None
