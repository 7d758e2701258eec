"""The study of measures: which neuron statistic tells anything about performance?"""

from neurons.workflow.results.record import Result, Study

STUDY = Study(
    name="measures",
    asks="Which of some twenty neuron statistics goes with performance within a training?",
    control="the same correlation with the accuracy of other seeds' networks (seed swap)",
)
_RUN = "{run}/measures"

RESULTS = [
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
