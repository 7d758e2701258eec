# Helper functions for the rules: the checked configuration, paths of results, digests, resources.
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from neurons.config import check_targets, resolve
from neurons.errors import InputError
from neurons.model_names import model_kind
from neurons.provenance import source_digest

try:
    config = resolve(
        config,
        yaml.safe_load((Path(workflow.basedir) / "config/schema.yaml").read_text()),
    )
    # Targets are known to Snakemake only later; a run's name that is misspelt should be told as such.
    check_targets([word for word in sys.argv[1:] if word.startswith("results/")], config["runs"])
except InputError as error:
    sys.exit(f"error: {error}")

DATASETS, RUNS = config["datasets"], config["runs"]
IMPORTED = {name: run for name, run in RUNS.items() if "activations" in run}
DUMPED = {name: run for name, run in RUNS.items() if name not in IMPORTED}
BROUGHT = {name: run for name, run in RUNS.items() if "snapshots" in run}
TRAINED = {name: run for name, run in DUMPED.items() if name not in BROUGHT}


def one_of(names):
    """A regular expression for exactly these names; none of them is an expression that nothing matches."""
    return "|".join(re.escape(name) for name in names) or "(?!)"


def run_of(wildcards):
    return RUNS[wildcards.run]


def setting(*keys):
    """A params function: these settings of the wildcard's run."""
    return lambda wildcards: {key: run_of(wildcards).get(key) for key in keys}


def iterations(run):
    return [f"{i:02d}" for i in range(1, RUNS[run]["training"]["iterations"] + 1)]


def ends(run):
    """The first and the last iteration of a run (one, if it has but one)."""
    return sorted({iterations(run)[0], iterations(run)[-1]})


def each_seed(path):
    """An input function: `path` for every seed of the wildcard's run."""
    return lambda wildcards: collect(path, run=wildcards.run, seed=run_of(wildcards)["seeds"])


def each_iteration(path, chosen=iterations):
    """An input function: `path` for every seed and (chosen) iteration of the wildcard's run, seed by seed."""
    return lambda wildcards: [
        path.format(run=wildcards.run, seed=seed, iteration=iteration)
        for seed in run_of(wildcards)["seeds"]
        for iteration in chosen(wildcards.run)
    ]


def last_of_first_seed(path):
    """An input function: `path`, below the folder of the first seed, for the last iteration of the wildcard's run."""
    return lambda wildcards: f"results/{{run}}/seed-{{seed}}/{path}".format(
        run=wildcards.run,
        seed=run_of(wildcards)["seeds"][0],
        iteration=iterations(wildcards.run)[-1],
    )


def model_files(*keys):
    """An input function: the files that the settings of the run's model name (`module`, `weights`)."""
    return lambda wildcards: [run_of(wildcards)["model"][key] for key in keys if key in run_of(wildcards)["model"]]


def wants_gpu(wildcards):
    """A resource function: 1 for the large models, torchvision's and a user's own."""
    return int(bool({"name", "module"} & set(run_of(wildcards)["model"])))


def dataset_of(wildcards):
    return f"results/data/{run_of(wildcards)['dataset']}.h5"


def memory(base, per_input=0):
    """A resource function: `base` MB plus `per_input` times the input's size, more at each attempt."""
    if per_input == 0:
        return lambda wildcards, attempt: attempt * base
    return lambda wildcards, input, attempt: int(attempt * (base + per_input * input.size_mb))


def minutes(base):
    """A resource function: a time limit that grows with each attempt."""
    return lambda wildcards, attempt: base * attempt


def caption(name):
    return f"../resources/captions/{name}.rst"


def boosting_report(path, name, result, shows):
    """Mark a result of the auxiliary study for the report."""
    return report(
        path,
        caption=caption(name),
        category="auxiliary",
        subcategory="{run}",
        labels={"result": result, "shows": shows},
    )
