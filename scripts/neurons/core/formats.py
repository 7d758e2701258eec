"""Numbers as texts: every form in which tables, pages and plans show them."""

from collections.abc import Sequence

MISSING = "–"  # stands where there is no number


def is_missing(value) -> bool:
    """Tell whether a value is None or NaN."""
    return value is None or value != value


def cell(value) -> str:
    """Return a table's cell: floats with `%.6g`, None and NaN as an empty cell."""
    if is_missing(value):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def number(value, digits: int = 2, sign: str = "", kind: str = "f") -> str:
    """Return a number with so many digits behind the point (`kind` "f") or in all ("g"), or a dash for a missing one.

    `sign="+"` writes the sign of positive numbers too, as differences have it.
    """
    return MISSING if is_missing(value) else f"{value:{sign}.{digits}{kind}}"


def with_limits(value, low, high, digits: int = 2, sign: str = "") -> str:
    """Return a number with its limits in square brackets, `0.50 [0.25, 0.75]`; without limits the number alone."""
    text = number(value, digits, sign)
    return text if is_missing(low) else f"{text} [{number(low, digits, sign)}, {number(high, digits, sign)}]"


def swap_text(difference, p) -> str:
    """Return `own - swapped` with the p of the seed swap, `+0.030, p 0.200`."""
    return number(difference, 3, "+") + ("" if is_missing(p) else f", p {p:.3f}")


def with_published(ours: str, published: str, difference: str = "") -> str:
    """Return our value with the published one (and the difference) in brackets, or alone where none is published."""
    if not any(map(str.isdigit, published)):
        return ours
    return f"{ours} ({published}, {difference})" if difference else f"{ours} ({published})"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, `1 table` or `2 tables`."""
    return f"{count} {noun}{'s' * (count != 1)}"


def named(names: Sequence[str]) -> str:
    """Return the first five of some names in brackets, after a space; nothing where there are none."""
    first = [*names[:5], *(["..."] if len(names) > 5 else [])]
    return f" ({', '.join(first)})" if first else ""


def duration(seconds: float) -> str:
    """Return a time in the unit that keeps it short: seconds, minutes or hours."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    if seconds < 99.5 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:,.1f} h" if seconds < 36_000 else f"{seconds / 3600:,.0f} h"


def file_size(count: float) -> str:
    """Return a number of bytes in the unit that keeps it short."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.4g} TB"


def markdown_table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table of texts in Markdown."""
    lines = [head, ["---"] * len(head), *([text.replace("|", "\\|") for text in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
