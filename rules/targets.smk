# What the default target makes: the results of every run in its studies.
COMMUNITY_TABLES = range(1, 7)
AUXILIARY_TABLES = range(1, 5)


def study_runs(study):
    return [name for name, run in RUNS.items() if study in run["studies"]]


def published_names(study):
    return {name: RUNS[name].get("published", name) for name in study_runs(study)}


def published_models(study):
    """The published data set and the paper's word for the model, by run: what a run is set beside."""
    return {name: [published, model_kind(RUNS[name]["model"])] for name, published in published_names(study).items()}


def auxiliary_results(run):
    """All tables and figures of the auxiliary study for one run; an imported run has no model to boost."""
    names = [
        "table1.csv",
        "table2.csv",
        "table4.csv",
        "figure2.svg",
        "confidence.csv",
    ] + (["boosted.pt"] if run in DUMPED else [])
    return [f"results/{run}/auxiliary/{name}" for name in names]


def networks(study):
    """The published names of the runs of a study that have a network of their own, by run name."""
    names = published_names(study)
    return {run: name for run, name in names.items() if run in DUMPED}


def coactivation_input(path):
    """`path` of every network of the co-activation study, at its first seed."""
    return [path.format(run=run, dumped=dumped_as(run), seed=RUNS[run]["seeds"][0]) for run in networks("coactivation")]


def community_results(run):
    """All tables and figures of the communities study for one run."""
    folder = f"results/{run}/communities"
    names = [f"table{n}.csv" for n in COMMUNITY_TABLES] + [
        "figure1.svg",
        "overlap.svg",
        "graphs.svg",
    ]
    first_seed = RUNS[run]["seeds"][0]
    gexf = [f"results/{run}/seed-{first_seed}/graphs/{iteration}.gexf" for iteration in ends(run)]
    return [f"{folder}/{name}" for name in names] + gexf


def coactivation_results(run):
    """All tables, figures and graphs of the co-activation study for one run; an imported one has no network to run."""
    names = ["graph.h5", "graph.graphml", "graph.gexf", "table1.csv", "figure3.svg"]
    names.append("centrality.csv")
    if run in DUMPED:
        names += ["figure2.svg", "figure4.svg", "silencing.svg"]
    return [f"results/{run}/coactivation/{name}" for name in names]


def swept_runs(table):
    """The runs of the sweep that can move a table of the communities study."""
    return list(dict.fromkeys(run for factor, _, run in SWEPT if table in tables_of(factor)))


def all_results():
    """The results of every run in its studies, of every study with all its runs, and of the sweep."""
    paper = {
        "communities": collect("results/paper/communities/table{n}.csv", n=COMMUNITY_TABLES)
        + ["results/paper/communities/figure1.svg"],
        "auxiliary": collect("results/paper/auxiliary/table{n}.csv", n=AUXILIARY_TABLES),
        "coactivation": ["results/paper/coactivation/table1.csv"] if networks("coactivation") else [],
    }
    own = {"communities": community_results, "auxiliary": auxiliary_results, "coactivation": coactivation_results}
    return [
        path
        for study in own
        if study_runs(study)
        for paths in [*map(own[study], study_runs(study)), paper[study]]
        for path in paths
    ] + (["results/paper/sensitivity/table.csv"] if SWEPT else [])
