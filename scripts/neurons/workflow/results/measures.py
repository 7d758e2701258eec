"""The study of measures: which neuron statistic tells anything about performance?"""

from neurons.workflow.results.record import GRID, INTERVENE, Result, Study

STUDY = Study(
    name="measures",
    asks="Which of some twenty neuron statistics tells anything about performance: within a training, across networks, as a "
    "cause?",
    control="the accuracy of other seeds' networks (seed swap); live units, loss and margin; a sham push",
)
_RUN, _ALL = "{run}/measures", "paper/measures"
_RANKED = ("tau", "granulated_tau", "conditional_information", "worst_sign_error", "worst_excess", "added_r2")


def _limited(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in names for end in ("", "_low", "_high"))


RESULTS = [
    Result(
        f"{_ALL}/ranking.csv",
        "Ranking",
        "which measure ranks networks of many settings as their accuracy or gap does",
        (
            *("run", "measure", "target", *_limited(*_RANKED), "*"),
            *("worst_environment", "networks", "pairs", "noise", "note", "left_out"),
        ),
        needs=(GRID,),
    ),
    Result(
        f"{_ALL}/ranking.svg",
        "Ranking",
        "rank correlation of every measure with test accuracy, across networks",
        needs=(GRID,),
        drawn_by="measures.ranking",
        sources=(f"{_ALL}/ranking.csv",),
    ),
    Result(
        f"{_ALL}/intervention.csv",
        "Intervention",
        "accuracy by strength of a regulariser that pushes a measure, and its sham",
        (
            *("run", "measure", "strength", "seeds", "value", "shift", "shift_sd", "moved", *_limited("change")),
            *("equivalence_p", "sham_change", *_limited("beyond_sham"), "left_out"),
        ),
        needs=(INTERVENE,),
    ),
    Result(
        f"{_ALL}/intervention_slopes.csv",
        "Intervention",
        "slope of accuracy on the measure that was pushed",
        (
            *("run", "measure", "seeds", "moved", "span", *_limited("slope"), "slope_p", *_limited("effect")),
            *("equivalence_p", "sham_effect", *_limited("beyond_sham"), "beyond_at", "left_out", "note"),
        ),
        needs=(INTERVENE,),
    ),
    Result(
        f"{_ALL}/intervention.svg",
        "Intervention",
        "dose and response: accuracy against the measure that was pushed",
        needs=(INTERVENE,),
        drawn_by="measures.dose_response",
        sources=(f"{_ALL}/intervention_networks.csv", f"{_ALL}/intervention_slopes.csv"),
    ),
    Result(
        f"{_ALL}/intervention_networks.csv",
        "Intervention",
        "every network: what was pushed, how far it went, and its accuracy",
        (
            *("run", "measure", "strength", "sham", "seed", "epoch", "value"),
            *("test_accuracy", "train_loss", "reached"),
        ),
        needs=(INTERVENE,),
        on_page=False,
    ),
    Result(
        f"{_RUN}/table1.csv",
        "Table 1",
        "every measure against test accuracy and generalisation gap",
        (
            *("layer", "measure", "target", "own", "own_low", "own_high", "swapped", "own_minus_swapped"),
            *("swap_p", "swap_p_adjusted", "iterations", "seeds", "note"),
        ),
    ),
    Result(
        f"{_RUN}/figure1.svg",
        "Figure 1",
        "own and swapped correlation of every measure with test accuracy",
        drawn_by="measures.forest",
        sources=(f"{_RUN}/table1.csv",),
    ),
]
