"""The tables of all runs in their papers' own arrangement, made of the CSVs; the report page shows them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from neurons.core.tables import read_csv_table
from neurons.published import agreement, auxiliary, coactivation, coactivation_settings, communities, sensitivity


def _read(path: Path) -> pd.DataFrame:
    return read_csv_table(path, dtype={"run": str, "value": str})  # names, even where they look like numbers


def _arranged(arrange: Callable[[pd.DataFrame], pd.DataFrame], path: Path) -> pd.DataFrame:
    return arrange(_read(path))


def _layers_arranged(path: Path) -> pd.DataFrame:
    """Return Table 4 of the auxiliary study; its last row comes from the runs' own folders beside `paper/`."""
    full, results = _read(path), path.parents[2]
    paths = {run: results / run / "auxiliary" / "table4_correlation.csv" for run in full["run"].unique()}
    correlations = {run: read_csv_table(path) for run, path in paths.items() if path.exists()}
    return auxiliary.with_correlations(auxiliary.TABLES[4].arranged(full), correlations)


# By path below the folder of results: what returns the arrangement of the CSV there.
ARRANGED: dict[str, Callable[[Path], pd.DataFrame]] = {
    **{f"paper/communities/table{n}.csv": partial(_arranged, one.arranged) for n, one in communities.TABLES.items()},
    **{f"paper/auxiliary/table{n}.csv": partial(_arranged, one.arranged) for n, one in auxiliary.TABLES.items()},
    "paper/auxiliary/table4.csv": _layers_arranged,
    "paper/coactivation/table1.csv": partial(_arranged, coactivation.TABLES["table1"].arranged),
    "paper/communities/agreement.csv": partial(_arranged, agreement.arranged),
    "paper/coactivation/readings.csv": partial(_arranged, coactivation_settings.arranged),
    "paper/sensitivity/table.csv": partial(_arranged, sensitivity.arranged),
}
