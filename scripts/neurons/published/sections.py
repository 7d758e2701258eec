"""Tables of the reproduction page that are not the papers' own: what explains a disagreement, and what was not asked before.

What is missing is left out here: the papers' own tables tell it.
"""

from collections.abc import Iterator
from pathlib import Path

from neurons.core.tables import read_csv_table
from neurons.published import agreement, base_method, more_tables
from neurons.published.claims import Run, tables_of
from neurons.published.tables import Table


def _communities(results: Path, runs: list[Run]) -> Iterator[Table]:
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


def _auxiliary(results: Path, runs: list[Run], published: Path) -> Iterator[Table]:
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


def communities(results: Path, runs: list[Run]) -> Iterator[Table]:
    """Yield what stands beside the tables of the communities study."""
    yield from (table for table in _communities(results, runs) if len(table.rows))


def auxiliary(results: Path, runs: list[Run], published: Path) -> Iterator[Table]:
    """Yield what stands beside the tables of the auxiliary study."""
    yield from (table for table in _auxiliary(results, runs, published) if len(table.rows))
