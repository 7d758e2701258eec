"""Checking a configuration: every fault is one line that names the key."""

import re
from copy import deepcopy

from jsonschema import Draft202012Validator, ValidationError, validators

from neurons.core.errors import InputError, nearest
from neurons.data.sources import SOURCES
from neurons.workflow import registry, sweep
from neurons.workflow.config_values import as_number, check_name, check_plain, is_number

# Settings that decide what a run's dumps are.
_OF_DUMPS = ("dataset", "labels", "seeds", "model", "training", "dumps", "activations", "snapshots")
_OF_TRIALS = ("labels", "model", "training", "dumps", "graph", "modularity", "entropy", "measures")
FOLDERS = ("data", "paper")  # of results/ that are no runs


def _matches(validator, pattern: str, instance, schema):
    """Yield an error where a text does not match; `$` is the very end of it, not also the place before a last newline."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


# YAML's 2.0 is no whole number here, and its .nan and .inf are no numbers.
_TYPES = Draft202012Validator.TYPE_CHECKER.redefine("number", lambda _, value: is_number(value))
_TYPES = _TYPES.redefine("integer", lambda _, value: is_number(value) and isinstance(value, int))
_Validator = validators.extend(Draft202012Validator, {"pattern": _matches}, type_checker=_TYPES)


def _message(error) -> str:
    """Put one jsonschema error into one line: the key, what is wrong, what would be right."""
    path = ".".join(str(part) for part in error.absolute_path) or "the configuration"
    if error.validator == "additionalProperties":
        valid = list(error.schema.get("properties", {}))
        unknown = next(key for key in error.instance if key not in valid)
        key = unknown if path == "the configuration" else f"{path}.{unknown}"
        return f"config: unknown key '{key}'{nearest(unknown, valid, 'valid keys')}"
    if error.validator == "propertyNames" or error.parent and error.parent.validator == "propertyNames":
        return f"config: {path}: the name {error.instance!r} must match {error.validator_value}"
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return f"config: {path}: the key '{missing}' is missing"
    if error.validator == "enum":
        valid = error.validator_value
        hint = nearest(error.instance, valid)
        return f"config: {path}: {error.instance!r} is not one of {', '.join(map(str, valid))}{hint}"
    if error.validator == "anyOf":
        return f"config: {path}: {error.instance!r} is none of what is allowed here; see config/README.md"
    if error.validator == "type":
        as_yaml = as_number(error.instance) if error.validator_value == "number" else None
        hint = f"; YAML takes it for text, write {as_yaml}" if as_yaml else ""
        return f"config: {path}: {error.instance!r} is not of type {error.validator_value}{hint}"
    return f"config: {path}: {error.message}"


def _default(schema: dict, filled: dict):
    """Return a key's default; `default_with` has others, by the value of a key before it."""
    for key, values in schema.get("default_with", {}).items():
        if filled[key] in values:
            return values[filled[key]]
    return deepcopy(schema.get("default"))


def _fill(schema: dict, value, definitions: dict):
    """Return `value` with the schema's defaults for what it leaves out (recursively)."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    if not isinstance(value, dict) or not {"properties", "additionalProperties"} & set(schema):
        return value  # a mapping without a schema is the user's own
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    filled = {}
    for key, sub in properties.items():
        if key in value or "default" in sub:
            filled[key] = _fill(sub, value.get(key, _default(sub, filled)), definitions)
    if isinstance(others, dict):
        filled |= {key: _fill(others, item, definitions) for key, item in value.items() if key not in properties}
    return filled


def merge(base: dict, over: dict) -> dict:
    """Return `base` updated by `over`, nested mappings key by key."""
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if both else value
    return merged


def _check_dataset(name: str, dataset: dict) -> None:
    check_name("datasets", name)
    source = dataset["source"]
    for key in dataset:
        takers = [other for other, record in SOURCES.items() if key in record.keys]
        if takers and source not in takers:
            raise InputError(f"config: datasets.{name}.{key} goes with source {' or '.join(takers)}, not with {source}")
    if "path" in SOURCES[source].keys and "path" not in dataset:
        raise InputError(f"config: datasets.{name}: source {source} needs the key 'path'")


def _check_model(where: str, model: dict) -> None:
    kinds = [key for key in ("name", "module") if key in model]
    if len(kinds) == 2:
        raise InputError(f"config: {where}: give either 'name' or 'module', not both")
    if ("module" in model) != ("builder" in model):
        raise InputError(f"config: {where}: 'module' and 'builder' go together")
    chosen = [key for key in ("options", "weights", "input_size", "channels") if key in model]
    if chosen and not kinds:
        raise InputError(f"config: {where}.{chosen[0]} goes with 'name' or 'module'")
    if model["stem"] == "small" and "name" not in model:
        raise InputError(f"config: {where}.stem goes with 'name'")


def _check_training(where: str, training: dict, model: dict) -> None:
    if "stop_at_loss" in training and training["iterations"] != 1:
        raise InputError(
            f"config: {where}.stop_at_loss goes with 'iterations: 1', not {training['iterations']}: the network at which "
            "the training stops is its one iteration, and 'epochs_per_iteration' the cap"
        )
    if "regulariser" in training and {"name", "module"} & set(model):
        raise InputError(f"config: {where}.regulariser goes with a model of 'filters' and 'hidden'; leave it out")


def _check_known(where: str, kind: str, name: str, known) -> None:
    if name not in known:
        raise InputError(f"config: {where}: unknown {kind} '{name}'{nearest(name, known, 'known')}")


def _settings(name: str, config: dict) -> dict:
    """Return a run's settings as given: its own over those of the run whose dumps it takes, or over `defaults`."""
    runs, given = config["runs"], config["runs"][name]
    if "dumps_of" not in given:
        return merge(config.get("defaults", {}), given)
    source = given["dumps_of"]
    _check_known(f"runs.{name}.dumps_of", "run", source, runs)
    if "dumps_of" in runs[source]:
        raise InputError(f"config: runs.{name}.dumps_of: '{source}' takes the dumps of another run itself; name that")
    return merge(_settings(source, config), given)


