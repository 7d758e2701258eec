import hashlib
from pathlib import Path

import pandas as pd
import pytest
import yaml
from papers import CLAIM, run

from neurons.core.errors import InputError
from neurons.published.claims import (
    NOT_RUN,
    Judged,
    describe_runs,
    find_run,
    judge_claim,
    judge_part,
    kind_of_seeds,
    read_claims,
    rule_of,
)
from neurons.published.criteria import CRITERIA
from neurons.published.evidence import Finding
from neurons.published.verdicts import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, REPRODUCED, TREND_ONLY, Judgement


@pytest.fixture
def shipped(root):
    return read_claims(root / "resources/claims.yaml").claims


def test_the_shipped_claims_are_of_all_papers_and_can_be_judged(shipped):
    assert len({claim["id"] for claim in shipped}) == len(shipped)
    assert {claim["study"] for claim in shipped} == {"communities", "auxiliary", "coactivation"}
    assert {claim["criterion"] for claim in shipped} == set(CRITERIA)  # none that no claim needs
    for claim in shipped:
        assert "{" not in rule_of(claim) and claim["parts"]


def test_a_rule_states_its_options():
    assert "at or above 0.4" in rule_of(CLAIM)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"criterion": "modul"}, "claim X1: unknown criterion 'modul', did you mean 'modular'?"),
        ({"place": None}, "claim X1: the key 'place' is missing; add it"),
    ],
)
def test_a_faulty_claim_is_named(tmp_path, change, message):
    claim = {key: value for key, value in (CLAIM | change).items() if value is not None}
    (tmp_path / "claims.yaml").write_text(yaml.safe_dump({"exploratory_seeds": [0], "claims": [claim]}))
    with pytest.raises(InputError, match="claims.yaml: ") as error:
        read_claims(tmp_path / "claims.yaml")
    assert message in str(error.value)


def test_runs_are_described_by_their_settings():
    settings = {
        "studies": ["communities"],
        "model": {"filters": [], "hidden": [12, 8], "dropout": 0.1},
        "training": {"iterations": 3, "epochs_per_iteration": 2}
        | {"optimizer": "adam", "learning_rate": 0.001, "batch_size": 32},
        "labels": "mixed",
        "seeds": [0, 4],
        "dataset": "digits",
    }
    first, second = describe_runs(
        {"a": settings, "b": settings | {"published": "mnist"}}, {"digits": {"note": "small ones"}}
    )
    assert (first.published, second.published) == ("a", "mnist")
    assert first.data_note == "small ones"
    assert (first.model, first.layers, first.seeds) == ("fcnn", "12 8", (0, 4))
    assert first.training == "adam 0.001, batch 32, dropout 0.1"
    named = settings["model"] | {"name": "vgg16"}
    of_others = {"vgg": settings | {"model": named}, "dumps": settings | {"activations": "folder"}}
    assert [run.training for run in describe_runs(of_others, {})] == ["adam 0.001, batch 32", "made elsewhere"]


def test_a_run_is_found_by_study_data_and_model():
    runs = [run("a", studies=("communities",)), run("b", model="vgg16"), run("c", "other"), run("d"), run("e")]
    assert find_run(runs, "coactivation", "mnist", "fcnn").name == "d"
    assert find_run(runs, "auxiliary", "mnist", "fcnn") is None


@pytest.fixture
def judged(tmp_path):
    """Judge the claim's part on the runs `a` and `b`, of which `a` alone has tables."""
    path = tmp_path / "a/coactivation/table1_seeds.csv"
    path.parent.mkdir(parents=True)
    figures = {"seed": [0, 1, 2], "modularity": [0.5, 0.51, 0.52], "modularity_mean": 0.5}
    pd.DataFrame(figures).to_csv(path, index=False)
    printed = tmp_path / "printed"
    printed.mkdir()

    def judge(part, runs, reduced=frozenset()) -> Judged:
        return judge_part(CLAIM, {"model": "fcnn"} | part, runs, tmp_path, printed, set(reduced), (0, 1))

    return judge


def test_a_part_is_judged_on_its_run(judged):
    found = judged({"data": "mnist"}, [run("a")])
    assert (found.verdict, found.reduced) == (REPRODUCED, False)
    assert judged({"data": "mnist", "least": 0.6}, [run("a")]).verdict == CONTRADICTED  # its own option
    assert judged({"data": "mnist"}, [run("a")], {"a"}).reduced


def test_a_part_without_run_or_tables_is_not_run(judged):
    assert judged({"data": "mnist"}, []).verdict == NOT_RUN
    found = judged({"data": "mnist"}, [run("b")])
    assert found.verdict == NOT_RUN and "table1_seeds.csv is not there" in found.finding.judgement.reason


def test_a_part_that_says_why_is_not_tested_until_its_run_is_there(judged):
    part = {"data": "mnist", "untested": "needs a GPU"}
    found = judged(part, [])
    assert found.verdict == NOT_TESTED and found.finding.judgement.reason == "needs a GPU"
    assert judged(part, [run("a")]).verdict == REPRODUCED


def test_seeds_that_shaped_the_rules_are_told_from_fresh_ones():
    kinds = {(0, 1): "2, exploratory", (3, 4, 5): "3, confirmatory", (1, 2, 3): "3, 2 of them exploratory"}
    assert {seeds: kind_of_seeds(seeds, (0, 1, 2)) for seeds in kinds} == kinds


def test_the_digest_is_that_of_the_file(root):
    path = root / "resources/claims.yaml"
    assert read_claims(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


def parts(*words: str) -> list[Judged]:
    """Parts by verdict; a star marks one on reduced data."""
    found = [Finding("", "", "", Judgement(word.rstrip("*"))) for word in words]
    return [Judged("d", "m", one, reduced=word.endswith("*")) for word, one in zip(words, found)]


@pytest.mark.parametrize(
    "words, verdict, counts",
    [
        ([REPRODUCED, CONTRADICTED + "*", CONTRADICTED + "*"], REPRODUCED, "1 reproduced"),
        ([CONTRADICTED, REPRODUCED + "*", REPRODUCED + "*"], CONTRADICTED, "1 contradicted"),
        ([CONTRADICTED + "*", NOT_TESTED], "contradicted (reduced data)", "1 contradicted"),
        ([REPRODUCED + "*"], "reproduced (reduced data)", "1 reproduced"),
        ([REPRODUCED, TREND_ONLY, NOT_RUN], TREND_ONLY, "1 reproduced, 1 trend only"),
        ([REPRODUCED, CONTRADICTED], INCONCLUSIVE, "1 reproduced, 1 contradicted"),
        ([NOT_TESTED, NOT_RUN], NOT_RUN, ""),
        ([NOT_TESTED], NOT_TESTED, ""),
    ],
)
def test_full_data_decide_where_there_are_any(words, verdict, counts):
    assert judge_claim(parts(*words)) == (verdict, counts)


def test_options_of_the_shipped_claims_are_those_of_their_rules(shipped, tmp_path, root):
    # A rule is called before its tables are missed: a wrong option would be a TypeError.
    for claim in shipped:
        for part in claim["parts"]:
            runs = [run("x", part["data"], part["model"], (claim["study"],))]
            found = judge_part(claim, part, runs, tmp_path, root / "resources/published", set(), ())
            assert found.verdict == NOT_RUN and Path(found.finding.judgement.reason.split()[0]).suffix == ".csv"
