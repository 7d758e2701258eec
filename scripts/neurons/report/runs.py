"""What the report page says of the runs themselves: their state, their accuracies, their settings."""

import json
from pathlib import Path

import pandas as pd

from neurons.core.tables import read_csv_table
from neurons.networks.names import hidden_layers, model_kind

IN_SWEEP = "of the sweep"  # a run for the sweep's table alone
FINISHED = "finished"
ACCURACIES = {"running": "running_accuracy", "training": "train_accuracy", "test": "test_accuracy"}


def _model(run: dict) -> str:
    """Return the kind of a run's model and its widths, or where its dumps come from."""
    if "activations" in run:
        return "imported dumps"
    kind, widths = model_kind(run["model"]), hidden_layers(run["model"])
    return kind if kind == widths else f"{kind} {widths}"


def _state(root: Path, name: str, targets: list[str], trained: int, seeds: int) -> str:
    """Tell how far a run is: with all its files, some of them (and not all seeds trained), or none; or it has no targets."""
    files = [root / path for path in targets if path.startswith(f"{name}/")]
    finished = sum(path.is_file() for path in files)
    if not files:
        return IN_SWEEP
    if finished == len(files):
        return FINISHED
    if finished == trained == 0:
        return "not started"
    return f"{finished} of {len(files)} results" + (f", {trained} of {seeds} seeds trained" if trained < seeds else "")


def overview(root: Path, runs: dict[str, dict], targets: list[str]) -> pd.DataFrame:
    """Return a row per run: what it is, its accuracies in percent (mean over its trained seeds) and its state.

    Parameters
    ----------
    root : the folder of results.
    runs : the checked settings of every run.
    targets : the files of the default target, relative to `root`.
    """
    rows = []
    for name, run in runs.items():
        paths = [root / run.get("dumps_of", name) / f"seed-{seed}/history.csv" for seed in run["seeds"]]
        last = [read_csv_table(path).iloc[-1] for path in paths if path.is_file()]
        row = {
            "run": name,
            "state": _state(root, name, targets, len(last), len(run["seeds"])),
            "data set": run.get("dataset", "") + (" (mixed labels)" if run["labels"] == "mixed" else ""),
            "model": _model(run),
            "seeds": " ".join(map(str, run["seeds"])),
            "iterations": run["training"]["iterations"],
        }
        for title, column in ACCURACIES.items():
            mean = sum(history[column] for history in last) / len(last) if last else float("nan")
            row[f"{title} (%)"] = round(100 * mean, 2)
        rows.append(row | {"studies": ", ".join(run["studies"])})
    return pd.DataFrame(rows)


def _text(value) -> str:
    if isinstance(value, list) and value:
        return ", ".join(map(_text, value))
    return value if isinstance(value, str) else json.dumps(value)


def flat(settings: dict, prefix: str = "") -> dict[str, str]:
    """Return nested settings by dotted key, each value as text."""
    rows = {}
    for key, value in settings.items():
        if isinstance(value, dict) and value:
            rows |= flat(value, f"{prefix}{key}.")
        else:
            rows[prefix + key] = _text(value)
    return rows


def _meanings(properties: dict, prefix: str = "") -> dict[str, str]:
    """Return the schema's descriptions by dotted key."""
    meanings = {}
    for key, schema in properties.items():
        if "properties" in schema:
            meanings |= _meanings(schema["properties"], f"{prefix}{key}.")
        else:
            meanings[prefix + key] = schema.get("description", "").replace("`", "")
    return meanings


def settings_tables(runs: dict[str, dict], datasets: dict[str, dict], schema: dict) -> dict[str, pd.DataFrame]:
    """Return all settings by title: those that differ between runs, those that all share, those of the data sets.

    `schema` is the configuration's, which says what a key means. Keys that a run does not have stay empty.
    """
    meanings = _meanings(schema["$defs"]["settings"]["properties"])
    by_run = {name: flat(run) for name, run in runs.items()}
    place = {key: number for number, key in enumerate(meanings)}
    keys = sorted({key for all_keys in by_run.values() for key in all_keys}, key=lambda key: (place.get(key, 999), key))
    differ, shared = [], []
    for key in keys:
        values = {name: settings.get(key, "") for name, settings in by_run.items()}
        meaning = {"meaning": meanings.get(key, "")}
        if len(set(values.values())) > 1:
            differ.append({"setting": key, **values, **meaning})
        else:
            shared.append({"setting": key, "value": next(iter(values.values())), **meaning})
    tables = {
        "Settings that differ between runs": differ,
        "Settings that all runs share": shared,
        "Data sets": [{"data set": name, **flat(dataset)} for name, dataset in datasets.items()],
    }
    return {title: pd.DataFrame(rows) for title, rows in tables.items() if rows}
