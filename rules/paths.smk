# Paths of inputs and outputs. In the paths of input functions {run} is the wildcard's run, {dumped} the one whose training
# and dumps it takes (most often itself).
DUMP = "results/{dumped}/seed-{seed}/activations/{iteration}.h5"
SNAPSHOT = "results/{dumped}/seed-{seed}/snapshots/{iteration}.pt"
HISTORY = "results/{dumped}/seed-{seed}/history.csv"
GRAPHS = "results/{run}/seed-{seed}/graphs/{iteration}.h5"
MODULARITY = "results/{run}/seed-{seed}/modularity/{iteration}.csv"
ENTROPY = "results/{run}/seed-{seed}/entropy/{iteration}.csv"
PATTERNS = "results/{run}/seed-{seed}/patterns/{iteration}.h5"
REPORT = f"results/{registry.REPORT}"


def labels_of(record):
    """What Snakemake's report calls a result."""
    return {"result": record.number, "shows": record.title}


def result(path):
    """The output `results/{path}` of the registry, marked for Snakemake's report where the page shows it."""
    record = registry.RESULTS[path]
    if not record.on_page:
        return f"results/{path}"
    caption = f"../resources/captions/{record.caption}.rst"
    subject = "all runs" if record.of_all_runs else "{run}"
    labels = labels_of(record)
    return report(f"results/{path}", caption=caption, category=record.study, subcategory=subject, labels=labels)


def paper_table(study):
    """The table {n} of all runs of a study, marked as `result` does."""
    caption = f"../resources/captions/paper/{study}/all.rst"
    path = f"results/paper/{study}/table{{n}}.csv"
    labels = lambda wildcards: labels_of(registry.RESULTS[f"paper/{study}/table{wildcards.n}.csv"])
    return report(path, caption=caption, category=study, subcategory="all runs", labels=labels)


def iterations(run):
    return [f"{i:02d}" for i in range(1, RUNS[run]["training"]["iterations"] + 1)]


def ends(run):
    """The first and the last iteration of a run (one, if it has but one)."""
    return sorted({iterations(run)[0], iterations(run)[-1]})


def last(run):
    return iterations(run)[-1:]


def dumped_as(run):
    """The run that a run takes its training and dumps from, most often itself."""
    return RUNS[run].get("dumps_of", run)


def at_iteration(path, wildcards):
    """`path` at the wildcards' run, seed and iteration."""
    return path.format(dumped=dumped_as(wildcards.run), **wildcards)


def files_in(batch, path):
    """`path` for every iteration of a batch, its other wildcards kept."""
    return collect(path, allow_missing=True, iteration=batch.iterations)


def files_to(count, path, first=1):
    """`path` for all iterations up to `count`, its other wildcards kept."""
    return collect(path, allow_missing=True, iteration=[f"{i:02d}" for i in range(first, count + 1)])


def dumps_in(batch):
    """An input function: the dumps that the wildcards' run takes for every iteration of a batch."""
    return lambda wildcards: [
        DUMP.format(dumped=dumped_as(wildcards.run), seed=wildcards.seed, iteration=name.format(**wildcards))
        for name in batch.iterations
    ]


def each_seed(path):
    """An input function: `path` for every seed of the wildcard's run."""
    return lambda wildcards: [
        path.format(run=wildcards.run, dumped=dumped_as(wildcards.run), seed=seed)
        for seed in run_of(wildcards)["seeds"]
    ]


def each_iteration(path, chosen=iterations, seeds=slice(None)):
    """An input function: `path` for every (chosen) seed and iteration of the wildcard's run, seed by seed."""
    return lambda wildcards: [
        path.format(run=wildcards.run, dumped=dumped_as(wildcards.run), seed=seed, iteration=iteration)
        for seed in run_of(wildcards)["seeds"][seeds]
        for iteration in chosen(wildcards.run)
    ]


def last_of_first_seed(path):
    """An input function: `path` for the first seed and the last iteration of the wildcard's run."""
    return lambda wildcards: each_iteration(path, last, slice(1))(wildcards)[0]


