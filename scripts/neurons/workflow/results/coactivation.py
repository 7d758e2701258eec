"""The co-activation study: tables and figures of "Towards Explaining Deep Neural Networks Through Graph Analysis"."""

from neurons.workflow.results.record import NETWORK, Result, Study

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


def _table(name: str, number: str, title: str, columns: tuple[str, ...], **more) -> Result:
    """Return a table that a figure is drawn from; the page shows the figure."""
    return Result(f"{_RUN}/{name}.csv", number, title, columns, on_page=False, **more)


def _seeds(name: str, number: str, title: str, columns: tuple[str, ...], needs: tuple[str, ...] = ()) -> Result:
    """Return the same table at the last iteration of every seed, one below the other."""
    path = f"{_ALL_SEEDS}/{name}_seeds.csv"
    return Result(path, number, f"{title}, all seeds", ("seed", *columns), needs, on_page=False)


def _figure(name: str, number: str, title: str, drawn_by: str, *sources: str, **more) -> Result:
    paths = tuple(f"{_RUN}/{source}.csv" for source in sources or (name,))
    return Result(f"{_RUN}/{name}.svg", number, title, drawn_by=f"coactivation.{drawn_by}", sources=paths, **more)


RESULTS = [
    Result(
        f"{_PAPER}/table1.csv",
        "Table 1",
        _COMMUNITIES,
        ("dataset", "source", "run", "community", "classes", "modularity", "neurons", *_LOUVAIN),
        needs=(NETWORK,),
        sources=(f"{_RUN}/table1.csv",),
    ),
    Result(
        f"{_PAPER}/figures.csv",
        "Figures 2, 3",
        "what the text quotes",
        ("run", "dataset", "figure", "quantity", "value", "published", "difference"),
        needs=(NETWORK,),
        sources=(f"{_RUN}/figure2_shares.csv", f"{_RUN}/figure3_thresholds.csv"),
    ),
    Result(
        f"{_PAPER}/readings.csv",
        "Readings",
        "on request: Table 1 and Figure 3 of every seed and iteration, by the reading of the graph",
        (
            *(
                "run",
                "dataset",
                "class_value",
                "edges",
                "threshold",
                "neighbour_threshold",
                "seed",
                "iteration",
                "epoch",
            ),
            *("test_accuracy", "communities", "partition", "modularity", "modularity_mean", "published_modularity"),
            *("rand_index", "figure3_pearson", "published_figure3_pearson"),
        ),
        needs=(NETWORK,),
        asked=False,
        sources=(f"{_RUN}/table1.csv", f"{_RUN}/figure3_thresholds.csv"),
    ),
    Result(f"{_RUN}/graph.h5", "Graph", "[correlations](docs/coactivation.md) of all pairs of layers", on_page=False),
    Result(f"{_RUN}/graph.graphml", "Graph", "for Gephi and others", on_page=False),
    Result(f"{_RUN}/graph.gexf", "Graph", "for Gephi", on_page=False),
    Result(
        f"{_RUN}/table1.csv",
        "Table 1",
        _COMMUNITIES,
        _TABLE1,
    ),
    Result(
        f"{_RUN}/overlapping.csv",
        "Overlapping",
        "communities of links, of which a class may be in several",
        ("community", "class", "name", "share", "neurons", "modularity", "louvain_runs", "links", "links_found"),
    ),
    _table(
        "figure1",
        "Figure 1",
        "the nodes of the graph drawn",
        ("node", "layer", "kind", "neuron", "community", "strength", "x", "y"),
        asked=False,
    ),
    _table("figure1_edges", "Figure 1", "its heaviest edges", ("a", "b", "weight"), asked=False),
    _figure(
        "figure1",
        "Figure 1",
        "the co-activation graph",
        "graph",
        *("figure1", "figure1_edges"),
        settings=("coactivation.threshold",),
    ),
    _table(
        "figure2",
        "Figure 2",
        "what each class's top k neurons make the network predict",
        ("k", "class", "name", "predicted", "predicted_name", "probability", "right"),
        needs=(NETWORK,),
    ),
    _table(
        "figure2_shares",
        "Figure 2",
        "share of classes predicted",
        _SHARES,
        needs=(NETWORK,),
    ),
    _table(
        "figure2_controls",
        "Figure 2",
        "the share for other choices of neurons",
        _CONTROLS,
        needs=(NETWORK,),
    ),
    _figure(
        "figure2",
        "Figure 2",
        "top k neurons activated",
        "top_neurons",
        *("figure2", "figure2_shares", "figure2_controls"),
        needs=(NETWORK,),
    ),
    _table(
        "figure3",
        "Figure 3",
        _SIMILARITY,
        (
            *("neighbour_threshold", "class_i", "class_j", "name_i", "name_j", "neighbours_i", "neighbours_j"),
            *("jaccard", "mistakes", "drawn"),
        ),
    ),
    _table(
        "figure3_thresholds",
        "Figure 3",
        "their correlation by threshold",
        ("neighbour_threshold", "pearson", "spearman", "pairs", "mean_neighbours", "note", "drawn"),
    ),
    _figure("figure3", "Figure 3", "similarity and mistakes", "similarity", *("figure3", "figure3_thresholds")),
    _table("figure4", "Figure 4", _STRONGEST, _PATCHES, needs=(NETWORK,)),
    _figure("figure4", "Figure 4", _STRONGEST, "strongest_neurons", needs=(NETWORK,)),
    _table("figure5", "Figure 5", _SHARED, _PATCHES, needs=(NETWORK,)),
    _figure(
        "figure5",
        "Figure 5",
        _SHARED,
        "shared_neurons",
        needs=(NETWORK,),
        settings=("coactivation.neighbour_threshold",),
    ),
    Result(
        f"{_ALL_SEEDS}/figure3_tests.csv",
        "Figure 3",
        "Mantel's tests over all seeds, and their controls",
        ("test", "value", "value_low", "value_high", "p", "pairs", "seeds", "note"),
    ),
    _seeds("table1", "Table 1", _COMMUNITIES, _TABLE1),
    _seeds("stability", "Stability", "classes in one community", _STABILITY),
    _seeds("figure2_shares", "Figure 2", "share of classes predicted", _SHARES, (NETWORK,)),
    _seeds("figure2_controls", "Figure 2", "the share for other choices of neurons", _CONTROLS, (NETWORK,)),
    Result(
        f"{_RUN}/centrality.csv",
        "Centrality",
        "of every hidden neuron",
        ("layer", "kind", "neuron", "live", "degree", "strength", "betweenness"),
    ),
    _table(
        "silencing",
        "Silencing",
        "accuracy lost",
        ("choice", "share", "neurons", "repeat", "accuracy", "accuracy_lost"),
        needs=(NETWORK,),
    ),
    _figure("silencing", "Silencing", "accuracy lost", "silencing", needs=(NETWORK,)),
    _table(
        "stability",
        "Stability",
        "classes in one community",
        _STABILITY,
    ),
    _figure("stability", "Stability", "classes in one community", "stability", *("stability", "table1")),
]
