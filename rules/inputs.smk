# Input functions for the rules. In their paths {run} is the wildcard's run, {dumped} the one whose training and dumps it
# takes (most often itself).


def dumped(path):
    """An input function: `path` at the wildcards' seed and iteration."""
    return lambda wildcards: path.format(
        dumped=dumped_as(wildcards.run), seed=wildcards.seed, iteration=wildcards.iteration
    )


def each_seed(path):
    """An input function: `path` for every seed of the wildcard's run."""
    return lambda wildcards: [
        path.format(run=wildcards.run, dumped=dumped_as(wildcards.run), seed=seed)
        for seed in run_of(wildcards)["seeds"]
    ]


def each_iteration(path, chosen=iterations):
    """An input function: `path` for every seed and (chosen) iteration of the wildcard's run, seed by seed."""
    return lambda wildcards: [
        path.format(run=wildcards.run, seed=seed, iteration=iteration)
        for seed in run_of(wildcards)["seeds"]
        for iteration in chosen(wildcards.run)
    ]


def model_files(*keys):
    """An input function: the files that the settings of the run's model name (`module`, `weights`)."""
    return lambda wildcards: [run_of(wildcards)["model"][key] for key in keys if key in run_of(wildcards)["model"]]


def dataset_of(wildcards):
    return f"results/data/{run_of(wildcards)['dataset']}.h5"


def last_of_first_seed(path):
    """An input function: `path` for the first seed and the last iteration of the wildcard's run."""
    return lambda wildcards: path.format(
        run=wildcards.run,
        dumped=dumped_as(wildcards.run),
        seed=run_of(wildcards)["seeds"][0],
        iteration=iterations(wildcards.run)[-1],
    )


def at(path):
    """An input function: `path` at the seed and iteration of a co-activation graph's folder `where`.

    `seed-0/coactivation/03` names both; `coactivation` means the first seed's last iteration.
    """

    def of(wildcards):
        last = (run_of(wildcards)["seeds"][0], iterations(wildcards.run)[-1])
        seed, iteration = re.findall(r"\d+", wildcards.where) or last
        return path.format(dumped=dumped_as(wildcards.run), seed=seed, iteration=iteration)

    return of
