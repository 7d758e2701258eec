"""Checking a configuration: every fault is one line that names the key."""

from copy import deepcopy
from math import isfinite

from jsonschema import Draft202012Validator, validators

from neurons.errors import InputError, nearest

STUDIES = ("communities", "auxiliary", "coactivation")
FOLDERS = ("data", "paper")  # of results/ that are no runs
DOWNLOADABLE = ("mnist", "fashion_mnist", "cifar10", "cifar100")

# Keys of a data set that only some sources know.
_SOURCES_OF_KEY = {
    "path": ("image_folder", "npz"),
    "classes": ("image_folder",),
    "size": ("image_folder",),
    "test_share": ("digits", "image_folder"),
    "split_seed": ("digits", "image_folder"),
    "mirror": DOWNLOADABLE,
}


# YAML's 2.0 is no whole number here, and its .nan and .inf are no numbers.
_Validator = validators.extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            "number": lambda _, value: (
                isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
            ),
        }
    ),
)


def _message(error) -> str:
    """Put one jsonschema error into one line: the key, what is wrong, what would be right."""
    path = ".".join(str(part) for part in error.absolute_path) or "the configuration"
    if error.validator == "additionalProperties":
        valid = list(error.schema.get("properties", {}))
        unknown = next(key for key in error.instance if key not in valid)
        key = unknown if path == "the configuration" else f"{path}.{unknown}"
        hint = nearest(unknown, valid) or f"; valid keys: {', '.join(valid)}"
        return f"config: unknown key '{key}'{hint}"
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
        return f"config: {path}: {error.instance!r} is not of type {error.validator_value}"
    return f"config: {path}: {error.message}"


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
            filled[key] = _fill(sub, value.get(key, deepcopy(sub.get("default"))), definitions)
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
    source = dataset["source"]
    for key in dataset:
        if source not in _SOURCES_OF_KEY.get(key, (source,)):
            raise InputError(
                f"config: datasets.{name}.{key} goes with source {' or '.join(_SOURCES_OF_KEY[key])}, not with {source}"
            )
    if source in _SOURCES_OF_KEY["path"] and "path" not in dataset:
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


def _check_run(name: str, run: dict, datasets: dict) -> None:
    if name in FOLDERS:
        raise InputError(f"config: runs.{name}: the name is taken by the folder results/{name}; choose another")
    _check_model(f"runs.{name}.model", run["model"])
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
    if run["dataset"] not in datasets:
        hint = nearest(run["dataset"], datasets) or f"; known: {', '.join(datasets)}"
        raise InputError(f"config: runs.{name}.dataset: unknown data set '{run['dataset']}'{hint}")


def _read_booleans(config: dict, schema: dict) -> dict:
    """Return `config` with `true` and `false` read as such where Snakemake's `--config key=value` made them text."""
    words = {"true": True, "false": False}
    booleans = [key for key, sub in schema["properties"].items() if sub.get("type") == "boolean"]
    return config | {key: words.get(str(config[key]).lower(), config[key]) for key in booleans if key in config}


def resolve(config: dict, schema: dict) -> dict:
    """Check `config` against `schema` and return it with all defaults filled in.

    The settings of a run are the schema's defaults, overlaid by `defaults`, overlaid by the run's own.

    Raises
    ------
    InputError
        For the first fault found, in one line that names the key.
    """
    config = _read_booleans(config, schema)
    for section in ("datasets", "runs"):
        for name in config.get(section) or {}:
            if not isinstance(name, str):
                raise InputError(f"config: {section}: the name {name} must be text; put it in quotes")
    errors = sorted(_Validator(schema).iter_errors(config), key=lambda e: list(map(str, e.absolute_path)))
    if errors:
        raise InputError(_message(errors[0]))
    for name, dataset in config.get("datasets", {}).items():
        _check_dataset(name, dataset)
    runs = {name: merge(config.get("defaults", {}), run) for name, run in config["runs"].items()}
    resolved = _fill(schema, {**config, "runs": runs}, schema["$defs"])
    for name, run in resolved["runs"].items():
        _check_run(name, run, resolved["datasets"])
    return resolved


def check_targets(targets: list[str], runs: dict) -> None:
    """Refuse a target below `results/` whose folder is no run of the config.

    Raises
    ------
    InputError
        Naming the nearest run.
    """
    for target in targets:
        _, folder, part, *_ = (*target.split("/"), "", "")
        if part.startswith(("seed-", *STUDIES)) and folder not in (*runs, *FOLDERS):
            hint = nearest(folder, runs) or f"; runs: {', '.join(runs)}"
            raise InputError(f"unknown run '{folder}' in target {target}{hint}")