def model_files(*keys):
    """An input function: the files that the settings of the run's model name (`module`, `weights`)."""
    return lambda wildcards: [run_of(wildcards)["model"][key] for key in keys if key in run_of(wildcards)["model"]]


def measure_files(wildcards):
    """An input function: the files of the run's own measures."""
    return [module.rpartition(":")[0] for module in run_of(wildcards)["measures"]["modules"]]


def raw_content(wildcards):
    """A params function: what the raw files of a data set hold, where nothing else fixes it."""
    manifest = Path(f"results/data/{wildcards.dataset}.json")
    return dataset_content(DATASETS[wildcards.dataset], config["data_dir"], manifest, CHECKSUMS)


def imported_file(wildcards, key, ending):
    """The file that the wildcards' run takes in place of training."""
    return Path(run_of(wildcards)[key].format(seed=wildcards.seed)) / f"{wildcards.iteration}{ending}"


def snapshot_content(wildcards):
    """A params function: what an imported snapshot holds."""
    path = imported_file(wildcards, "snapshots", ".pt")
    return kept_content(path.parent, [path], CHECKSUMS)


def dump_stamp(wildcards):
    """A params function: size and time of an imported dump, which is too large to be read for each plan."""
    return stamp(imported_file(wildcards, "activations", ".h5"))


def dataset_settings(wildcards):
    """A params function: what of a data set's settings changes its file."""
    return {key: value for key, value in DATASETS[wildcards.dataset].items() if key != "note"}


def dataset_of(wildcards):
    return f"results/data/{run_of(wildcards)['dataset']}.h5"


def panel_files(wildcards):
    """What the panel of the wildcards' run is measured on: of what the run has, what its measures read, and the dump.

    An imported run has no network and no images, and only a training here has initial weights.
    """
    files = {"dump": DUMP, "graphs": GRAPHS, "entropy": ENTROPY, "modularity": MODULARITY, "history": HISTORY}
    if wildcards.run not in IMPORTED:
        files |= {"snapshot": SNAPSHOT, "data": dataset_of(wildcards)}
    if dumped_as(wildcards.run) in TRAINED:
        files |= {"first_snapshot": SNAPSHOT.replace("{iteration}", "00")}
    measures = run_of(wildcards)["measures"]
    if "all" not in measures["panel"] and not measures["modules"]:  # what a module's functions need, only it says
        from neurons.measures.panel import PANEL, files_read

        read = {"dump", *(file for name in measures["panel"] for file in files_read(PANEL[name].inputs))}
        files = {name: path for name, path in files.items() if name in read}
    return {name: at_iteration(path, wildcards) for name, path in files.items()}


def at(path):
    """An input function: `path` at the seed and iteration of a co-activation graph's folder `where`.

    `seed-0/coactivation/03` names both; `coactivation` means the first seed's last iteration.
    """

    def of(wildcards):
        default = (run_of(wildcards)["seeds"][0], iterations(wildcards.run)[-1])
        seed, iteration = re.findall(r"\d+", wildcards.where) or default
        return path.format(dumped=dumped_as(wildcards.run), seed=seed, iteration=iteration)

    return of


def of_each_seed(name):
    """An input function: the file `name` of the co-activation graph at the last iteration of every seed; that of the first
    seed is the run's own."""

    def of(wildcards):
        (end,) = last(wildcards.run)
        folders = ["coactivation", *(f"seed-{seed}/coactivation/{end}" for seed in run_of(wildcards)["seeds"][1:])]
        return [f"results/{wildcards.run}/{folder}/{name}" for folder in folders]

    return of


def correlated_with(wildcards):
    """What a run with a network has for its co-activation graph: the images, and the network where its logits are used.

    The images of an imported run are not known: the sample numbers of its dumps mean nothing here.
    """
    if wildcards.run in IMPORTED:
        return {}
    snapshot = at(SNAPSHOT)(wildcards)
    logits = run_of(wildcards)["coactivation"]["class_value"] == "logits"
    return {"data": dataset_of(wildcards)} | ({"snapshot": snapshot} if logits else {})
