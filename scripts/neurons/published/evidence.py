"""What the tables of a run say on a claim: reading them, and turning their rows into evidence over seeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path

import numpy as np
import pandas as pd

from neurons.core.formats import MISSING, with_limits
from neurons.core.intervals import Student, fisher_z, student_of_limits
from neurons.core.statistics import LEAST_POINTS
from neurons.core.tables import read_csv_table
from neurons.published.beside import published_values
from neurons.published.verdicts import Evidence, Judgement, adjusted

LABELS = ("layer", "metric", "class")  # what tells the rows of one kind of accuracy apart


@dataclass(frozen=True)
class Finding:
    """What was found on one part of a claim: texts to show, and the verdict on them."""

    published: str
    ours: str
    control: str
    judgement: Judgement


def no_figures(judgement: Judgement) -> Finding:
    """Return the finding of a part that there are no figures on."""
    return Finding(MISSING, MISSING, "", judgement)


@dataclass(frozen=True)
class Part:
    """One run's tables, and the published ones of the data set and model that it is compared with."""

    results: Path  # the folder of the run
    published: Path
    data: str
    model: str

    def table(self, name: str, *needed: str) -> pd.DataFrame:
        """Read a table of the run, such as `communities/table5`.

        Raises
        ------
        MissingTable, InputError
            If there is none; if it is damaged, or lacks a `needed` column.
        """
        return read_csv_table(self.results / f"{name}.csv", needed)

    def printed(self, name: str) -> pd.DataFrame:
        """Read the rows that a paper prints for this data set (and model, where it names one); none is no error."""
        if not (self.published / f"{name}.csv").exists():
            return pd.DataFrame()
        return chosen(published_values(self.published, name), {"dataset": self.data, "model": self.model})


def chosen(table: pd.DataFrame, where: dict) -> pd.DataFrame:
    """Return the rows whose columns have the wanted value, or one of the wanted values."""
    for key, value in where.items():
        if key in table:
            table = table[table[key].isin(value if isinstance(value, list) else [value])]
    return table


def limits_of(row: Mapping, name: str) -> tuple[float, float, float]:
    """Return a figure of a table's row and its limits over seeds."""
    return row[name], row[f"{name}_low"], row[f"{name}_high"]


def limited(row: Mapping, name: str, digits: int = 2, sign: str = "") -> str:
    """Return a figure of a table's row as text, with its limits as far as it has any."""
    return with_limits(*limits_of(row, name), digits, sign)


def student_of_mean(mean: float, low: float, high: float, seeds: int) -> Student:
    """Return a figure over `seeds` seeds as mean and standard error, from its limits.

    Without limits the mean alone stands, and has no test.
    """
    with_error = student_of_limits(low, high, seeds)
    return with_error if with_error.seeds else Student(mean, nan, 0 if isnan(mean) else seeds)


def student_of_correlation(mean: float, low: float, high: float, points: int, seeds: int) -> Student:
    """Return `student_of_mean` of a correlation of `points` points each, on the scale of Fisher's z."""
    return student_of_mean(*map(float, fisher_z(np.array([mean, low, high], float), points)), seeds)


def text_of(figure: Student, digits: int = 2, sign: str = "") -> str:
    """Return a figure over seeds with its limits."""
    return with_limits(figure.mean, *figure.limits(), digits, sign)


def correlation_evidence(row: Mapping, sign: int, bound: float = nan, published: float = nan) -> Evidence:
    """Return what a row of `core.correlation.COLUMNS` says on a claimed sign.

    `bound`, a correlation, counts as none; `published` is the paper's correlation, NaN where it prints none.
    """
    points = max(row["iterations"], LEAST_POINTS)
    return Evidence(
        student_of_correlation(*limits_of(row, "pearson"), points, int(row["seeds"] - row["seeds_undefined"])),
        sign,
        swap_p=row["swap_p"],
        own_minus_swapped=row["own_minus_swapped"],
        bound=float(np.arctanh(bound)),
        published=float(fisher_z(np.array(published), points)),
        missing=str(row["note"]) if isnan(row["pearson"]) else "",
    )


def _label(row: Mapping) -> dict:
    """Return what tells a row from the others of its table."""
    return {key: row[key] for key in LABELS if key in row}


def table_evidence(table: pd.DataFrame, sign: int, bound: float, printed: pd.DataFrame) -> list[tuple[dict, Evidence]]:
    """Return label and evidence of every row of a table of correlations with one kind of accuracy, as a paper prints it.

    The tests are corrected for the number of rows. `printed` are the paper's rows, which may be none.
    """
    known = {tuple(_label(row).values()): row["pearson"] for row in printed.to_dict("records")}
    labelled = [(_label(row), row) for row in table.to_dict("records")]
    evidence = [
        correlation_evidence(row, sign, bound, known.get(tuple(label.values()), nan)) for label, row in labelled
    ]
    return [(label, one) for (label, _), one in zip(labelled, adjusted(evidence))]
