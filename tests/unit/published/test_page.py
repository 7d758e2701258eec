"""The whole page, without any results and with those of one small run."""

import hashlib
import re
from dataclasses import replace

import pandas as pd
import pytest
from frames import SHARED

from neurons.published.claims import Run, read_claims
from neurons.published.page import command_of, write_page

MINE = Run("mine", ("communities",), "mnist", "fcnn", "8 8", "adam", "given", (0,), 20, 1, "toy")


@pytest.fixture
def written(tmp_path, root):
    def write(runs, claims=root / "resources/claims.yaml") -> str:
        output = tmp_path / "page.md"
        folders = {
            "null_size": root / "resources/null_size.csv",
            "results": tmp_path,
            "published": root / "resources/published",
            "benchmarks": tmp_path / "none",
        }
        write_page(output, "the command", runs, claims, **folders)
        return output.read_text()

    return write


def summary(page: str) -> dict[str, str]:
    """The verdicts of the page's first table by claim."""
    rows = [line.strip("| ").split(" | ") for line in page.splitlines()]
    return {row[0]: row[3] for row in rows if len(row) == 5 and re.fullmatch(r"[A-Z]\d", row[0])}


def test_without_results_nothing_is_judged(written, root):
    page = written([])
    verdicts = summary(page)
    assert list(verdicts) == [claim["id"] for claim in read_claims(root / "resources/claims.yaml").claims]
    assert set(verdicts.values()) == {"not run"}
    assert "15 claims: 15 not run." in page and "the command" in page
    assert "Not run: `communities/table4.csv` is not there." in page


def test_a_partial_run_is_judged_as_far_as_it_goes(written, tmp_path):
    folder = tmp_path / "mine/communities"
    folder.mkdir(parents=True)
    row = dict.fromkeys(SHARED) | {"accuracy": "running", "iterations": 20, "seeds": 5, "seeds_undefined": 0}
    row |= {"pearson": -0.9, "pearson_low": -0.95, "pearson_high": -0.8}
    row |= {"own_minus_swapped": 0.001, "swapped": -0.901, "swap_p": 0.4}
    pd.DataFrame([row]).to_csv(folder / "table5.csv", index=False)
    page = written([MINE])
    verdicts = summary(page)
    assert verdicts.pop("C5") == "trend only"
    assert set(verdicts.values()) == {"not run"}
    assert (
        "| mnist | fcnn | 1, exploratory | -0.87 | -0.90 [-0.95, -0.80] | own - swapped +0.001, p 0.400 | trend" in page
    )
    assert "15 claims: 14 not run, 1 trend only." in page
    assert "small ones" in written([replace(MINE, data_note="small ones")])


def test_drawings_that_exist_are_shown_below_the_tables(written, tmp_path):
    assert "\n## Figures\n" not in written([MINE])
    for name in ("mine/communities/graphs.png", "paper/communities/figure1.png", "mine/auxiliary/risk_coverage.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    page = written([MINE])  # takes no part in the auxiliary study
    shown = re.findall(r"!\[.*\]\((.*)\)", page[page.index("\n## Figures\n") :])
    assert shown == ["../paper/communities/figure1.png", "../mine/communities/graphs.png"]


def test_the_page_tells_how_the_rules_came_about_and_how_the_tests_err(written, root):
    page = written([])
    assert hashlib.sha256((root / "resources/claims.yaml").read_bytes()).hexdigest() in page
    assert "(seeds 0, 1, 2)" in page
    simulated = pd.read_csv(root / "resources/null_size.csv")
    share = simulated.set_index(["networks", "test", "seeds"]).loc[
        ("nothing: noise of 2 %", "seed swap", 10), "rejected"
    ]
    (line,) = [line for line in page.splitlines() if line.startswith("| nothing: noise of 2 % | seed swap")]
    assert line.split(" | ")[4] == f"{100 * share:.0f}" and line.split(" | ")[2] == "–"


def test_the_command_names_the_configuration_without_its_place_on_the_machine(tmp_path):
    shipped, own = tmp_path / "config" / "a.yaml", tmp_path / "b.yaml"
    command = command_of([str(shipped), str(own)], tmp_path / "config")
    assert command.startswith('make reproduction CONFIG="config/a.yaml b.yaml" ')


def test_every_line_of_a_table_has_the_cells_of_its_head(written):
    lines = written([MINE]).splitlines()
    for first, second in zip(lines, lines[1:]):
        if first.startswith("| ") and second.startswith("| "):
            assert first.count(" | ") == second.count(" | ")
