"""What a configuration may be made of: mappings with text as keys, lists, text, numbers that a float holds, booleans."""

import re
from math import isfinite
from unicodedata import category

from neurons.core.errors import InputError

LONGEST_NAME = 100  # characters; a file's name, of 255 bytes, holds more than a run's
MOST_VALUES, DEEPEST = 100_000, 50  # far beyond any real one; YAML's anchors make endless ones out of a few lines
# Snakemake takes a wildcard that ends in twenty repetitions for an endless recursion.
_PERIODIC = re.compile(r"(.+)\1{19}\Z")
_YAML_NUMBER = re.compile(r"([-+]?\d+(?:\.\d*)?)e([-+]?)(\d+)", re.IGNORECASE)


def _leaf_fault(value) -> str | None:
    """Return what is wrong with a value that is neither mapping nor list."""
    if isinstance(value, str):
        if any(category(character) in ("Cc", "Cs") for character in value):
            return "holds a control character, or is not UTF-8; write it without"
    elif isinstance(value, int | float):
        if abs(value) >= 2**63 and not isinstance(value, float):
            return "is too large a number; write one below 2^63"
    elif value is not None:
        return f"is a {type(value).__name__}; put it in quotes if text is meant"
    return None


def check_plain(config, file="") -> None:
    """Refuse a configuration (of a file) that holds what no setting is, or that holds itself.

    Raises
    ------
    InputError
        Naming the place.
    """
    todo, seen, of = [("the configuration", config, 0)], 0, f"config: {file}: " if file else "config: "
    while todo:
        where, value, depth = todo.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_VALUES:
            raise InputError(f"{of}{where[:100]}: nested too deep, or too many values; does an anchor hold itself?")
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, entry in entries:
            if isinstance(value, dict) and not isinstance(key, str):
                raise InputError(f"{of}{where}: the name {str(key)[:100]} must be text; put it in quotes")
            if isinstance(value, dict) and _leaf_fault(key):
                raise InputError(f"{of}{where}: the name {key!r} {_leaf_fault(key)}")
            todo.append((f"{where}.{key}" if depth else str(key), entry, depth + 1))
        if not isinstance(value, dict | list) and (fault := _leaf_fault(value)):
            raise InputError(f"{of}{where}: {str(value)[:100]!r} {fault}")


def check_name(section: str, name: str) -> None:
    """Refuse a name of a run or data set that cannot stand in a path, beside the pattern of the schema.

    Raises
    ------
    InputError
        Naming it.
    """
    where = f"config: {section}: the name '{name}'"
    if len(name) > LONGEST_NAME:
        raise InputError(f"{where} has {len(name)} characters; shorten it to {LONGEST_NAME} at most")
    if periodic := _PERIODIC.search(name):
        raise InputError(
            f"{where} ends in '{periodic[1]}' twenty times or more, which Snakemake takes for an endless name; shorten it"
        )


def is_number(value) -> bool:
    """Tell whether a value is a finite number, and no boolean (which Python counts as one)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def as_number(text) -> str | None:
    """Return how YAML writes the number that a text looks like, `1.0e-3` for "1e-3"; None if it is none.

    YAML 1.1 reads a number with an exponent as text unless it has a point and a sign.
    """
    number = _YAML_NUMBER.fullmatch(text) if isinstance(text, str) else None
    if not number:
        return None
    mantissa, sign, exponent = number.groups()
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{sign or '+'}{exponent}"
