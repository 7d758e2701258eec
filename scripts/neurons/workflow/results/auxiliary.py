"""The auxiliary study: tables and figures of "Leveraging Neuron Activation Patterns"."""

from functools import partial

from neurons.workflow.results.record import (
    BESIDE_CORRELATION,
    CORRELATION,
    NETWORK,
    SERIES,
    Result,
    Study,
    figure,
    table,
)

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
_table, _figure = partial(table, _RUN), partial(figure, _RUN)


def _paper(number: int, title: str, *sources: str, columns: tuple[str, ...] = _PERCENT) -> Result:
    """Return the table of all runs beside the published values, and what of every run makes it."""
    paths = tuple(f"{_RUN}/{name}.csv" for name in sources)
    return table(_PAPER, f"table{number}", f"Table {number}", title, columns, sources=paths)


RESULTS = [
    _paper(1, _ENTROPY, "table1", columns=("run", "dataset", *CORRELATION, *BESIDE_CORRELATION)),
    _paper(2, "five methods", "table2", "table4"),
    _paper(3, "five methods, several models", "table2", "table4"),
    _paper(4, "last two layers against the last", "table4", "table4_correlation"),
    *(
        table(
            _PAPER,
            f"table{number}_improvement",
            f"Table {number}",
            "average improvement",
            ("run", "split", "column", "points", "published_points"),
            on_page=False,
        )
        for number in range(1, 5)
    ),
    _table("table1", "Table 1", _ENTROPY, CORRELATION),
    _table(
        "table2",
        "Table 2",
        "five methods per iteration",
        ("seed", "iteration", "layers", "*", "epoch", "running_accuracy"),
    ),
    _table("improvement", "Table 2", "average improvement", ("layers", "split", *_POINTS, "iterations", "seeds")),
    _table("table4", "Table 4", "last two layers against the last", ("seed", "iteration", "*")),
    _table(
        "table4_correlation",
        "Table 4",
        "correlation between layer choices",
        ("layers_a", "layers_b", "split", "pearson", "iterations", "seeds", "note"),
    ),
    _table("figure2", "Figure 2", _SERIES, ("seed", *SERIES), on_page=False),
    _figure("figure2", "Figure 2", _SERIES, "communities.series"),
    _table(
        "confidence",
        "Confidence",
        "scores that find wrong predictions",
        (*_SCORES, "auroc", "risk_at_80", "risk_at_95", "error_rate", "samples"),
    ),
    _table("risk_coverage", "Confidence", "risk against coverage", (*_SCORES, "coverage", "risk"), on_page=False),
    _figure("risk_coverage", "Confidence", "risk against coverage", "auxiliary.risk_coverage"),
    Result(
        f"{_RUN}/boosted.pt",
        "Boosted model",
        "the model with its auxiliary network, [to apply](docs/models.md)",
        needs=(NETWORK,),
        on_page=False,
    ),
]
