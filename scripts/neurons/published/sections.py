"""Tables of the reproduction page that are not the papers' own: what explains a disagreement, and what was not asked before."""

from pathlib import Path

from neurons.core.tables import read_csv_table
from neurons.published import agreement
from neurons.published.tables import Table


def settings_agreement(results: Path) -> Table:
    """Return how far every run of the communities study is from the published values, and which run is nearest."""
    path = results / "paper" / "communities" / "agreement.csv"
    full = read_csv_table(path, agreement.COLUMNS, dtype={"run": str})
    return Table(agreement.TITLE, f"{agreement.NOTE} {agreement.nearest(full)}", agreement.arranged(full))
