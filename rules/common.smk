# The checked configuration, what each run is able to do, and the resources that jobs ask for.
from pathlib import Path

import yaml

# The folder of this workflow; `workflow.basedir` is that of the workflow which uses this one as a module.
HOME = Path(str(workflow.current_basedir)).parent
sys.path.insert(0, str(HOME / "scripts"))

from neurons.core.errors import InputError
from neurons.core.memory import check_limit
from neurons.data.identity import dataset_content, kept_content, stamp
from neurons.networks.names import model_kind
from neurons.published import pictures
from neurons.workflow import registry
from neurons.workflow.batches import by_batch
from neurons.workflow.config import check_targets, resolve, swept, trials_of
from neurons.workflow.config_files import LOADER, check_file, check_runs
from neurons.workflow.provenance import code_of, files_digest
from neurons.workflow.stale_locks import join_folder
from neurons.workflow.surroundings import check_code, check_folders, library_first
from neurons.workflow.sweep import bases, parts, tables_of

try:
    if HOME == Path(workflow.basedir) and workflow.is_main_process:
        for path in workflow.configfiles:
            check_file(path)
        check_runs(config, workflow.configfiles)
    schema = yaml.load((HOME / "config/schema.yaml").read_text(encoding="utf-8"), LOADER)
    config = resolve(config, schema)
    # Targets are known to Snakemake only later; a run's name that is misspelt should be told as such. In a module the
    # targets are another workflow's.
    if HOME == Path(workflow.basedir):
        check_targets([word for word in sys.argv[1:] if word.startswith("results/")], config["runs"])
    library_first(HOME / "scripts")
    if workflow.is_main_process:
        check_code(config["runs"])
        check_folders(Path(), [path.stem for path in (HOME / "scripts").glob("*.py")])
        AT_WORK = join_folder(".snakemake")  # open, and so held, until Snakemake ends
except InputError as error:
    sys.exit(f"error: {error}")

DATASETS, RUNS = config["datasets"], config["runs"]
IMPORTED = [name for name, run in RUNS.items() if "activations" in run]
SNAPSHOTS_IMPORTED = [name for name, run in RUNS.items() if "snapshots" in run]
WITH_NETWORK = [name for name in RUNS if name not in IMPORTED]
TRAINED = [name for name in WITH_NETWORK if name not in SNAPSHOTS_IMPORTED]
GPU_MODEL = config["gpu"] if isinstance(config["gpu"], str) else None
SWEPT = swept(config)
CHECKSUMS = Path(".snakemake/checksums.json")  # of raw data and imported snapshots
TRIAL_BASES = bases(config["sweep"]) if "sweep" in config else []
PUBLISHED = files_digest((HOME / "resources/published").glob("*.csv"))  # the values that the papers print


def one_of(names):
    """A regular expression for exactly these names; none of them is an expression that nothing matches."""
    return "|".join(re.escape(name) for name in names) or "(?!)"


def with_own_dumps(names):
    """Of these runs, those that take no other run's dumps."""
    return [name for name in names if "dumps_of" not in RUNS[name]]


def by_iterations(names):
    """These runs by their number of iterations. A rule's outputs are fixed when the workflow is read, so a rule that
    writes a file for each iteration exists once for each number."""
    counts = sorted({RUNS[name]["training"]["iterations"] for name in names})
    return {count: [name for name in names if RUNS[name]["training"]["iterations"] == count] for count in counts}


def in_batches(names):
    """These runs by the batches of iterations that one job dumps or measures, for a rule that exists once for each."""
    return by_batch({name: RUNS[name] for name in names}, config["iterations_per_job"]).items()


def run_of(wildcards):
    return RUNS[wildcards.run]


def setting(*keys):
    """A params function: these settings of the wildcard's run."""
    return lambda wildcards: {key: run_of(wildcards).get(key) for key in keys}


def coactivation_setting(*keys):
    """A params function: these `coactivation` settings of the wildcard's run."""
    return lambda wildcards: {key: run_of(wildcards)["coactivation"][key] for key in keys}


def correlation_settings(wildcards):
    """A params function: what the correlations of the wildcard's run depend on; for logits, its network as well."""
    settings = coactivation_setting("correlation", "class_value")(wildcards)
    return settings | (setting("model", "labels")(wildcards) if settings["class_value"] == "logits" else {})


def gpu_if_large(wildcards):
    """A resource function: 1 for the large models, torchvision's and a user's own, where the config allows a GPU."""
    return int(bool(config["gpu"] and {"name", "module"} & set(run_of(wildcards)["model"])))


def gpu_model(wildcards):
    """A resource function: the model of GPU to ask for, where the config names one and a large model is at work."""
    return GPU_MODEL if gpu_if_large(wildcards) else None


def grouped(name):
    """A group function: the run's group `name` on a cluster. On one machine Snakemake ignores groups, which takes time."""
    return lambda wildcards: None if workflow.local_exec else f"{name}-{wildcards.run}"


def off_gpu(name):
    """A group function: as `grouped`, but none for a job on a GPU, which CPU work must not hold."""
    return lambda wildcards: None if gpu_if_large(wildcards) else grouped(name)(wildcards)


def by_size(base, per_mb=0):
    """A resource function: `base` and `per_mb` for every MB of input; twice, three times that at later attempts.

    Input that is yet to be made, by a job of the same group, counts for nothing.
    """
    return lambda wildcards, input, attempt: int(
        attempt * (base + per_mb * sum(Path(path).stat().st_size for path in input if Path(path).exists()) / 1e6)
    )


def closing_lines():
    """Where the results are and what to open, after a run of the default target."""
    if workflow.dag_settings.targets:
        return ""
    lines = [f"  results/{path}: {what}" for path, what in registry.headlines(RUNS, config.get("sweep", ()))]
    return "\n".join(["", "Done. The results lie in results/; look at these first:", *lines])
