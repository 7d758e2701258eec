"""Writing results so that a killed job leaves nothing that looks finished, and a damaged one is told when it is read."""

import csv
import hashlib
import os
import re
from contextlib import contextmanager
from pathlib import Path

from neurons.core.formats import cell


@contextmanager
def atomic(path):
    """Yield a temporary path beside `path`; rename it to `path` if the block succeeds, else delete it.

    The temporary name is fixed (`.NAME.part`), so what a SIGKILL leaves behind is overwritten next time.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_utf8(path, text: str) -> None:
    """Write a text file in UTF-8, whole or not at all."""
    with atomic(path) as part:
        part.write_text(text, encoding="utf-8")


def checksum(path, algorithm: str = "sha256") -> str:
    """Return the hex digest of a file's content."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def checksum_file(path) -> Path:
    """Return the path of a file's recorded checksum, `.NAME.sha256` beside it, as `sha256sum --check` reads it."""
    return Path(path).with_name(f".{Path(path).name}.sha256")


@contextmanager
def recorded(path):
    """Do as `atomic` does, and record the file's checksum before it takes its name.

    What is read back by `read_recorded` is then known to be all that was written, whatever its form and its time. The
    record is written in place: over a network file system a reader never finds an older one.
    """
    path = Path(path)
    with atomic(path) as part:
        yield part
        checksum_file(path).write_text(f"{checksum(part)}  {path.name}\n", encoding="utf-8")


def read_recorded(path) -> bytes:
    """Return the content of a file, checked against its recorded checksum where there is one.

    A file that was copied here without its record, or written by other means, is taken as it is.

    Raises
    ------
    ValueError
        If the content is not what was recorded.
    """
    content, record = Path(path).read_bytes(), checksum_file(path)
    try:
        digest, _, name = record.read_text(encoding="utf-8").partition("  ")
    except (OSError, ValueError):
        return content
    of_this_file = name == f"{Path(path).name}\n" and re.fullmatch("[0-9a-f]{64}", digest)
    if of_this_file and hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"damaged or changed after it was written (its checksum is not that of {record.name})")
    return content


def write_csv(path, columns, rows) -> None:
    """Write `rows` (sequences in the order of `columns`) to a CSV file."""
    with recorded(path) as part, open(part, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(value) for value in row] for row in rows)
