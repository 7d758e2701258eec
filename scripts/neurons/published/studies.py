"""Which tables of the reproduction page belong to which paper: its own, and what explains a disagreement or was not asked."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd

from neurons.auxiliary.probabilities import METHODS
from neurons.core.errors import MissingTable
from neurons.core.tables import read_csv_table
from neurons.published import agreement, base_method, more_tables, tables
from neurons.published.auxiliary import LAYER_COLUMNS
from neurons.published.beside import published_values
from neurons.published.claims import Run, tables_of
from neurons.published.tables import Table

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


def _further_communities(results: Path, runs: list[Run]) -> Iterator[Table]:
    """Yield what stands beside the tables of the communities study; what is missing they tell."""
    folder, names = results / "paper/communities", {"dtype": {"run": str}}
    if (path := folder / "agreement.csv").is_file():
        full = read_csv_table(path, agreement.COLUMNS, **names)
        yield Table(agreement.TITLE, f"{agreement.NOTE} {agreement.nearest(full)}", agreement.arranged(full))
    series, overlaps = (tables_of(runs, results, "communities", name) for name in ("figure1", "table2"))
    yield Table(
        "Entropy and live units",
        "Entropy is summed over hidden neurons, and one that never fires adds 0: where neurons die, the sum falls by that "
        "alone. First → last iteration, means over seeds; correlations over the iterations, in square brackets 95 % limits "
        "over seeds, from three on. A dash: the number of live units never changes, in no seed.",
        more_tables.entropy_by_live_units(series),
    )
    yield Table(
        "Table 2 of every run and layer, in short",
        "Means over classes, pairs of classes and seeds, first → last iteration. The paper prints layer 1 of MNIST only.",
        more_tables.overlap_means(overlaps),
    )
    yield Table(
        "Table 2, layer 2",
        "Diagonal: neurons of this class alone; means over seeds, first → last iteration.",
        more_tables.overlap_matrices(overlaps, 2),
    )
    if (path := folder / "figure1.csv").is_file():
        note = "Means over seeds at some iterations; all of them, and the figures, lie in each run's folder."
        yield Table("Figure 1 of every run", note, more_tables.series_in_short(read_csv_table(path, **names)))


def communities(results: Path, runs: list[Run]) -> Iterator[Table]:
    """Yield Tables 1 to 6 and Figure 1 of the communities study, then what stands beside them."""
    folder = results / "paper/communities"
    correlation = tables_of(runs, results, "communities", "table3_correlation")
    numbered = (
        (
            "Table 1: accuracies",
            "Percent after the last epoch, mean over seeds; training accuracy is the running one, which the paper prints.",
            tables.accuracies,
        ),
        (
            "Table 2: overlap of the classes' neurons",
            "Layer 1, first seed: neurons that two classes share; diagonal: neurons of this class alone. The paper prints "
            "MNIST only. " + _BRACKETS,
            tables.overlaps,
        ),
        (
            "Table 3: sizes of the communities",
            "Layer 2, first seed; the correlation of neurons per community with the running accuracy is the mean over "
            "seeds. The paper's text holds no numbers of this table.",
            partial(tables.sizes, correlation=correlation),
        ),
        (
            "Table 4: modularity and accuracy",
            _CORRELATION
            + " `modularity_z`: above a null model in which the neurons of a class fire independently; not defined "
            "where every pair of a class's neurons fires together in every draw, as in Eq. 3 of most large data sets.",
            partial(tables.correlations, keys=["run", "layer", "metric"]),
        ),
        ("Table 5: entropy and accuracy", _CORRELATION, partial(tables.correlations, keys=["run"])),
        ("Table 6: entropy of a class and accuracy", _CORRELATION, partial(tables.correlations, keys=["run", "class"])),
    )
    for n, (title, note, make) in enumerate(numbered, start=1):
        yield _table(title, note, folder / f"table{n}.csv", make)
    note = "Mean over seeds beside the series that the authors released."
    yield _table("Figure 1: the series", note, folder / "figure1.csv", tables.series)
    yield from (table for table in _further_communities(results, runs) if len(table.rows))


def _by_run(title: str, path: Path, columns: tuple[str, ...]) -> Iterator[Table]:
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
        yield Table(f"{title}, {run}", note, tables.iterations(full, run, columns))


def _further_auxiliary(results: Path, runs: list[Run], published: Path) -> Iterator[Table]:
    """Yield what stands beside the tables of the auxiliary study; what is missing they tell."""
    if (path := results / "paper/auxiliary/table2.csv").is_file():
        distances = base_method.base_distances(read_csv_table(path, dtype={"run": str}))
        note = (
            "The published base accuracies of Table 2 beside three of our methods: root mean square distance over the "
            "iterations in points, and Pearson's correlation in brackets. "
        )
        note += base_method.sentences(distances, base_method.boosted_and_released(published))
        yield Table("What the published base accuracies are of", note, base_method.arranged(distances))
    yield Table(
        "Confidence: risk against coverage",
        "Test set, last iteration, means over seeds: the chance that a wrong prediction has less confidence than a right one "
        "(AUROC), and the share of wrong ones among all, the 95 % and the 80 % most confident predictions. `agreement` and "
        "`likelihood` use activations, the others the softmax alone.",
        more_tables.confidence_in_short(tables_of(runs, results, "auxiliary", "confidence")),
    )


def auxiliary(results: Path, runs: list[Run], published: Path) -> Iterator[Table]:
    """Yield Tables 1 to 4 and the average improvements of the auxiliary study, then what stands beside them."""
    folder = results / "paper/auxiliary"
    by_run = partial(tables.correlations, keys=["run"])
    yield _table("Table 1: entropy and accuracy", _CORRELATION, folder / "table1.csv", by_run)
    yield from _by_run("Table 2: five methods", folder / "table2.csv", METHODS)
    yield from _by_run("Table 3: several models", folder / "table3.csv", METHODS)
    yield from _by_run("Table 4: the last two layers and the last", folder / "table4.csv", LAYER_COLUMNS)
    note = (
        "Percentage points over the base model, averaged over the iterations; in square brackets 95 % limits over seeds, "
        "from three on. " + _CONTROL
    )
    printed = published_values(published, "auxiliary_average_improvement")
    yield Table("Average improvement", note, tables.improvements(printed, runs, results))
    yield from (table for table in _further_auxiliary(results, runs, published) if len(table.rows))


def coactivation(results: Path) -> Iterator[Table]:
    """Yield Table 1 and the quoted figures of the co-activation study."""
    folder = results / "paper/coactivation"
    note = "The best of several seeded Louvain runs; communities are matched by nothing but their order."
    yield _table("Table 1: classes by community", note, folder / "table1.csv", tables.class_communities)
    note = "The paper judges Figures 4 and 5 (heat maps) by eye; ours lie in each run's folder."
    yield _table("Figures 2 and 3: what the text quotes", note, folder / "figures.csv", tables.figures)
