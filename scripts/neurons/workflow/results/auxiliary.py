"""The auxiliary study: tables and figures of "Leveraging Neuron Activation Patterns"."""

from neurons.workflow.results.record import BESIDE_CORRELATION, CORRELATION, NETWORK, SERIES, Result, Study

STUDY = Study(
    name="auxiliary",
    asks="Can the activation probabilities of a trained model raise its accuracy, or tell its wrong predictions?",
    control="the same auxiliary model without the activations; the softmax's own scores",
    headline=("paper/auxiliary/table2.md",),
    paper="Leveraging Neuron Activation Patterns to Explain and Improve Deep Learning Classifiers",
    authors="anonymous, under review",
)
_RUN, _PAPER = "{run}/auxiliary", "paper/auxiliary"
_ENTROPY, _SERIES = "entropy against accuracy", "entropy and accuracy"
_PERCENT = ("run", "dataset", "model", "iteration", "split", "column", "layers", "percent", "seeds")
_PERCENT += ("published_percent", "difference")
_POINTS = tuple(
    f"{name}{limit}" for name in ("auxiliary_points", "control_points", "difference") for limit in ("", "_low", "_high")
)
_SCORES = ("seed", "iteration", "layers", "score")


def _paper(number: int, title: str, *sources: str) -> Result:
    """Return the table of all runs in percent beside the published values, and what of every run makes it."""
    path = f"{_PAPER}/table{number}.csv"
    return Result(path, f"Table {number}", title, _PERCENT, sources=tuple(f"{_RUN}/{name}.csv" for name in sources))


RESULTS = [
    Result(
        f"{_PAPER}/table1.csv",
        "Table 1",
        _ENTROPY,
        ("run", "dataset", *CORRELATION, *BESIDE_CORRELATION),
        sources=(f"{_RUN}/table1.csv",),
    ),
    _paper(2, "five methods", "table2", "table4"),
    _paper(3, "five methods, several models", "table2", "table4"),
    _paper(4, "last two layers against the last", "table4", "table4_correlation"),
    *(
        Result(
            f"{_PAPER}/table{number}_improvement.csv",
            f"Table {number}",
            "average improvement",
            ("run", "split", "column", "points", "published_points"),
            on_page=False,
        )
        for number in range(1, 5)
    ),
    Result(f"{_RUN}/table1.csv", "Table 1", _ENTROPY, CORRELATION),
    Result(
        f"{_RUN}/table2.csv",
        "Table 2",
        "five methods per iteration",
        ("seed", "iteration", "layers", "*", "epoch", "running_accuracy"),
    ),
    Result(
        f"{_RUN}/improvement.csv",
        "Table 2",
        "average improvement",
        ("layers", "split", *_POINTS, "iterations", "seeds"),
    ),
    Result(f"{_RUN}/table4.csv", "Table 4", "last two layers against the last", ("seed", "iteration", "*")),
    Result(
        f"{_RUN}/table4_correlation.csv",
        "Table 4",
        "correlation between layer choices",
        ("layers_a", "layers_b", "split", "pearson", "iterations", "seeds", "note"),
    ),
    Result(f"{_RUN}/figure2.csv", "Figure 2", _SERIES, ("seed", *SERIES), on_page=False),
    Result(f"{_RUN}/figure2.svg", "Figure 2", _SERIES, drawn_by="communities.series", sources=(f"{_RUN}/figure2.csv",)),
    Result(
        f"{_RUN}/confidence.csv",
        "Confidence",
        "scores that find wrong predictions",
        (*_SCORES, "auroc", "risk_at_80", "risk_at_95", "error_rate", "samples"),
    ),
    Result(
        f"{_RUN}/risk_coverage.csv",
        "Confidence",
        "risk against coverage",
        (*_SCORES, "coverage", "risk"),
        on_page=False,
    ),
    Result(
        f"{_RUN}/risk_coverage.svg",
        "Confidence",
        "risk against coverage",
        drawn_by="auxiliary.risk_coverage",
        sources=(f"{_RUN}/risk_coverage.csv",),
    ),
    Result(
        f"{_RUN}/boosted.pt",
        "Boosted model",
        "the model with its auxiliary network, [to apply](docs/models.md)",
        needs=(NETWORK,),
        on_page=False,
    ),
]
