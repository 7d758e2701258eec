"""The co-activation study: tables and figures of "Towards Explaining Deep Neural Networks Through Graph Analysis"."""

from functools import partial

from neurons.workflow.results.record import NETWORK, Result, Study, figure, table

STUDY = Study(
    name="coactivation",
    asks="What does the graph of correlations between pixels, neurons and classes show of a trained network?",
    control="repeated Louvain runs; silencing random neurons",
    headline=("paper/coactivation/table1.md",),
    paper="Towards Explaining Deep Neural Networks Through Graph Analysis",
    authors="Horta and Mileo",
)
_RUN, _ALL_SEEDS, _PAPER = "{run}/{where}", "{run}/coactivation", "paper/coactivation"
_COMMUNITIES, _SIMILARITY = "communities of classes", "similarity of classes and the mistakes between them"
_STRONGEST, _SHARED = "each class's strongest neuron", "neurons that classes share"
_LOUVAIN = ("modularity_mean", "modularity_sd", "louvain_runs", "strays")
_TABLE1 = ("community", "classes", "neurons", "modularity", *_LOUVAIN)
_STABILITY = ("class_i", "class_j", "name_i", "name_j", "share_of_runs")
_SHARES = ("layer", "k", "classes_right", "share_right", "all_right", "smallest")
_CONTROLS = ("choice", "draw", "k", "share_right")
_PATCHES = ("panel", "layer", "neuron", "classes", "correlations", "row", "column", "channel", "pixel_correlation")


_table, _figure = partial(table, _RUN), partial(figure, _RUN)
_drawn = partial(_table, on_page=False)  # a table that a figure is drawn from; the page shows the figure


def _seeds(name: str, number: str, title: str, columns: tuple[str, ...], **more) -> Result:
    """Return the same table at the last iteration of every seed, one below the other."""
    columns = ("seed", *columns)
    return table(_ALL_SEEDS, f"{name}_seeds", number, f"{title}, all seeds", columns, on_page=False, **more)


RESULTS = [
    table(
        _PAPER,
        "table1",
        "Table 1",
        _COMMUNITIES,
        ("dataset", "source", "run", "community", "classes", "modularity", "neurons", *_LOUVAIN),
        needs=(NETWORK,),
        sources=(f"{_RUN}/table1.csv",),
    ),
    table(
        _PAPER,
        "figures",
        "Figures 2, 3",
        "what the text quotes",
        ("run", "dataset", "figure", "quantity", "value", "published", "difference"),
        needs=(NETWORK,),
        sources=(f"{_RUN}/figure2_shares.csv", f"{_RUN}/figure3_thresholds.csv"),
    ),
    table(
        _PAPER,
        "readings",
        "Readings",
        "on request: Table 1 and Figure 3 of every seed and iteration, by the reading of the graph",
        (
            *("run", "dataset", "class_value", "edges", "threshold", "neighbour_threshold", "seed", "iteration"),
            *("epoch", "test_accuracy", "communities", "partition", "modularity", "modularity_mean"),
            *("published_modularity", "rand_index", "figure3_pearson", "published_figure3_pearson"),
        ),
        needs=(NETWORK,),
        asked=False,
        sources=(f"{_RUN}/table1.csv", f"{_RUN}/figure3_thresholds.csv"),
    ),
    Result(f"{_RUN}/graph.h5", "Graph", "[correlations](docs/coactivation.md) of all pairs of layers", on_page=False),
    Result(f"{_RUN}/graph.graphml", "Graph", "for Gephi and others", on_page=False),
    Result(f"{_RUN}/graph.gexf", "Graph", "for Gephi", on_page=False),
    _table("table1", "Table 1", _COMMUNITIES, _TABLE1),
    _table(
        "overlapping",
        "Overlapping",
        "communities of links, of which a class may be in several",
        ("community", "class", "name", "share", "neurons", "modularity", "louvain_runs", "links", "links_found"),
    ),
    _drawn(
        "figure1",
        "Figure 1",
        "the nodes of the graph drawn",
        ("node", "layer", "kind", "neuron", "community", "strength", "x", "y"),
        asked=False,
    ),
    _drawn("figure1_edges", "Figure 1", "its heaviest edges", ("a", "b", "weight"), asked=False),
    _figure(
        "figure1",
        "Figure 1",
        "the co-activation graph",
        "coactivation.graph",
        *("figure1", "figure1_edges"),
        settings=("coactivation.threshold",),
    ),
    _drawn(
        "figure2",
        "Figure 2",
        "what each class's top k neurons make the network predict",
        ("k", "class", "name", "predicted", "predicted_name", "probability", "right"),
        needs=(NETWORK,),
    ),
    _drawn("figure2_shares", "Figure 2", "share of classes predicted", _SHARES, needs=(NETWORK,)),
    _drawn("figure2_controls", "Figure 2", "the share for other choices of neurons", _CONTROLS, needs=(NETWORK,)),
    _figure(
        "figure2",
        "Figure 2",
        "top k neurons activated",
        "coactivation.top_neurons",
        *("figure2", "figure2_shares", "figure2_controls"),
        needs=(NETWORK,),
    ),
    _drawn(
        "figure3",
        "Figure 3",
        _SIMILARITY,
        (
            *("neighbour_threshold", "class_i", "class_j", "name_i", "name_j", "neighbours_i", "neighbours_j"),
            *("jaccard", "mistakes", "drawn"),
        ),
    ),
    _drawn(
        "figure3_thresholds",
        "Figure 3",
        "their correlation by threshold",
        ("neighbour_threshold", "pearson", "spearman", "pairs", "mean_neighbours", "note", "drawn"),
    ),
    _figure(
        "figure3", "Figure 3", "similarity and mistakes", "coactivation.similarity", "figure3", "figure3_thresholds"
    ),
    _drawn("figure4", "Figure 4", _STRONGEST, _PATCHES, needs=(NETWORK,)),
    _figure("figure4", "Figure 4", _STRONGEST, "coactivation.strongest_neurons", needs=(NETWORK,)),
    _drawn("figure5", "Figure 5", _SHARED, _PATCHES, needs=(NETWORK,)),
    _figure(
        "figure5",
        "Figure 5",
        _SHARED,
        "coactivation.shared_neurons",
        needs=(NETWORK,),
        settings=("coactivation.neighbour_threshold",),
    ),
    table(
        _ALL_SEEDS,
        "figure3_tests",
        "Figure 3",
        "Mantel's tests over all seeds, and their controls",
        ("test", "value", "value_low", "value_high", "p", "pairs", "seeds", "note"),
    ),
    _seeds("table1", "Table 1", _COMMUNITIES, _TABLE1),
    _seeds("stability", "Stability", "classes in one community", _STABILITY),
    _seeds("figure2_shares", "Figure 2", "share of classes predicted", _SHARES, needs=(NETWORK,)),
    _seeds("figure2_controls", "Figure 2", "the share for other choices of neurons", _CONTROLS, needs=(NETWORK,)),
    _table(
        "centrality",
        "Centrality",
        "of every hidden neuron",
        ("layer", "kind", "neuron", "live", "degree", "strength", "betweenness"),
    ),
    _drawn(
        "silencing",
        "Silencing",
        "accuracy lost",
        ("choice", "share", "neurons", "repeat", "accuracy", "accuracy_lost"),
        needs=(NETWORK,),
    ),
    _figure("silencing", "Silencing", "accuracy lost", "coactivation.silencing", needs=(NETWORK,)),
    _drawn("stability", "Stability", "classes in one community", _STABILITY),
    _figure("stability", "Stability", "classes in one community", "coactivation.stability", "stability", "table1"),
]
