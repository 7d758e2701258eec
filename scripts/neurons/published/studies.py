"""Which tables of the reproduction page belong to which paper, and the notes above them."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pandas as pd

from neurons.auxiliary.probabilities import METHODS
from neurons.core.errors import MissingTable
from neurons.core.tables import read_csv_table
from neurons.published.auxiliary import LAYER_COLUMNS
from neurons.published.beside import published_values
from neurons.published.claims import Run, tables_of
from neurons.published.tables import (
    Table,
    accuracies,
    class_communities,
    correlations,
    figures,
    improvements,
    iterations,
    overlaps,
    series,
    sizes,
)

_CONTROL = "`control` is the same auxiliary model fed the softmax twice, without any activations."
_BRACKETS = "In brackets the published value and the difference, ours less theirs."
_CORRELATION = (
    "Correlation with the running training accuracy; in square brackets 95 % limits over seeds, from three on. The control "
    "is `own - swapped`: how much more a network's measure goes with its own accuracy than with that of the other seeds' "
    "networks, with the p of the seed swap (from four seeds on, not corrected for the number of rows)."
)


def _missing(title: str, path: Path) -> Table:
    """Return what stands in place of a table whose file does not exist."""
    return Table(title, f"Not run: `{path.parent.name}/{path.name}` is not there.", pd.DataFrame())


def _table(title: str, note: str, path: Path, make: Callable[[pd.DataFrame], pd.DataFrame]) -> Table:
    """Return the table that `make` turns the file at `path` into."""
    try:
        return Table(title, note, make(read_csv_table(path)))
    except MissingTable:
        return _missing(title, path)


def communities(results: Path, runs: list[Run]) -> Iterable[Table]:
    """Yield Tables 1 to 6 and Figure 1 of the communities study."""
    folder = results / "paper/communities"
    correlation = tables_of(runs, results, "communities", "table3_correlation")
    tables = (
        (
            "Table 1: accuracies",
            "Percent after the last epoch, mean over seeds; training accuracy is the running one, which the paper prints.",
            accuracies,
        ),
        (
            "Table 2: overlap of the classes' neurons",
            "Layer 1, first seed: neurons that two classes share; diagonal: neurons of this class alone. The paper prints "
            "MNIST only. " + _BRACKETS,
            overlaps,
        ),
        (
            "Table 3: sizes of the communities",
            "Layer 2, first seed; the correlation of neurons per community with the running accuracy is the mean over "
            "seeds. The paper's text holds no numbers of this table.",
            partial(sizes, correlation=correlation),
        ),
        ("Table 4: modularity and accuracy", _CORRELATION, partial(correlations, keys=["run", "layer", "metric"])),
        ("Table 5: entropy and accuracy", _CORRELATION, partial(correlations, keys=["run"])),
        ("Table 6: entropy of a class and accuracy", _CORRELATION, partial(correlations, keys=["run", "class"])),
    )
    for n, (title, note, make) in enumerate(tables, start=1):
        yield _table(title, note, folder / f"table{n}.csv", make)
    note = "Mean over seeds beside the series that the authors released."
    yield _table("Figure 1: the series", note, folder / "figure1.csv", series)


def _by_run(title: str, path: Path, columns: tuple[str, ...]) -> Iterable[Table]:
    """Yield a table of accuracies per iteration for each run that is beside published values."""
    try:
        full = read_csv_table(path)
    except MissingTable:
        yield _missing(title, path)
        return
    known = full.loc[full["published_percent"].notna(), "run"].unique()
    if not len(known):
        note = "No run of this configuration is on a data set and model of this table; see the averages below."
        yield Table(title, note, pd.DataFrame())
    for run in known:
        note = f"Accuracy in percent, mean over seeds. {_BRACKETS} {_CONTROL}"
        yield Table(f"{title}, {run}", note, iterations(full, run, columns))


def auxiliary(results: Path, runs: list[Run], published: Path) -> Iterable[Table]:
    """Yield Tables 1 to 4 and the average improvements of the auxiliary study."""
    folder = results / "paper/auxiliary"
    by_run = partial(correlations, keys=["run"])
    yield _table("Table 1: entropy and accuracy", _CORRELATION, folder / "table1.csv", by_run)
    yield from _by_run("Table 2: five methods", folder / "table2.csv", METHODS)
    yield from _by_run("Table 3: several models", folder / "table3.csv", METHODS)
    yield from _by_run("Table 4: the last two layers and the last", folder / "table4.csv", LAYER_COLUMNS)
    note = (
        "Percentage points over the base model, averaged over the iterations; in square brackets 95 % limits over seeds, "
        "from three on. " + _CONTROL
    )
    printed = published_values(published, "auxiliary_average_improvement")
    yield Table("Average improvement", note, improvements(printed, runs, results))


def coactivation(results: Path) -> Iterable[Table]:
    """Yield Table 1 and the quoted figures of the co-activation study."""
    folder = results / "paper/coactivation"
    note = "The best of several seeded Louvain runs; communities are matched by nothing but their order."
    yield _table("Table 1: classes by community", note, folder / "table1.csv", class_communities)
    note = "The paper judges Figures 4 and 5 (heat maps) by eye; ours lie in each run's folder."
    yield _table("Figures 2 and 3: what the text quotes", note, folder / "figures.csv", figures)
