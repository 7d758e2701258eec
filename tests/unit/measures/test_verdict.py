import numpy as np
import pandas as pd
import pytest

from neurons.measures.verdict import word_table


def within(measure="selectivity", layer="dense_1", own=0.6, low=0.2, high=0.8):
    row = {"measure": measure, "layer": layer, "own": own, "own_low": low, "own_high": high}
    return pd.DataFrame([row | {"target": "test_accuracy"}, row | {"target": "gap", "own_low": -1}])


def ranking(excess, measure="selectivity@dense_1"):
    row = {"measure": measure, "target": "test_accuracy", "worst_excess": excess}
    return pd.DataFrame([row, row | {"target": "gap", "worst_excess": -excess}])


def slopes(effect=(0.5, 0.2, 0.8), beyond=(0.4, 0.1, 0.7), moved=True, measure="selectivity", at="1"):
    row = {"measure": measure, "moved": moved, "beyond_at": at}
    for name, values in (("effect", effect), ("beyond_sham", beyond)):
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), values))
    return pd.DataFrame([row])


NONE = pd.DataFrame()
STILL = slopes((0, -0.1, 0.1), (0, -0.1, 0.1))


@pytest.mark.parametrize(
    "one, two, three, word, tested",
    [
        (within(), NONE, NONE, "company", "1"),
        (within(low=-0.1), NONE, NONE, "nothing", "1"),
        (within(), ranking(0.1), STILL, "company", "1 2 3"),
        (within(), ranking(0.0), NONE, "company", "1 2"),
        (within(), ranking(-0.1), STILL, "predictor", "1 2 3"),
        (within(low=-0.1), ranking(-0.1), NONE, "predictor", "1 2"),
        (within(), ranking(np.nan), NONE, "company", "1"),
        (within(), ranking(-0.1, "selectivity@dense_2"), NONE, "company", "1"),
        (within(), ranking(0.1), slopes(), "cause", "1 2 3"),
        (within(), ranking(0.1), slopes(at=""), "company", "1 2 3"),
        (within(), ranking(0.1), slopes(at=np.nan), "company", "1 2 3"),  # as an empty cell is read
        (within(own=-0.6, low=-0.8, high=-0.2), NONE, slopes(), "company", "1 3"),  # the other sign
        (within(), NONE, slopes(beyond=(0.1, -0.1, 0.3)), "company", "1 3"),  # the sham does as much
        (within(), NONE, slopes(moved=False), "company", "1"),  # no test
        (within("modularity.weighted_overlap"), NONE, slopes(measure="modularity"), "cause", "1 3"),
        (within("margin", "all"), ranking(-0.1, "margin"), slopes(), "predictor", "1 2"),
    ],
)
def test_words(one, two, three, word, tested):
    table = word_table(one, two, three)
    assert len(table) == 1 and table.iloc[0][["word", "tested"]].tolist() == [word, tested]


def test_a_negative_cause_has_the_sign_of_its_claim():
    down = slopes((-0.5, -0.8, -0.2), (-0.4, -0.7, -0.1))
    assert word_table(within(own=-0.6, low=-0.8, high=-0.2), NONE, down)["word"].tolist() == ["cause"]


def test_what_no_question_was_asked_of_has_no_row():
    undefined = within(own=np.nan, low=np.nan, high=np.nan)
    assert len(word_table(undefined, NONE, NONE)) == 0
    assert word_table(undefined, ranking(-0.1), NONE)["word"].tolist() == ["predictor"]
