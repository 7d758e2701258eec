"""Tables of the reproduction page that are not the papers' own: what explains a disagreement, and what was not asked before."""

from pathlib import Path

from neurons.core.tables import read_csv_table
from neurons.published import agreement, base_method
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