def _check_shared(name: str, runs: dict) -> None:
    """Refuse a run that takes over dumps which its own settings would not give."""
    source = runs[name]["dumps_of"]
    for key in _OF_DUMPS:
        if runs[name].get(key) != runs[source].get(key):
            raise InputError(
                f"config: runs.{name}.{key} is not that of '{source}', whose dumps it takes; "
                f"leave out '{key}' or 'dumps_of'"
            )


def _check_sweep(swept: dict, runs: dict) -> None:
    for name in sweep.bases(swept):
        _check_known("sweep.base", "run", name, runs)
    if not {"vary", sweep.GRID, sweep.INTERVENE} & set(swept):
        raise InputError("config: sweep: give 'vary', 'grid' or 'intervene'")
    if "vary" in swept and not isinstance(swept["base"], str):
        raise InputError("config: sweep.base: 'vary' takes one run, not a list")


def _check_trials(swept: dict, name: str, base: dict, config: dict, schema: dict) -> None:
    """Refuse a grid or intervention that a base cannot be trained with, a value that no run may have among them."""
    if not {sweep.GRID, sweep.INTERVENE} & set(swept):
        return
    sweep.check_trials(swept, name, base, schema["$defs"]["settings"])
    grid = swept.get(sweep.GRID, {}).items()
    changes = [sweep.nested({factor: value}) for factor, values in grid for value in values]
    for change in changes + [network["changes"] for network in sweep.trials(swept, sweep.INTERVENE, base)]:
        changed = merge(base, change)
        _check_schema({"runs": {name: changed}}, schema)
        _check_run(name, _fill(schema["$defs"]["settings"], changed, schema["$defs"]), config.get("datasets", {}))


def trials_of(config: dict, kind: str, base: str) -> list[dict]:
    """Return the networks of the grid or intervention of a resolved configuration: `columns`, `settings`, `seed`.

    `settings` are the base's with the network's own over them, complete but for what no network uses.
    """
    run = config["runs"][base]
    kept = {key: run[key] for key in _OF_TRIALS}
    return [
        {"columns": one["columns"], "settings": merge(kept, one["changes"]), "seed": one["seed"]}
        for one in sweep.trials(config.get("sweep", {}), kind, run)
    ]


def _with_swept(config: dict, schema: dict) -> dict:
    """Return the runs of `config` and those of its sweep; one that is written out goes over what the sweep says.

    So a configuration that was resolved once resolves to itself.
    """
    runs, swept, settings = config["runs"], config["sweep"], schema["$defs"]["settings"]
    _check_sweep(swept, runs)
    for name in sweep.bases(swept):
        base = _fill(settings, _settings(name, config), schema["$defs"])
        _check_trials(swept, name, base, config, schema)
    if "vary" not in swept:
        return runs
    sweep.check(swept, base, settings)
    return runs | {
        name: merge(merge(runs[swept["base"]], change), runs.get(name, {}))
        for name, change in sweep.changes(swept, base).items()
    }


def _check_measures(where: str, measures: dict) -> None:
    if measures["panel"] == ["all"] and not measures["options"]:
        return
    from neurons.measures.panel import PANEL  # only where a run names a measure: the panel imports numpy and scipy

    imported = [reference.rpartition(":")[2] for reference in measures["modules"]]
    for name in measures["panel"]:
        _check_known(f"{where}.panel", "measure", name, ["all", *PANEL])
    for name in measures["options"]:
        _check_known(f"{where}.options", "measure", name, [*PANEL, *imported])


