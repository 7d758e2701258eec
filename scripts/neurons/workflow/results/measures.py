"""The study of measures: which neuron statistic tells anything about performance?"""

from functools import partial

from neurons.workflow.results.record import GRID, INTERVENE, Study, figure, table

STUDY = Study(
    name="measures",
    asks="Which of some twenty neuron statistics tells anything about performance: within a training, across networks, as a "
    "cause?",
    control="the accuracy of other seeds' networks (seed swap); live units, loss and margin; a sham push",
)
_RUN, _ALL = "{run}/measures", "paper/measures"
_intervention = partial(table, _ALL, number="Intervention", needs=(INTERVENE,))
_RANKED = ("tau", "granulated_tau", "conditional_information", "worst_sign_error", "worst_excess", "added_r2")


def _limited(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in names for end in ("", "_low", "_high"))


RESULTS = [
    table(
        _ALL,
        "ranking",
        "Ranking",
        "which measure ranks networks of many settings as their accuracy or gap does",
        (
            *("run", "measure", "target", *_limited(*_RANKED), "*"),
            *("worst_environment", "networks", "pairs", "noise", "note", "left_out"),
        ),
        needs=(GRID,),
    ),
    figure(
        _ALL,
        "ranking",
        "Ranking",
        "rank correlation of every measure with test accuracy, across networks",
        "measures.ranking",
        needs=(GRID,),
    ),
    _intervention(
        "intervention",
        title="accuracy by strength of a regulariser that pushes a measure, and its sham",
        columns=(
            *("run", "measure", "strength", "seeds", "value", "shift", "shift_sd", "moved", *_limited("change")),
            *("equivalence_p", "sham_change", *_limited("beyond_sham"), "left_out"),
        ),
    ),
    _intervention(
        "intervention_slopes",
        title="slope of accuracy on the measure that was pushed",
        columns=(
            *("run", "measure", "seeds", "moved", "span", *_limited("slope"), "slope_p", *_limited("effect")),
            *("equivalence_p", "sham_effect", *_limited("beyond_sham"), "beyond_at", "left_out", "note"),
        ),
    ),
    figure(
        _ALL,
        "intervention",
        "Intervention",
        "dose and response: accuracy against the measure that was pushed",
        "measures.dose_response",
        *("intervention_networks", "intervention_slopes"),
        needs=(INTERVENE,),
    ),
    _intervention(
        "intervention_networks",
        title="every network: what was pushed, how far it went, and its accuracy",
        columns=(
            *("run", "measure", "strength", "sham", "seed", "epoch", "value"),
            *("test_accuracy", "train_loss", "reached"),
        ),
        on_page=False,
    ),
    table(
        _RUN,
        "table1",
        "Table 1",
        "every measure against test accuracy and generalisation gap",
        (
            *("layer", "measure", "target", "own", "own_low", "own_high", "swapped", "own_minus_swapped"),
            *("swap_p", "swap_p_adjusted", "iterations", "seeds", "note"),
        ),
    ),
    figure(
        _RUN,
        "figure1",
        "Figure 1",
        "own and swapped correlation of every measure with test accuracy",
        "measures.forest",
        "table1",
    ),
]
