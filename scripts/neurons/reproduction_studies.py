"""Which tables of the reproduction page belong to which paper, and the notes above them."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from neurons.reproduction_claims import Run
from neurons.reproduction_tables import (
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


def missing(title: str, path: Path) -> Table:
    """Return what stands in place of a table whose file is not there."""
    return Table(title, f"Not run: `{path.parent.name}/{path.name}` is not there.", pd.DataFrame())


def _shown(title: str, note: str, path: Path, make) -> Table:
    """Return the table that `make` turns the file at `path` into."""
    return Table(title, note, make(pd.read_csv(path))) if path.exists() else missing(title, path)


def communities(results: Path, runs: list[Run]) -> Iterable[Table]:
    """Yield Tables 1 to 6 and Figure 1 of the communities study."""
    folder = results / "paper" / "communities"
    own = [run.name for run in runs if "communities" in run.studies]
    paths = {run: results / run / "communities" / "table3_correlation.csv" for run in own}

    def with_correlation(full: pd.DataFrame) -> pd.DataFrame:
        tables = {run: pd.read_csv(path) for run, path in paths.items() if path.exists()}
        return sizes(full[full["run"].isin(list(tables))], tables)

    note = (
        "Percent after the last epoch, mean over seeds; training accuracy is the running one, which the paper prints."
    )
    yield _shown("Table 1: accuracies", note, folder / "table1.csv", accuracies)
    note = (
        "Layer 1, first seed: neurons that two classes share; diagonal: neurons of this class alone. The paper prints "
        "MNIST only. " + _BRACKETS
    )
    yield _shown("Table 2: overlap of the classes' neurons", note, folder / "table2.csv", overlaps)
    note = (
        "Layer 2, first seed; the correlation of neurons per community with the running accuracy is the mean over seeds. "
        "The paper's text holds no numbers of this table."
    )
    yield _shown("Table 3: sizes of the communities", note, folder / "table3.csv", with_correlation)
    note = "Correlation with the running training accuracy; in square brackets 95 % limits over seeds, from three on."
    for n, subject, keys in (
        (4, "modularity", ["run", "layer", "metric"]),
        (5, "entropy", ["run"]),
        (6, "entropy of a class", ["run", "class"]),
    ):
        title = f"Table {n}: {subject} and accuracy"
        yield _shown(title, note, folder / f"table{n}.csv", lambda full, keys=keys: correlations(full, keys))
    note = "Mean over seeds beside the series that the authors released."
    yield _shown("Figure 1: the series", note, folder / "figure1.csv", series)


def auxiliary(results: Path, runs: list[Run], published: Path) -> Iterable[Table]:
    """Yield Tables 1 to 4 and the average improvements of the auxiliary study."""
    folder = results / "paper" / "auxiliary"
    note = "Correlation with the running training accuracy; in square brackets 95 % limits over seeds, from three on."
    yield _shown("Table 1: entropy and accuracy", note, folder / "table1.csv", lambda full: correlations(full, ["run"]))
    five, layers = ("base", "auxiliary", "control"), ("base", "last2", "last1", "control")
    for n, subject, columns in (
        (2, "all layers", five),
        (3, "several models", five),
        (4, "the last two layers and the last", layers),
    ):
        path, title = folder / f"table{n}.csv", f"Table {n}: {subject}"
        if not path.exists():
            yield missing(title, path)
            continue
        full = pd.read_csv(path)
        known = [run for run, rows in full.groupby("run", sort=False) if rows["published_percent"].notna().any()]
        if not known:
            note = "No run of this configuration is on a data set and model of this table; see the averages below."
            yield Table(title, note, pd.DataFrame())
        for run in known:
            note = f"Accuracy in percent, mean over seeds. {_BRACKETS} {_CONTROL}"
            yield Table(f"{title}, {run}", note, iterations(full, run, columns))
    printed = pd.read_csv(published / "auxiliary_average_improvement.csv")
    note = (
        "Percentage points over the base model, averaged over the iterations; in square brackets 95 % limits over seeds, "
        "from three on. " + _CONTROL
    )
    yield Table("Average improvement", note, improvements(printed, runs, results))


def coactivation(results: Path) -> Iterable[Table]:
    """Yield Table 1 and the quoted figures of the co-activation study."""
    folder = results / "paper" / "coactivation"
    note = "The best of several seeded Louvain runs; communities are matched by nothing but their order."
    yield _shown("Table 1: classes by community", note, folder / "table1.csv", class_communities)
    note = "The paper judges Figures 4 and 5 (heat maps) by eye; ours lie in each run's folder."
    yield _shown("Figures 2 and 3: what the text quotes", note, folder / "figures.csv", figures)
