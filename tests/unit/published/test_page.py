"""The whole page, without any results and with those of one small run."""

import re

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
        folders = {"results": tmp_path, "published": root / "resources/published", "benchmarks": tmp_path / "none"}
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
    assert list(verdicts) == [claim["id"] for claim in read_claims(root / "resources/claims.yaml")]
    assert set(verdicts.values()) == {"not run"}
    assert "15 claims: 15 not run." in page and "the command" in page
    assert "Not run: `communities/table4.csv` is not there." in page


def test_a_partial_run_is_judged_as_far_as_it_goes(written, tmp_path):
    folder = tmp_path / "mine/communities"
    folder.mkdir(parents=True)
    row = dict.fromkeys(SHARED) | {"accuracy": "running", "iterations": 20, "pearson": -0.9, "pearson_given_epoch": 0.1}
    pd.DataFrame([row]).to_csv(folder / "table5.csv", index=False)
    page = written([MINE])
    verdicts = summary(page)
    assert verdicts.pop("C5") == "explained by a control"
    assert set(verdicts.values()) == {"not run"}
    assert "| mnist | fcnn | -0.87 [-0.95, -0.70] | -0.90 [-0.96, -0.76] | 0.10 [" in page
    assert "15 claims: 14 not run, 1 explained by a control." in page


def test_the_command_names_the_configuration_without_its_place_on_the_machine(tmp_path):
    shipped, own = tmp_path / "config" / "a.yaml", tmp_path / "b.yaml"
    command = command_of([str(shipped), str(own)], tmp_path / "config")
    assert command.startswith('make reproduction CONFIG="config/a.yaml b.yaml" ')


def test_every_line_of_a_table_has_the_cells_of_its_head(written):
    lines = written([MINE]).splitlines()
    for first, second in zip(lines, lines[1:]):
        if first.startswith("| ") and second.startswith("| "):
            assert first.count(" | ") == second.count(" | ")
