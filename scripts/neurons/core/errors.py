"""The one error type that is meant for the user's eyes."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

# What to do about a damaged file: one that a job wrote, and one that is part of the workflow.
REBUILD = "delete it and run again, it is rebuilt"
RESTORE = "restore this file of the workflow"


class InputError(Exception):
    """Something the user can fix. The message is one line: what, where, what to do."""

    def __init__(self, message: str):
        # Names can hold what no stream can write (bytes that are not UTF-8) and what moves a terminal's cursor.
        line = " ".join(message.split())
        super().__init__("".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line))


class MissingTable(InputError):
    """A table that no job has written yet, or that was deleted."""

    def __init__(self, path):
        super().__init__(f"{path}: not found; run again, it is rebuilt")
        self.path = Path(path)


def nearest(name: str, valid, listed: str = "") -> str:
    """Return ", did you mean 'x'?" for the valid name closest to `name`; where none is close, "; {listed}: a, b, ...", or
    nothing.
    """
    match = get_close_matches(str(name), [str(v) for v in valid], n=1, cutoff=0.5)
    if match:
        return f", did you mean '{match[0]}'?"
    return f"; {listed}: {', '.join(valid)}" if listed else ""


def choose(known: Mapping, name, what: str):
    """Return `known[name]` for the value `name` of the setting `what`.

    Raises
    ------
    InputError
        If it is not known: a value that the schema allows and the code does not must never become another one.
    """
    if name not in known:
        raise InputError(f"{what}: {name!r} is not one of {', '.join(map(str, known))}{nearest(name, known)}")
    return known[name]
