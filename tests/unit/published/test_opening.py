import pandas as pd
import pytest
from papers import CLAIM, run

from neurons.core.tables import write_table
from neurons.published.claims import Claims, part_for
from neurons.published.opening import ACROSS, CLAIMS, RUNS, WITHIN, WORDS, opening, picture
from neurons.published.verdicts import INCONCLUSIVE, REPRODUCED

MEASURES = {"own_low": 0.5, "own_high": 0.9, "swap_p": 0.01, "target": "test_accuracy", "seeds": 5, "layer": "all"}


def claims_of(*claims) -> Claims:
    return Claims(list(claims), (0,), "digest")


@pytest.fixture
def results(tmp_path):
    """A folder of results, and a function that puts a table there."""

    def put(path: str, rows: list[dict]):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        write_table(pd.DataFrame(rows), tmp_path / path)

    put.folder = tmp_path
    return put


def answers(results, runs, *claims) -> dict:
    found = opening(runs, results.folder, results.folder / "printed", claims_of(*claims))
    return {answer.question: answer for answer in found}


def test_nothing_is_said_without_tables(results):
    assert answers(results, [run("a", studies=("communities", "measures"))], CLAIM) == {}
    assert picture([run("a")], results.folder) is None


def test_a_claim_is_judged_on_data_that_it_does_not_treat(results):
    results(
        "a/coactivation/table1_seeds.csv",
        [{"seed": s, "modularity": 0.5 + s / 100, "modularity_mean": 0.5} for s in range(3)],
    )
    results("b/coactivation/table1_seeds.csv", [{"seed": 0, "modularity": 0.5, "modularity_mean": 0.5}])
    runs = [run("a", "other", seeds=(0, 1, 2)), run("b", "another", seeds=(0,))]
    found = answers(results, runs, CLAIM)[CLAIMS]
    (badge,), (few,) = found.badges["a"], found.badges["b"]
    assert (badge.claim, badge.word, badge.path) == (CLAIM["id"], REPRODUCED, "a/coactivation/table1.csv")
    assert few.word == INCONCLUSIVE
    assert found.sentences == [
        "a: of 1 claim, 1 reproduced.",
        "b: of 1 claim, 1 inconclusive; no interval stands on fewer than 3 seeds, and this run has 1 seed.",
    ]


def test_the_part_of_a_claim_follows_data_then_labels():
    parts = [
        {"data": "mnist", "model": "fcnn"},
        {"data": "cifar10", "model": "fcnn"},
        {"data": "mnist-mixed", "model": "fcnn"},
    ]
    claim = CLAIM | {"parts": parts}
    assert part_for(claim, run("a", "cifar10")) == parts[1]
    assert part_for(claim, run("a", "mine")) == parts[0]
    assert part_for(claim, run("a", "mine", labels="mixed")) == parts[2]
    assert part_for(claim, run("a", "mine", studies=("auxiliary",))) is None
    named = claim | {"options": {"pairs": [["Pullover", "Coat"]]}}
    assert part_for(named, run("a", "mine")) is None and part_for(named, run("a", "mnist")) == parts[0]


def measured(**changes) -> dict:
    row = {"measure": "nc1", "own": 0.8, "swapped": 0.3, "own_minus_swapped": 0.5, "swap_p_adjusted": 0.02}
    return MEASURES | row | changes


def test_measures_beyond_the_swap_are_told_from_those_that_drift(results):
    drifts = measured(
        measure="entropy", own=-0.9, own_low=-0.95, own_high=-0.8, own_minus_swapped=0.1, swap_p_adjusted=0.6
    )
    wrong = measured(measure="margin", own=0.2, own_low=-0.1, own_high=0.4, own_minus_swapped=-0.3)
    gap = measured(target="gap")
    results("a/measures/table1.csv", [measured(layer="dense_1"), drifts, wrong, gap])
    (sentence,) = answers(results, [run("a", studies=("measures",))])[WITHIN].sentences
    assert sentence.startswith("a: of 3 measures by layer, 1 go with") and "networks (nc1@dense_1); 1 more" in sentence
    assert (
        "The strongest, entropy, has -0.90 with its own accuracy and +0.30 with that of others (p 0.600; 5 seeds"
        in sentence
    )


def test_measures_asked_within_and_across_get_a_word(results):
    results(
        "a/measures/table1.csv", [measured(), measured(measure="entropy"), measured(measure="margin", own_low=-0.1)]
    )
    ranked = {"run": "grid", "target": "test_accuracy", "granulated_tau": 0.5, "granulated_tau_low": 0.1, "networks": 9}
    ranked |= {"granulated_tau_high": 0.9, "tau": 0.5, "worst_sign_error": 0.2, "worst_environment": "x", "left_out": 0}
    across = [ranked | {"measure": name, "worst_excess": excess} for name, excess in (("nc1", -0.1), ("entropy", 0.1))]
    results("paper/measures/ranking.csv", [row | {"added_r2_low": -1} for row in across])
    runs = [run("a", studies=("measures",)), run("grid", studies=())]
    (sentence,) = answers(results, runs)[WORDS].sentences
    assert "of 3 statistics by layer, none shown to cause" in sentence and "1 (nc1) predicts it" in sentence
    assert "1 keep it company" in sentence and sentence.endswith("1 not even that.")
    assert "nc1" in answers(results, runs)[ACROSS].sentences[0]


def test_too_few_seeds_are_said(results):
    results("a/measures/table1.csv", [measured(seeds=2, swap_p=None, swap_p_adjusted=None)])
    (sentence,) = answers(results, [run("a", studies=("measures",))])[WITHIN].sentences
    assert sentence.startswith("a: we cannot tell yet: with 2 seeds") and sentence.endswith("the seed swap needs 4.")


def test_a_run_is_put_into_three_sentences(results):
    limits = {"pearson": -0.8, "pearson_low": -0.9, "pearson_high": -0.6}
    results("a/communities/table5.csv", [{"accuracy": "running", **limits, "swapped": -0.7, "iterations": 20}])
    gains = {"auxiliary_points": 0.25, "control_points": 0.1}
    empty = {f"{name}_{end}": None for name in gains for end in ("low", "high")}
    results("a/auxiliary/improvement.csv", [{"split": split, **gains, **empty} for split in ("train", "test")])
    tests = [{"test": name, "value": 0.5, "p": 0.01} for name in ("plain", "given_images")]
    results("a/coactivation/figure3_tests.csv", tests)
    every = run("a", studies=("communities", "auxiliary", "coactivation"))
    first, second, third = answers(results, [every])[RUNS].sentences
    assert "-0.80 [-0.90, -0.60], with that of other seeds' networks -0.70" in first
    assert "by +0.25 points, the same model fed the softmax alone by +0.10" in second
    assert "correlate with 0.50, p 0.010" in third


def test_the_picture_is_that_of_the_measures_where_there_is_one(results):
    (results.folder / "paper/measures").mkdir(parents=True)
    (results.folder / "paper/measures/ranking.svg").touch()
    of_measures = run("a", studies=("measures",))
    assert picture([of_measures], results.folder) == "paper/measures/ranking.svg"
    (results.folder / "a/measures").mkdir(parents=True)
    (results.folder / "a/measures/figure1.svg").touch()
    assert picture([of_measures], results.folder) == "a/measures/figure1.svg"
