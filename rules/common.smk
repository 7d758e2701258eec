# Helper functions for the rules: the checked configuration, paths of results, digests, resources.
import os
import sys
from pathlib import Path

import yaml

# The folder of this workflow; `workflow.basedir` is that of the workflow which uses this one as a module.
HOME = Path(str(workflow.current_basedir)).parent
sys.path.insert(0, str(HOME / "scripts"))

from neurons.config import check_targets, resolve, swept
from neurons.errors import InputError
from neurons.locks import join_folder
from neurons.model_names import model_kind
from neurons.provenance import files_digest, source_digest
from neurons.sweep import tables_of

try:
    config = resolve(
        config,
        yaml.safe_load((HOME / "config/schema.yaml").read_text()),
    )
    # Targets are known to Snakemake only later; a run's name that is misspelt should be told as such. In a module the
    # targets are another workflow's.
    if HOME == Path(workflow.basedir):
        check_targets([word for word in sys.argv[1:] if word.startswith("results/")], config["runs"])
except InputError as error:
    sys.exit(f"error: {error}")

DATASETS, RUNS = config["datasets"], config["runs"]
IMPORTED = {name: run for name, run in RUNS.items() if "activations" in run}
DUMPED = {name: run for name, run in RUNS.items() if name not in IMPORTED}
BROUGHT = {name: run for name, run in RUNS.items() if "snapshots" in run}
GPU_MODEL = config["gpu"] if isinstance(config["gpu"], str) else None
TRAINED = {name: run for name, run in DUMPED.items() if name not in BROUGHT}
SWEPT = swept(config)


def one_of(names):
    """A regular expression for exactly these names; none of them is an expression that nothing matches."""
    return "|".join(re.escape(name) for name in names) or "(?!)"


def own(names):
    """Of these runs, those that take no other run's dumps."""
    return [name for name in names if "dumps_of" not in RUNS[name]]


def dumped_as(run):
    """The run that a run takes its training and dumps from, most often itself."""
    return RUNS[run].get("dumps_of", run)


def run_of(wildcards):
    return RUNS[wildcards.run]


def setting(*keys):
    """A params function: these settings of the wildcard's run."""
    return lambda wildcards: {key: run_of(wildcards).get(key) for key in keys}


def coactivation_setting(*keys):
    """A params function: these `coactivation` settings of the wildcard's run."""
    return lambda wildcards: {k: run_of(wildcards)["coactivation"][k] for k in keys}


def iterations(run):
    return [f"{i:02d}" for i in range(1, RUNS[run]["training"]["iterations"] + 1)]


def ends(run):
    """The first and the last iteration of a run (one, if it has but one)."""
    return sorted({iterations(run)[0], iterations(run)[-1]})


def gpu_if_large(wildcards):
    """A resource function: 1 for the large models, torchvision's and a user's own, where the config allows a GPU."""
    return int(bool(config["gpu"] and {"name", "module"} & set(run_of(wildcards)["model"])))


def gpu_model(wildcards):
    """A resource function: the model of GPU to ask for, where the config names one and a large model is at work."""
    return GPU_MODEL if gpu_if_large(wildcards) else None


def off_gpu(name):
    """A group function: the run's group `name`, but none for a job that asks for a GPU, lest CPU work should hold it."""
    return lambda wildcards: None if gpu_if_large(wildcards) else f"{name}-{wildcards.run}"


def by_size(base, per_mb=0):
    """A resource function: `base` and `per_mb` for every MB of input; twice, three times that at later attempts.

    Input that is yet to be made, by a job of the same group, counts for nothing.
    """
    return lambda wildcards, input, attempt: int(
        attempt * (base + per_mb * sum(Path(path).stat().st_size for path in input if Path(path).exists()) / 1e6)
    )


SHOWN = []  # what `shown` marks, for the report page


def shown(path, caption, study, result, shows, subject="{run}"):
    """Mark an output for the report: sorted by study and run (or other subject), with its caption."""
    SHOWN.append({"path": path, "caption": caption, "study": study, "subject": subject, "name": result, "shows": shows})
    caption = f"../resources/captions/{caption}.rst"
    labels = {"result": result, "shows": shows}
    return report(path, caption=caption, category=study, subcategory=subject, labels=labels)
