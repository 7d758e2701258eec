import numpy as np
import pandas as pd
from drawn import twice

from neurons.figures.auxiliary import LABELS, risk_coverage


def test_risk_is_drawn_for_every_score_of_the_first_layer_choice(tmp_path):
    grid = np.linspace(0.1, 1, 10)
    parts = [
        pd.DataFrame({"layers": layers, "score": score, "coverage": grid, "risk": grid / 10, "seed": seed})
        for seed in (0, 1)
        for layers, scores in (("all", ("agreement", "likelihood")), ("last1", ("agreement",)), ("", ("softmax",)))
        for score in scores
    ]
    text = twice(risk_coverage, [pd.concat(parts)], tmp_path)
    assert [name for name, label in LABELS.items() if label in text] == ["agreement", "likelihood", "softmax"]


def test_a_run_without_test_split_has_an_empty_figure(tmp_path):
    columns = ["layers", "score", "coverage", "risk"]
    assert "coverage" in twice(risk_coverage, [pd.DataFrame(columns=columns)], tmp_path)
