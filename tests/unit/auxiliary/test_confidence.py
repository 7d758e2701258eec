"""Confidence scores: AUROC against scikit-learn, risk against a loop."""

import numpy as np
import pytest
from dump_files import write_dump
from sklearn.metrics import roc_auc_score

from neurons.auxiliary.confidence import auroc, confidence_tables, risk_at, scores
from neurons.auxiliary.probabilities import read_patterns, write_patterns


@pytest.mark.parametrize("seed", range(4))
def test_auroc_against_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    confidence, wrong = rng.integers(0, 6, 80).astype(float), rng.random(80) < 0.3
    assert auroc(confidence, wrong) == pytest.approx(roc_auc_score(wrong, -confidence))
    assert np.isnan(auroc(confidence, np.zeros(80, bool)))


def test_risk_is_the_share_of_errors_among_the_surest():
    rng = np.random.default_rng(0)
    confidence, wrong = rng.random(50), rng.random(50) < 0.4
    order = np.argsort(-confidence)
    for coverage, risk in zip((0.1, 0.8, 0.95, 1.0), risk_at(confidence, wrong, [0.1, 0.8, 0.95, 1.0])):
        kept = order[: int(np.ceil(coverage * 50))]
        assert risk == pytest.approx(np.mean([wrong[d] for d in kept]))


def test_ties_give_the_expected_risk():
    wrong = np.array([True, False, False, False])
    assert risk_at(np.zeros(4), wrong, [0.25, 0.5, 1.0]) == pytest.approx([0.25, 0.25, 0.25])


def test_table(tmp_path):
    splits = write_dump(tmp_path / "d.h5", sizes=(60, 50))
    write_patterns(tmp_path / "d.h5", tmp_path / "p.h5", ["all", "last1"])
    patterns = read_patterns(tmp_path / "p.h5")
    labels, _, predicted = splits["test"]
    found = scores(patterns.splits["test"], "all")
    for d, row in enumerate(predicted.astype(float)):
        best = row.argmax()
        assert found["agreement"][d] == patterns.splits["test"].agreement["all"][d, best]
        assert found["likelihood"][d] == patterns.splits["test"].likelihood["all"][d, best]
        assert found["softmax"][d] == pytest.approx(row[best])
        assert found["margin"][d] == pytest.approx(sorted(row)[-1] - sorted(row)[-2])
        assert found["entropy"][d] == pytest.approx(sum(p * np.log(p) for p in row if p > 0))
    table, curves = confidence_tables(patterns, 3)
    assert list(table["score"]) == [
        "agreement",
        "likelihood",
        "softmax",
        "entropy",
        "margin",
        "agreement",
        "likelihood",
    ]
    assert (table["error_rate"] == np.mean(predicted.argmax(1) != labels)).all()
    last = curves[curves["coverage"] == 1]
    assert np.allclose(last["risk"], table["error_rate"].iloc[0])
