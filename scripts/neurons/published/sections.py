"""Tables of the reproduction page that are not the papers' own: what explains a disagreement, and what was not asked before."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd

from neurons.core.errors import MissingTable
from neurons.core.tables import read_csv_table
from neurons.published import agreement, base_method, more_tables
from neurons.published.claims import Run
from neurons.published.tables import Table


def settings_agreement(results: Path) -> Table:
    """Return how far every run of the communities study is from the published values, and which run is nearest."""
    path = results / "paper" / "communities" / "agreement.csv"
    full = read_csv_table(path, agreement.COLUMNS, dtype={"run": str})
    return Table(agreement.TITLE, f"{agreement.NOTE} {agreement.nearest(full)}", agreement.arranged(full))


def published_base(results: Path, published: Path) -> Table:
    """Return what the published base accuracies of the auxiliary study are nearest to, and the sentences that follow."""
    full = read_csv_table(results / "paper" / "auxiliary" / "table2.csv", dtype={"run": str})
    distances = base_method.base_distances(full)
    note = (
        "The published base accuracies of Table 2 beside three of our methods: root mean square distance over the iterations "
        "in points, and Pearson's correlation in brackets. "
    )
    told = base_method.sentences(distances, base_method.boosted_and_released(published))
    return Table("What the published base accuracies are of", note + told, base_method.arranged(distances))


def _of_runs(results: Path, runs: list[Run], study: str, name: str) -> dict[str, pd.DataFrame]:
    """Return a table of every run of a study that has it."""
    paths = {run.name: results / run.name / study / f"{name}.csv" for run in runs if study in run.studies}
    return {run: read_csv_table(path) for run, path in paths.items() if path.exists()}


def overlaps_by_layer(results: Path, runs: list[Run]) -> list[Table]:
    """Return Table 2 of the communities study for all layers in short, and of layer 2 in full."""
    tables = _of_runs(results, runs, "communities", "table2")
    note = "Means over classes, pairs of classes and seeds, first → last iteration. The paper prints layer 1 of MNIST only."
    whole = "Diagonal: neurons of this class alone; means over seeds, first → last iteration."
    return [
        Table("Table 2 of every run and layer, in short", note, more_tables.overlap_means(tables)),
        Table("Table 2, layer 2", whole, more_tables.overlap_matrices(tables, 2)),
    ]


def series_of_runs(results: Path) -> Table:
    """Return Figure 1 of every run, at some of its iterations."""
    full = read_csv_table(results / "paper" / "communities" / "figure1.csv", dtype={"run": str})
    note = "Means over seeds at some iterations; all of them, and the figures, lie in each run's folder."
    return Table("Figure 1 of every run", note, more_tables.series_in_short(full))


def live_units(results: Path, runs: list[Run]) -> Table:
    """Return how far the entropy of every run counts its living neurons."""
    tables = _of_runs(results, runs, "communities", "figure1")
    note = (
        "Entropy is summed over hidden neurons, and one that never fires adds 0: where neurons die, the sum falls by that "
        "alone. First → last iteration, means over seeds; correlations over the iterations, in square brackets 95 % limits "
        "over seeds, from three on. A dash: the number of live units never changes, in no seed."
    )
    return Table("Entropy and live units", note, more_tables.entropy_by_live_units(tables))


def confidence(results: Path, runs: list[Run]) -> Table:
    """Return how well the scores of confidence find the wrong predictions of every run."""
    tables = _of_runs(results, runs, "auxiliary", "confidence")
    note = (
        "Test set, last iteration, means over seeds: the chance that a wrong prediction has less confidence than a right one "
        "(AUROC), and the share of wrong ones among all, the 95 % and the 80 % most confident predictions. `agreement` and "
        "`likelihood` use activations, the others the softmax alone."
    )
    return Table("Confidence: risk against coverage", note, more_tables.confidence_in_short(tables))


def _existing(makers: Iterable[Callable[[], Table | list[Table]]]) -> Iterator[Table]:
    """Yield the tables whose files exist; what is missing is told by the paper's own tables."""
    for make in makers:
        try:
            found = make()
        except MissingTable:
            continue
        yield from (table for table in (found if isinstance(found, list) else [found]) if len(table.rows))


def communities(results: Path, runs: list[Run]) -> Iterator[Table]:
    """Yield what stands beside the tables of the communities study."""
    yield from _existing(
        [
            lambda: settings_agreement(results),
            lambda: live_units(results, runs),
            lambda: overlaps_by_layer(results, runs),
            lambda: series_of_runs(results),
        ]
    )


def auxiliary(results: Path, runs: list[Run], published: Path) -> Iterator[Table]:
    """Yield what stands beside the tables of the auxiliary study."""
    yield from _existing([lambda: published_base(results, published), lambda: confidence(results, runs)])
