# Inputs of what covers all runs: comparisons with the papers, sweeps, the default target; and of figures.
ASKED = [f"results/{path}" for path in registry.asked_for(RUNS, config.get("sweep", ()))]
FIGURES = [record for record in registry.RESULTS.values() if record.drawn_by]


def in_runs(path, source):
    """The file `source` of every run that takes part in the comparison `path` of all runs."""
    record = registry.RESULTS[path]
    names = registry.runs_of(record.study, RUNS, *record.needs)
    return [f"results/{registry.place(source, name, RUNS[name])}" for name in names]


def of_runs(path, number=0):
    """The `number`th source of the comparison `path`, of every run that takes part; none if it has no such source."""
    return [file for source in registry.RESULTS[path].sources[number : number + 1] for file in in_runs(path, source)]


def published_labels(study, *needs, model=False):
    """The published data set (and kind of model) that each run of a study is set beside, by run."""
    return {
        name: {"dataset": RUNS[name].get("published", name)}
        | ({"model": model_kind(RUNS[name]["model"])} if model else {})
        for name in registry.runs_of(study, RUNS, *needs)
    }


def coactivation_graphs():
    """Every co-activation graph of the runs with a network: its run, seed and iteration, and how it is read."""
    keys = ("class_value", "edges", "threshold", "neighbour_threshold")
    return [
        {
            "run": name,
            **labels,
            **{key: RUNS[name]["coactivation"][key] for key in keys},
            "seed": seed,
            "iteration": int(i),
        }
        for name, labels in published_labels("coactivation", "network").items()
        for seed in RUNS[name]["seeds"]
        for i in iterations(name)
    ]


def of_graphs(path):
    """The file `path` of every co-activation graph, in the order of `coactivation_graphs`."""
    return [
        path.format(
            dumped=dumped_as(one["run"]), where=f"seed-{one['seed']}/coactivation/{one['iteration']:02d}", **one
        )
        for one in coactivation_graphs()
    ]


def settings_of(study):
    """Of each run of a study: how its graphs and, where it was trained here, its network were made."""
    return {
        name: {key: RUNS[name][key] for key in ("graph", "seeds", *(("model", "training") if name in TRAINED else ()))}
        for name in registry.runs_of(study, RUNS)
    }


def asked(study):
    """What the default target makes of a study."""
    return [f"results/{path}" for path in registry.asked_for(RUNS, config.get("sweep", ()), [study])]


def swept_runs(table):
    """The runs of the sweep that can move a table of the communities study."""
    return list(dict.fromkeys(run for factor, _, run in SWEPT if table in tables_of(factor)))


def part_of(wildcards):
    """A params function: the networks of a part of the wildcards' grid or intervention."""
    networks = parts(trials_of(config, wildcards.trials, wildcards.run))
    if int(wildcards.part) >= len(networks):
        sys.exit(
            f"error: results/{wildcards.run}/{wildcards.trials}/{wildcards.part}.csv: the configuration's sweep makes "
            f"{len(networks)} parts of '{wildcards.trials}', counted from 00"
        )
    return networks[int(wildcards.part)]


def trial_parts(kind):
    """The tables of all parts of a sweep's grid or intervention, by base."""
    counts = {run: len(parts(trials_of(config, kind, run))) for run in TRIAL_BASES}
    return {run: [f"results/{run}/{kind}/{part:02d}.csv" for part in range(n)] for run, n in counts.items() if n}


def figure_of(wildcards):
    """The record of a figure, and the name of its run (none of all runs together) with the other wildcards."""
    record, names = registry.find(f"{wildcards.figure}.svg")
    return record, names.pop("run", ""), names


def drawn_from(wildcards):
    """An input function: the tables that a figure shows."""
    record, run, names = figure_of(wildcards)
    return [f"results/{registry.place(path, run, RUNS[run], **names) if run else path}" for path in record.sources]


def figure_settings(wildcards):
    """A params function: the settings of the run that a figure shows, by their last word."""
    record, run, _ = figure_of(wildcards)
    return {key: RUNS[run][section][key] for section, key in (name.split(".") for name in record.settings)}


def figure_code(wildcards):
    """A params function: the digest of what draws a figure."""
    return code_of("draw_figure", f"neurons.figures.{figure_of(wildcards)[0].drawn_by}")


def figure_group(wildcards):
    """A group function: that of the measures which the figure shows."""
    record, run, _ = figure_of(wildcards)
    name = f"{'coactivation' if record.study == 'coactivation' else 'measure'}-{run}" if run else "paper"
    return None if workflow.local_exec else name
