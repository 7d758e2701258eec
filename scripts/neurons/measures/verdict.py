"""One word per measure from the three tables: cause, predictor, company, or nothing."""

from collections.abc import Collection

import pandas as pd

from neurons.core.formats import named
from neurons.measures.dose_response import REGULARISED, strength_beyond
from neurons.measures.names import column_of

WORDS = ("cause", "predictor", "company", "nothing")


def _excludes_zero(row: pd.Series, name: str) -> bool:
    return bool(row[f"{name}_low"] > 0 or row[f"{name}_high"] < 0)


def is_cause(row: pd.Series, sign: float) -> bool:
    """Tell whether moving the measure moves accuracy with the claimed sign, and beyond the sham (a slope table's row).

    In the slope, and at some single strength.
    """
    excluding = all(_excludes_zero(row, name) for name in ("effect", "beyond_sham"))
    holds = row["moved"] and bool(strength_beyond(row)) and excluding
    return bool(holds and row["effect"] * sign > 0 and row["beyond_sham"] * sign > 0)


def is_predictor(row: pd.Series) -> bool:
    """Tell whether the measure ranks networks better than every baseline in every environment (a ranking's row)."""
    return bool(row["worst_excess"] < 0)


def of_runs(table: pd.DataFrame, runs: Collection[str]) -> pd.DataFrame:
    """Return a table's rows of some runs; an empty table as it is."""
    return table[table["run"].isin(runs)] if len(table) else table


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
    ranked = ranking[ranking["target"] == "test_accuracy"].set_index("measure") if len(ranking) else None
    pushed = {REGULARISED.get(row["measure"], row["measure"]): row for _, row in slopes.iterrows()}
    rows = []
    for _, own in within[within["target"] == "test_accuracy"].iterrows():
        name, layer = own["measure"], own["layer"]
        column = column_of(name, layer)
        in_ranking, tested = ranked is not None and column in ranked.index, [1] if pd.notna(own["own_low"]) else []
        word = "company" if _excludes_zero(own, "own") else "nothing"
        if in_ranking and pd.notna(ranked.loc[column, "worst_excess"]):
            tested.append(2)
            word = "predictor" if is_predictor(ranked.loc[column]) else word
        if name in pushed and pushed[name]["moved"]:
            tested.append(3)
            word = "cause" if is_cause(pushed[name], own["own"]) else word
        if tested:
            rows.append((name, layer, word, " ".join(map(str, tested))))
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
