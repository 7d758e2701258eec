"""The drawing of the pipeline: edges between rule files, longer ways not drawn twice."""

import pytest

from neurons.core.errors import InputError
from neurons.workflow.docs.pipeline import drawing, put_in, rule_edges, rules_by_stage, stage_edges

DOT = """digraph snakemake_dag {
    0[label = "all", color = "0.02"];
    1[label = "fetch", color = "0.48"];
    2[label = "train_20", color = "0.65"];
    3[label = "train_5", color = "0.65"];
    4[label = "table", color = "0.65"];
    5[label = "sum_up", color = "0.65"];
    6[label = "measure_01_05", color = "0.65"];
    7[label = "measure_06_08", color = "0.65"];
    1 -> 2
    1 -> 3
    2 -> 5
    5 -> 4
    2 -> 4
    3 -> 6
    3 -> 7
    6 -> 4
    4 -> 0
}"""


@pytest.fixture
def rules(tmp_path):
    (tmp_path / "data.smk").write_text("rule fetch:\n    output: 'a'\n")
    (tmp_path / "train.smk").write_text(
        'for count in counts:\n    rule:\n        name:\n            f"train_{count}"\n'
    )
    (tmp_path / "tables.smk").write_text("rule table:\n    input: 'b'\n\n\nrule unused:\n    input: 'c'\n")
    (tmp_path / "measures.smk").write_text(
        'for batch in batches:\n    rule:\n        name:\n            f"measure{batch.suffix}"\n'
    )
    (tmp_path / "sums.smk").write_text("rule sum_up:\n    input: 'b'\n")
    return tmp_path


def test_rules_of_each_count_are_one():
    assert set(rule_edges(DOT)) == {
        ("fetch", "train"),
        ("train", "sum_up"),
        ("sum_up", "table"),
        ("train", "table"),
        ("train", "measure"),
        ("measure", "table"),
    }


def test_longer_ways_imply_shorter_ones(rules):
    stages = rules_by_stage(rules)
    (rules / "page.smk").write_text("rule show:\n    output: 'p'\nuse rule show as write with:\n    output: 'q'\n")
    assert rules_by_stage(rules)["page"] == ["show", "write"]
    assert stages["tables"] == ["table", "unused"] and stages["train"] == ["train"]
    assert set(stage_edges(rule_edges(DOT), stages)) == {
        ("data", "train"),
        ("train", "sums"),
        ("sums", "tables"),
        ("train", "measures"),
        ("measures", "tables"),
    }


def test_the_page_keeps_all_but_the_drawing(rules):
    drawn = drawing(DOT, rules)
    assert "unused" not in drawn and '  tables["<b>tables</b><br>table"]\n' in drawn
    page = put_in("before\n<!-- pipeline -->\nold\n<!-- /pipeline -->\nafter\n", drawn)
    assert page == f"before\n<!-- pipeline -->\n{drawn}<!-- /pipeline -->\nafter\n"
    assert put_in(page, drawn) == page


def test_a_page_without_marks():
    with pytest.raises(InputError, match="no line <!-- pipeline -->"):
        put_in("# Title\n", "x")
