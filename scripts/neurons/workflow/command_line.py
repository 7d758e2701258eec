"""What is checked before Snakemake reads the workflow, since it would fail there with words of its own, or none.

`profiles/default` calls `check` when it is read, which is earlier than the configuration is.
"""

import os
import sys
import tempfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from neurons.core.errors import InputError
from neurons.workflow.config_files import check_file

FILES = ("--configfile", "--configfiles")
ENDINGS = (".yaml", ".yml", ".json")


def values_of(words: list[str], options: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Return each of some options of a command line with the words that Snakemake takes for its values."""
    given = []
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in options:
            after = words[at + 1 :]
            end = next((i for i, other in enumerate(after) if other.startswith("-")), len(after))
            given.append((option, [value] if equals else after[:end]))
    return given


def refuse_targets(words: list[str]) -> None:
    """Refuse targets behind `--configfile FILE` or `--config KEY=VALUE`, which both take all words that follow.

    Raises
    ------
    InputError
        With the line to type.
    """
    for option, values in values_of(words, (*FILES, "--config")):
        fits = (lambda word: "=" in word) if option == "--config" else (lambda word: word.endswith(ENDINGS))
        targets = [word for word in values[1:] if not fits(word)]
        if targets:
            line = " ".join([option, *(word for word in values if word not in targets), "--", *targets])
            raise InputError(f"Snakemake takes {targets[0]} for a part of {option}; type: {line}")


def find_cache(environment=os.environ) -> None:
    """Give Snakemake another folder for its cache where the home has none that can be written, or there is no home."""
    cache = environment.get("XDG_CACHE_HOME") or os.path.join(environment.get("HOME", "/"), ".cache")
    try:
        os.makedirs(cache, exist_ok=True)
        usable = os.access(cache, os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        environment["XDG_CACHE_HOME"] = os.path.join(tempfile.gettempdir(), f"cache-of-{os.getuid()}")


def shows_bars(words: list[str]) -> bool:
    """Tell whether the screen shows bars of progress by rule: on a terminal, where jobs do not go to Slurm.

    The bars are those of snakemake-logger-plugin-rich, which show the time that has passed; here, the time that is left.
    """
    to_slurm = any("slurm" in value for _, values in values_of(words, ("--profile", "--executor")) for value in values)
    if to_slurm or not sys.stderr.isatty() or find_spec("snakemake_logger_plugin_rich") is None:
        return False
    from rich import progress
    from snakemake_logger_plugin_rich import handler

    handler.TimeElapsedColumn = partial(progress.TimeRemainingColumn, elapsed_when_finished=True)
    handler.Progress = partial(progress.Progress, speed_estimate_period=86_400)  # a job may take hours
    return True


def check(words: list[str]) -> None:
    """Check a command line of Snakemake and its configuration files; end with one line where something is wrong."""
    find_cache()
    try:
        refuse_targets(words)
        for _, paths in values_of(words, FILES):
            for path in paths:
                if not Path(path).is_file():
                    raise InputError(f"{path}: no such configuration file; check the path")
                check_file(path)
    except InputError as error:
        sys.exit(f"error: {error}")
