"""Tables on disk: written as CSV and Markdown, and read back by the one reader that checks them."""

from io import BytesIO
from pathlib import Path

import pandas as pd

from neurons.core.errors import REBUILD, InputError, MissingTable
from neurons.core.files import read_recorded, recorded, write_utf8
from neurons.core.formats import cell, markdown_table


def markdown(frame: pd.DataFrame) -> str:
    """Return a table in Markdown, its cells as `formats.cell` writes them."""
    return markdown_table(list(map(str, frame)), [list(map(cell, row)) for row in frame.itertuples(index=False)])


def write_table(frame: pd.DataFrame, path) -> None:
    """Write a table as CSV: floats `%.6g`, no value = empty."""
    with recorded(path) as part:
        frame.to_csv(part, index=False, float_format="%.6g", lineterminator="\n", encoding="utf-8")


def write_markdown(frame: pd.DataFrame, path, title: str, notes: str) -> None:
    """Write a table as Markdown, below a heading and a paragraph of notes."""
    write_utf8(path, f"# {title}\n\n{notes}\n\n{markdown(frame)}")


def _check_whole(content: bytes) -> None:
    """Raise a ValueError where a file's content cannot be a whole table of text, before it is parsed."""
    if not content:
        raise ValueError("an empty file")
    if b"\0" in content:
        raise ValueError("no table of text")
    if not content.endswith(b"\n"):
        raise ValueError("ends in the middle of a line")


def read_csv_table(path, columns=(), remedy: str = REBUILD, **options) -> pd.DataFrame:
    """Read a CSV, with pandas' options, and check that it is a whole table.

    Parameters
    ----------
    columns : names that the table must have; it may have more.
    remedy : what a user should do about a damaged file.

    Raises
    ------
    MissingTable
        If there is no such file.
    InputError
        If it is not what was written, empty, cut off, no table, or lacks a column.
    """
    try:
        content = read_recorded(path)
        _check_whole(content)
        frame = pd.read_csv(BytesIO(content), **options)
        if missing := [name for name in columns if name not in frame]:
            raise ValueError(f"no column '{missing[0]}'")
    except FileNotFoundError:
        raise MissingTable(path) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {error}; {remedy}") from None
    return frame


def copy_table(source, target) -> None:
    """Write a CSV's bytes under another name as well; errors are those of `read_csv_table`."""
    read_csv_table(source)
    with recorded(target) as part:
        part.write_bytes(Path(source).read_bytes())


def read_seeds(seeds: list[int], paths: list[str], columns=()) -> pd.DataFrame:
    """Read one CSV per seed into one frame with a column `seed`; `columns` and errors as in `read_csv_table`."""
    frames = [read_csv_table(path, columns).assign(seed=seed) for seed, path in zip(seeds, paths)]
    return pd.concat(frames, ignore_index=True)


def read_iterations(seeds: list[int], paths: list[str], columns=()) -> pd.DataFrame:
    """Read the CSVs of all iterations (`.../{iteration}.csv`), seed by seed, with columns `seed` and `iteration`.

    `columns` and errors are those of `read_csv_table`.
    """
    each = len(paths) // len(seeds)
    frames = [
        read_csv_table(path, columns).assign(seed=seeds[i // each], iteration=int(Path(path).stem))
        for i, path in enumerate(paths)
    ]
    return pd.concat(frames, ignore_index=True)
