"""The communities study: tables and figures of "On the Evolution of Neuron Communities in a Deep Learning Architecture"."""

from functools import partial

from neurons.workflow.results.record import (
    ACCURACIES,
    BESIDE_CORRELATION,
    CORRELATION,
    SERIES,
    SWEEP,
    Result,
    Study,
    figure,
    table,
)

STUDY = Study(
    name="communities",
    asks="Do neurons that fire together form class communities, and do modularity and entropy follow accuracy?",
    control="the same correlation with the accuracy of other seeds' networks (seed swap): both series drift with training",
    headline=("paper/communities/table4.md", "paper/communities/table5.md"),
    paper="On the Evolution of Neuron Communities in a Deep Learning Architecture",
    authors="Mostafa and Mondal, 2021",
)
_RUN, _PAPER = "{run}/communities", "paper/communities"
_GRAPHS = "{run}/seed-{seed}/graphs"
_BESIDE = ("run", "dataset")
_FACTS = ("image_size", "labels", "hidden_layers", "output_layer", "epochs", "iterations", "seeds")
_LAYER = ("layer", "layer_name")
_OVERLAP = ("seed", "iteration", *_LAYER, "matrix", "class_i", "class_j", "neurons")
_SIZES = (*_LAYER, "iteration", "seed", "vertices", "communities", "nodes_per_community", "louvain")
_SIZES += (*(f"community_{rank}" for rank in range(1, 9)), "pearson_running", "pearson_test", "pearson_train")
_MODULARITY, _ENTROPY = "modularity against accuracy", "entropy against accuracy"
_SERIES = "entropy and accuracy"
_table, _figure = partial(table, _RUN), partial(figure, _RUN)


def _paper(number: int, title: str, columns: tuple[str, ...]) -> Result:
    """Return the table of all runs beside the published values, which the runs' own tables of that number make."""
    name = f"table{number}"
    return table(_PAPER, name, f"Table {number}", title, (*_BESIDE, *columns), sources=(f"{_RUN}/{name}.csv",))


RESULTS = [
    _paper(
        1,
        "architecture and accuracy",
        (
            *_FACTS,
            *(f"{name}_percent" for name in ACCURACIES),
            *(
                f"{kind}_{name}_accuracy_percent"
                for kind in ("published", "difference")
                for name in ("running", "test")
            ),
        ),
    ),
    _paper(2, "neurons shared by classes", (*_OVERLAP, "published_neurons", "difference_neurons")),
    _paper(3, "community sizes", _SIZES),
    _paper(4, _MODULARITY, (*_LAYER, "metric", *CORRELATION, *BESIDE_CORRELATION)),
    _paper(5, _ENTROPY, (*CORRELATION, *BESIDE_CORRELATION)),
    _paper(6, f"{_ENTROPY} by class", ("class", *CORRELATION, *BESIDE_CORRELATION)),
    table(
        _PAPER,
        "figure1",
        "Series",
        f"{_SERIES} beside the published series",
        ("run", "seeds", *SERIES, "*"),
        sources=(f"{_RUN}/figure1.csv",),
    ),
    figure(_PAPER, "figure1", "Figure 1", f"{_SERIES} of all runs", "communities.series"),
    table(
        _PAPER,
        "agreement",
        "Agreement",
        "distance of every run to the published values, by its settings",
        (
            *_BESIDE,
            *("dropout", "optimizer", "batch_size", "top_neurons", "select_by", "seeds"),
            *("running_rms_points", "train_rms_points", "test_rms_points", "entropy_rms_bits"),
            *(
                f"table{number}_{name}"
                for number in ("2", "4", "4_layer1", "5", "6")
                for name in ("signs", "cells", "rms")
            ),
        ),
        sources=tuple(f"{_RUN}/{name}.csv" for name in ("table2", "table4", "table5", "table6", "figure1")),
    ),
    table(
        "paper/sensitivity",
        "table",
        "Sensitivity",
        "Tables 4 and 5 by setting",
        ("factor", "value", "is_base", "run", "table", *_LAYER, "metric", "accuracy", "*"),
        needs=(SWEEP,),
    ),
    figure(
        "paper/sensitivity",
        "figure",
        "Sensitivity",
        "correlations by setting",
        "sensitivity.sensitivity",
        "table",
        needs=(SWEEP,),
    ),
    _table(
        "table1",
        "Table 1",
        "architecture and accuracy",
        (*_FACTS, *(column for name in ACCURACIES for column in (name, f"{name}_sd"))),
    ),
    _table("table2", "Table 2", "neurons shared by classes", _OVERLAP, on_page=False),
    _table("table3", "Table 3", "community sizes", _SIZES),
    _table(
        "table3_correlation", "Table 3", "vertices per community against accuracy", (*_LAYER, "metric", *CORRELATION)
    ),
    _table("table4", "Table 4", _MODULARITY, (*_LAYER, "metric", *CORRELATION)),
    _table(
        "table4_seeds",
        "Table 4",
        f"{_MODULARITY} by seed",
        (*_LAYER, "metric", "accuracy", "seed", "pearson"),
        on_page=False,
    ),
    _table("table5", "Table 5", _ENTROPY, CORRELATION),
    _table("table5_layers", "Table 5", f"{_ENTROPY} by layer", (*_LAYER, "measure", *CORRELATION)),
    _table("table6", "Table 6", f"{_ENTROPY} by class", ("class", *CORRELATION)),
    _table("figure1", "Figure 1", _SERIES, ("seed", *SERIES), on_page=False),
    _figure("figure1", "Figure 1", _SERIES, "communities.series"),
    _table(
        "class_entropy",
        "Table 6",
        "entropy of each class by iteration",
        ("seed", "iteration", "class", "entropy_bits", "live_units", *ACCURACIES),
        on_page=False,
    ),
    _figure("class_entropy", "Table 6", "entropy of each class by iteration", "communities.class_entropy"),
    _figure("overlap", "Table 2", "neurons shared by classes", "communities.overlap", "table2"),
    _table(
        "graphs",
        "Graphs",
        "their nodes, laid out",
        ("iteration", "layer", "neuron", "class", "name", "strength", "x", "y"),
        asked=False,
        on_page=False,
    ),
    _table(
        "graphs_edges",
        "Graphs",
        "their heaviest edges",
        ("iteration", "layer", "a", "b", "weight"),
        asked=False,
        on_page=False,
    ),
    _figure(
        "graphs",
        "Graphs",
        "class communities, first and last iteration",
        "communities.pattern_graphs",
        *("graphs", "graphs_edges"),
    ),
    Result(f"{_GRAPHS}/{{first}}.gexf", "Graphs", "for Gephi, first iteration", on_page=False),
    Result(f"{_GRAPHS}/{{last}}.gexf", "Graphs", "for Gephi, last iteration", on_page=False),
]
