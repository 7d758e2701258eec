"""The names of measures and columns in tables, and figures with limits read from their rows."""

from collections.abc import Mapping

from neurons.core.formats import is_missing

NETWORK = "all"  # the layer of a measure of the whole network


def column_of(measure: str, layer: str) -> str:
    """Return the column of a measure in a frame of networks: its name, with `@layer` unless of the whole network."""
    return measure if layer == NETWORK else f"{measure}@{layer}"


def limited_columns(*names: str) -> tuple[str, ...]:
    """Return the columns of figures with limits."""
    return tuple(f"{name}{end}" for name in names for end in ("", "_low", "_high"))


def clear_sign(row: Mapping, name: str) -> int:
    """Return the sign of a row's figure whose limits exclude 0, else 0."""
    return int(row[f"{name}_low"] > 0) - int(row[f"{name}_high"] < 0)


def with_range(row: Mapping, name: str, sign: str = "") -> str:
    """Return a row's figure with its limits, `0.50 (0.25 to 0.75)`; nothing where it has none.

    `sign="+"` writes the sign of positive numbers too.
    """
    if is_missing(row[f"{name}_low"]):
        return ""
    value, low, high = (f"{row[column]:{sign}.2f}" for column in limited_columns(name))
    return f"{value} ({low} to {high})"
