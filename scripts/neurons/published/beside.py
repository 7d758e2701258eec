"""Our tables beside the values that the papers print: the one join, and how a table of all runs is written."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from neurons.core.errors import RESTORE
from neurons.core.tables import read_csv_table, write_markdown, write_table

FOLDER = Path(__file__).parents[3] / "resources/published"  # the values that the papers print


def published_values(folder: Path, name: str) -> pd.DataFrame:
    """Return the published values of `{name}.csv`, which is part of the workflow."""
    return read_csv_table(folder / f"{name}.csv", remedy=RESTORE)


def stack_runs(tables: dict[str, pd.DataFrame], labels: dict[str, dict[str, str]]) -> pd.DataFrame:
    """Return the runs' tables as one, in front the run and its labels: the published data set (and model) it is set beside.

    Parameters
    ----------
    tables, labels : by run name; all labels have the same keys.
    """
    parts = [table.assign(run=run, **labels[run]) for run, table in tables.items()]
    front = ["run", *labels[next(iter(tables))]]
    whole = pd.concat(parts, ignore_index=True)
    return whole[front + [name for name in whole if name not in front]]


def join_published(
    ours: pd.DataFrame, published: pd.DataFrame, keys: list[str], values: dict[str, str], differences: bool = True
) -> pd.DataFrame:
    """Return our rows with the published values of the same keys, and the differences, ours less theirs.

    Parameters
    ----------
    values : the published column to set beside each of our columns.

    Returns
    -------
    Our columns, then `published_{column}`, then `difference_{column}` if wanted; NaN where nothing is published.
    """
    theirs = published[[*keys, *values.values()]]
    theirs = theirs.rename(columns={column: f"published_{name}" for name, column in values.items()})
    joined = ours.merge(theirs, on=keys, how="left", validate="many_to_one")
    wanted = values if differences else ()
    return joined.assign(**{f"difference_{name}": joined[name] - joined[f"published_{name}"] for name in wanted})


@dataclass(frozen=True)
class PaperTable:
    """How one table of a paper is made of the tables of all runs.

    Attributes
    ----------
    beside : takes the runs' tables and labels (see `stack_runs`) and the published values (None where there are none);
        returns every cell with its published value and the difference.
    arranged : takes what `beside` returned; returns it in the paper's own arrangement, in texts.
    published : the name of the published values, empty where the paper prints none.
    """

    title: str
    note: str
    beside: Callable[[dict, dict, pd.DataFrame | None], pd.DataFrame]
    arranged: Callable[[pd.DataFrame], pd.DataFrame]
    published: str = ""

    def compare(self, tables: dict, labels: dict, folder: Path, **more) -> pd.DataFrame:
        """Return `beside` of the runs' tables and the published values in `folder`, and `more` that it takes."""
        return self.beside(tables, labels, published_values(folder, self.published) if self.published else None, **more)

    def write(self, full: pd.DataFrame, arranged: pd.DataFrame, csv, markdown) -> None:
        """Write the table as CSV, and its arrangement as Markdown."""
        write_table(full, csv)
        write_markdown(arranged, markdown, self.title, self.note)


def numbered_tables(study: str, *tables: tuple[str, Callable, Callable], unprinted: tuple[int, ...] = ()) -> dict:
    """Return a study's tables of all runs by number, from 1, each of its note, `beside` and `arranged`.

    `unprinted`: the numbers of those without published values.
    """
    return {
        n: PaperTable(
            f"Table {n}, all runs beside the published values",
            *parts,
            published="" if n in unprinted else f"{study}_table{n}",
        )
        for n, parts in enumerate(tables, start=1)
    }
