"""One word per measure from the three tables: cause, predictor, company, or nothing."""

from collections.abc import Collection, Mapping
from math import isnan, nan

import pandas as pd

from neurons.core.formats import named
from neurons.measures.dose_response import REGULARISED, strength_beyond
from neurons.measures.names import clear_sign, column_of

WORDS = ("cause", "predictor", "company", "nothing")


def is_cause(row: Mapping, sign: float) -> bool:
    """Tell whether moving the measure moves accuracy with the claimed sign, and beyond the sham (a slope table's row).

    In the slope, and at some single strength.
    """
    claimed = all(clear_sign(row, name) * sign > 0 for name in ("effect", "beyond_sham"))
    return bool(row["moved"] and strength_beyond(row) and claimed)


def of_runs(table: pd.DataFrame, runs: Collection[str]) -> pd.DataFrame:
    """Return a table's rows of some runs; an empty table as it is."""
    return table[table["run"].isin(runs)] if len(table) else table


def _of_accuracy(table: pd.DataFrame) -> list[dict]:
    """Return the rows of a table that are about test accuracy; an empty table has none."""
    return [row for row in table.to_dict("records") if row["target"] == "test_accuracy"]


def word_table(within: pd.DataFrame, ranking: pd.DataFrame, slopes: pd.DataFrame) -> pd.DataFrame:
    """Return `measure, layer, word, tested` for every measure and layer of question 1, against test accuracy.

    *cause* only if question 3 moves accuracy with the claimed sign and beats the sham; *predictor* if question 2 beats
    the baselines in every environment; *company* if only question 1's plain correlation stands (its interval excludes
    0). The claimed sign is that of question 1's own correlation. `tested` names the questions that had an answer: a
    measure that nobody pushed is not shown to be no cause, and one that none was asked of has no row.

    Parameters
    ----------
    within : of `within.within_table`.
    ranking : of `ranking_table.ranking_table`; may be empty.
    slopes : of `dose_response.slope_table`, measures by their names in `REGULARISED`; may be empty.
    """
    excess = {row["measure"]: row["worst_excess"] for row in _of_accuracy(ranking)}
    pushed = {REGULARISED.get(row["measure"], row["measure"]): row for row in slopes.to_dict("records")}
    rows = []
    for inside in _of_accuracy(within):
        name, layer = inside["measure"], inside["layer"]
        tested = ["1"] if pd.notna(inside["own_low"]) else []
        word = "company" if clear_sign(inside, "own") else "nothing"
        over_baselines = excess.get(column_of(name, layer), nan)
        if not isnan(over_baselines):
            tested.append("2")
            word = "predictor" if over_baselines < 0 else word  # better than all of them in every environment
        if name in pushed and pushed[name]["moved"]:
            tested.append("3")
            word = "cause" if is_cause(pushed[name], inside["own"]) else word
        if tested:
            rows.append((name, layer, word, " ".join(tested)))
    return pd.DataFrame(rows, columns=["measure", "layer", "word", "tested"])


def answer(words: pd.DataFrame, run: str) -> str:
    """Return what a table of words says, in a sentence; causes and predictors by name."""
    cause, predictor, company, nothing = (words[words["word"] == word] for word in WORDS)

    def told(rows: pd.DataFrame) -> str:
        labels = [column_of(measure, layer) for measure, layer in zip(rows["measure"], rows["layer"])]
        return f"{len(rows) or 'none'}{named(labels)}"

    pushed = words["tested"].str.contains("3").sum()
    return (
        f"{run}: of {len(words)} statistics by layer, {told(cause)} shown to cause test accuracy ({pushed} were pushed by a "
        f"regulariser, each against a random push of the same strength), {told(predictor)} predicts it (ranks differently "
        "trained networks better than live units, training loss and margin do, whatever was varied), "
        f"{len(company)} keep it company (they correlate with it within a training), {len(nothing)} not even that."
    )
