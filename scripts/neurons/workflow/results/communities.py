"""The communities study: tables and figures of "On the Evolution of Neuron Communities in a Deep Learning Architecture"."""

from neurons.workflow.results.record import BESIDE_CORRELATION, CORRELATION, SERIES, SWEEP, Result, Study

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
_ACCURACIES = ("running_accuracy", "train_accuracy", "test_accuracy")
_LAYER = ("layer", "layer_name")
_OVERLAP = ("seed", "iteration", *_LAYER, "matrix", "class_i", "class_j", "neurons")
_SIZES = (*_LAYER, "iteration", "seed", "vertices", "communities", "nodes_per_community", "louvain")
_SIZES += (*(f"community_{rank}" for rank in range(1, 9)), "pearson_running", "pearson_test", "pearson_train")
_MODULARITY, _ENTROPY = "modularity against accuracy", "entropy against accuracy"
_SERIES = "entropy and accuracy"


def _paper(number: int, title: str, columns: tuple[str, ...]) -> Result:
    """Return the table of all runs beside the published values, which the runs' own tables of that number make."""
    path = f"{_PAPER}/table{number}.csv"
    return Result(path, f"Table {number}", title, (*_BESIDE, *columns), sources=(f"{_RUN}/table{number}.csv",))


RESULTS = [
    _paper(
        1,
        "architecture and accuracy",
        (
            *_FACTS,
            *(f"{name}_percent" for name in _ACCURACIES),
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
    Result(
        f"{_PAPER}/figure1.csv",
        "Series",
        f"{_SERIES} beside the published series",
        ("run", "seeds", *SERIES, "*"),
        sources=(f"{_RUN}/figure1.csv",),
    ),
    Result(
        f"{_PAPER}/figure1.svg",
        "Figure 1",
        f"{_SERIES} of all runs",
        drawn_by="communities.series",
        sources=(f"{_PAPER}/figure1.csv",),
    ),
    Result(
        f"{_PAPER}/agreement.csv",
        "Agreement",
        "distance of every run to the published values, by its settings",
        (
            *_BESIDE,
            *("dropout", "optimizer", "batch_size", "top_neurons", "select_by", "seeds"),
            *("running_rms_points", "train_rms_points", "test_rms_points", "entropy_rms_bits"),
            *(
                f"table{table}_{name}"
                for table in ("2", "4", "4_layer1", "5", "6")
                for name in ("signs", "cells", "rms")
            ),
        ),
        sources=tuple(f"{_RUN}/{name}.csv" for name in ("table2", "table4", "table5", "table6", "figure1")),
    ),
    Result(
        "paper/sensitivity/table.csv",
        "Sensitivity",
        "Tables 4 and 5 by setting",
        ("factor", "value", "is_base", "run", "table", *_LAYER, "metric", "accuracy", "*"),
        needs=(SWEEP,),
    ),
    Result(
        "paper/sensitivity/figure.svg",
        "Sensitivity",
        "correlations by setting",
        needs=(SWEEP,),
        drawn_by="sensitivity.sensitivity",
        sources=("paper/sensitivity/table.csv",),
    ),
    Result(
        f"{_RUN}/table1.csv",
        "Table 1",
        "architecture and accuracy",
        (*_FACTS, *(column for name in _ACCURACIES for column in (name, f"{name}_sd"))),
    ),
    Result(f"{_RUN}/table2.csv", "Table 2", "neurons shared by classes", _OVERLAP, on_page=False),
    Result(f"{_RUN}/table3.csv", "Table 3", "community sizes", _SIZES),
    Result(
        f"{_RUN}/table3_correlation.csv",
        "Table 3",
        "vertices per community against accuracy",
        (*_LAYER, "metric", *CORRELATION),
    ),
    Result(f"{_RUN}/table4.csv", "Table 4", _MODULARITY, (*_LAYER, "metric", *CORRELATION)),
    Result(
        f"{_RUN}/table4_seeds.csv",
        "Table 4",
        f"{_MODULARITY} by seed",
        (*_LAYER, "metric", "accuracy", "seed", "pearson"),
        on_page=False,
    ),
    Result(f"{_RUN}/table5.csv", "Table 5", _ENTROPY, CORRELATION),
    Result(f"{_RUN}/table5_layers.csv", "Table 5", f"{_ENTROPY} by layer", (*_LAYER, "measure", *CORRELATION)),
    Result(f"{_RUN}/table6.csv", "Table 6", f"{_ENTROPY} by class", ("class", *CORRELATION)),
    Result(f"{_RUN}/figure1.csv", "Figure 1", _SERIES, ("seed", *SERIES), on_page=False),
    Result(f"{_RUN}/figure1.svg", "Figure 1", _SERIES, drawn_by="communities.series", sources=(f"{_RUN}/figure1.csv",)),
    Result(
        f"{_RUN}/class_entropy.csv",
        "Table 6",
        "entropy of each class by iteration",
        ("seed", "iteration", "class", "entropy_bits", "live_units", *_ACCURACIES),
        on_page=False,
    ),
    Result(
        f"{_RUN}/class_entropy.svg",
        "Table 6",
        "entropy of each class by iteration",
        drawn_by="communities.class_entropy",
        sources=(f"{_RUN}/class_entropy.csv",),
    ),
    Result(
        f"{_RUN}/overlap.svg",
        "Table 2",
        "neurons shared by classes",
        drawn_by="communities.overlap",
        sources=(f"{_RUN}/table2.csv",),
    ),
    Result(
        f"{_RUN}/graphs.csv",
        "Graphs",
        "their nodes, laid out",
        ("iteration", "layer", "neuron", "class", "name", "strength", "x", "y"),
        asked=False,
        on_page=False,
    ),
    Result(
        f"{_RUN}/graphs_edges.csv",
        "Graphs",
        "their heaviest edges",
        ("iteration", "layer", "a", "b", "weight"),
        asked=False,
        on_page=False,
    ),
    Result(
        f"{_RUN}/graphs.svg",
        "Graphs",
        "class communities, first and last iteration",
        drawn_by="communities.pattern_graphs",
        sources=(f"{_RUN}/graphs.csv", f"{_RUN}/graphs_edges.csv"),
    ),
    Result(f"{_GRAPHS}/{{first}}.gexf", "Graphs", "for Gephi, first iteration", on_page=False),
    Result(f"{_GRAPHS}/{{last}}.gexf", "Graphs", "for Gephi, last iteration", on_page=False),
]
