"""Writing results so that a killed job leaves nothing that looks finished."""

import csv
import os
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


def write_csv(path, columns, rows) -> None:
    """Write `rows` (sequences in the order of `columns`) to a CSV file."""
    with atomic(path) as part, open(part, "w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(value) for value in row] for row in rows)