def _check_run(name: str, run: dict, datasets: dict) -> None:
    check_name("runs", name)
    if name in FOLDERS:
        raise InputError(f"config: runs.{name}: the name is taken by the folder results/{name}; choose another")
    _check_model(f"runs.{name}.model", run["model"])
    _check_training(f"runs.{name}.training", run["training"], run["model"])
    _check_measures(f"runs.{name}.measures", run["measures"])
    if "activations" in run and run["coactivation"]["class_value"] == "logits":
        raise InputError(
            f"config: runs.{name}.coactivation.class_value: logits are the network's, which imported dumps do not hold; use "
            "softmax"
        )
    given = [key for key in ("activations", "snapshots") if key in run]
    if len(given) == 2:
        raise InputError(f"config: runs.{name}: give either 'activations' or 'snapshots', not both")
    for key in given:
        if len(run["seeds"]) > 1 and "{seed}" not in run[key]:
            raise InputError(f"config: runs.{name}.{key} needs '{{seed}}' in its path, since the run has several seeds")
    if "activations" in run:
        return
    if "dataset" not in run:
        raise InputError(f"config: runs.{name}: give either 'dataset' or 'activations'")
    _check_known(f"runs.{name}.dataset", "data set", run["dataset"], datasets)


def _check_schema(config: dict, schema: dict) -> None:
    errors = sorted(_Validator(schema).iter_errors(config), key=lambda e: list(map(str, e.absolute_path)))
    if errors:
        raise InputError(_message(errors[0]))


def _read_booleans(config: dict, schema: dict) -> dict:
    """Return `config` with `true` and `false` read as such where Snakemake's `--config key=value` made them text."""
    words = {"true": True, "false": False}
    booleans = [key for key, sub in schema["properties"].items() if sub.get("type") == "boolean"]
    return config | {key: words.get(str(config[key]).lower(), config[key]) for key in booleans if key in config}


def _with_runs_left(config: dict) -> dict:
    """Return `config` without the runs that its `without` names, and without that key, which has been followed."""
    for name in config.get("without", []):
        _check_known("without", "run", name, config["runs"])
    runs = {name: run for name, run in config["runs"].items() if name not in config.get("without", [])}
    if not runs:
        raise InputError("config: without: it leaves no run; keep one")
    return {key: value for key, value in config.items() if key != "without"} | {"runs": runs}


def resolve(config: dict, schema: dict) -> dict:
    """Check `config` against `schema` and return it with all defaults filled in.

    The settings of a run are the schema's defaults, overlaid by `defaults` (or by the settings of the run it takes
    its dumps from), overlaid by the run's own. The runs of a sweep stand among the others.

    Raises
    ------
    InputError
        For the first fault found, in one line that names the key.
    """
    check_plain(config)
    config = _read_booleans(config, schema)
    _check_schema(config, schema)
    config = _with_runs_left(config)
    for name, dataset in config.get("datasets", {}).items():
        _check_dataset(name, dataset)
    if "dumps_of" in config.get("defaults", {}):
        raise InputError("config: defaults.dumps_of: name it in the runs that take another run's dumps")
    if "sweep" in config:
        config = config | {"runs": _with_swept(config, schema)}
        _check_schema(config, schema)
    runs = {name: _settings(name, config) for name in config["runs"]}
    resolved = _fill(schema, {**config, "runs": runs}, schema["$defs"])
    for name, run in resolved["runs"].items():
        _check_run(name, run, resolved["datasets"])
        if "dumps_of" in run:
            _check_shared(name, resolved["runs"])
    for factor, value, name in swept(resolved):
        given = sweep.value_of(resolved["runs"][name], factor)
        if given != value:
            raise InputError(
                f"config: runs.{name}: {factor} is {given} there, and {value} in the sweep; rename the run"
            )
    return resolved


def swept(config: dict) -> list[tuple[str, object, str]]:
    """Return (factor, value, run) of every variation of a resolved configuration's sweep; none without a sweep."""
    if "vary" not in config.get("sweep", {}):
        return []
    return sweep.variations(config["sweep"], config["runs"][config["sweep"]["base"]])


def check_targets(targets: list[str], runs: dict) -> None:
    """Refuse a target below `results/` whose folder is no run of the config, which lies with another run, or which is a table
    or figure that no study has.

    Raises
    ------
    InputError
        Naming the nearest run or result, or the run that has the file.
    """
    for target in targets:
        _, folder, part, *_ = (*target.split("/"), "", "")
        of_a_run = part.startswith(("seed-", *registry.STUDIES, sweep.GRID, sweep.INTERVENE))
        if of_a_run and folder not in (*runs, *FOLDERS):
            raise InputError(f"unknown run '{folder}' in target {target}{nearest(folder, runs, 'runs')}")
        name = target.removeprefix("results/")
        if part in registry.STUDIES and name.endswith((".csv", ".svg")) and not registry.find(name):
            known = [path.replace("{run}", folder) for path in registry.RESULTS]
            raise InputError(f"no study makes {target}{nearest(name, known)} docs/results.md lists all results")
        source = runs.get(folder, {}).get("dumps_of")
        if source and re.search(r"/seed-\d+/(snapshots/|activations/|history\.csv|class_accuracy\.csv)", target):
            raise InputError(
                f"run '{folder}' takes its dumps from '{source}': ask for {target.replace(folder, source, 1)}"
            )
