"""What every run's own tables hold and the papers' arrangement leaves out: deeper layers, all series, confidence."""

import numpy as np
import pandas as pd

from neurons.core.correlation import correlate_seeds
from neurons.core.formats import number
from neurons.core.series import series_by_seed
from neurons.published.evidence import limited

MOST_CLASSES = 10  # of which a matrix is shown; of more the means alone


def _change(ends: pd.Series, digits: int = 1) -> str:
    """Return the first and the last of some values."""
    return f"{number(ends.iloc[0], digits)} → {number(ends.iloc[-1], digits)}"


def _shared(table: pd.DataFrame) -> pd.DataFrame:
    """Return Table 2's `shared` neurons of a run at its first and last iteration, the mean over seeds."""
    ends = table["iteration"].isin([table["iteration"].min(), table["iteration"].max()])
    keys = ["layer", "layer_name", "iteration", "class_i", "class_j"]
    return table[ends & (table["matrix"] == "shared")].groupby(keys, as_index=False)["neurons"].mean()


def overlap_means(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return Table 2 of every run and layer in short, in texts: the mean over classes and pairs, first → last iteration."""
    rows = []
    for run, table in tables.items():
        for (_, name), layer in _shared(table).groupby(["layer", "layer_name"]):
            alone = layer["class_i"] == layer["class_j"]
            means = layer.groupby([alone, "iteration"])["neurons"].mean()
            cells = {"run": run, "layer": name, "neurons of one class alone": _change(means.loc[True])}
            rows.append(cells | {"shared by a pair": _change(means.loc[False]), "seeds": table["seed"].nunique()})
    return pd.DataFrame(rows)


def overlap_matrices(tables: dict[str, pd.DataFrame], layer: int) -> pd.DataFrame:
    """Return Table 2 of one layer in texts: a row per run and class, first → last iteration; runs of few classes."""
    rows = []
    for run, table in tables.items():
        shared = _shared(table[table["layer"] == layer])
        if not shared.empty and shared["class_i"].nunique() <= MOST_CLASSES:
            for c, cells in shared.groupby("class_i"):
                changes = {str(other): _change(ends["neurons"], 0) for other, ends in cells.groupby("class_j")}
                rows.append({"run": run, "class": c, **changes})
    return pd.DataFrame(rows).fillna("")


def series_in_short(full: pd.DataFrame, steps: int = 5) -> pd.DataFrame:
    """Return Figure 1 of every run in texts at about `steps` iterations, first and last among them, means over seeds."""
    rows = []
    for run, series in full.groupby("run", sort=False):
        picked = np.unique(np.linspace(0, len(series) - 1, min(steps, len(series))).round().astype(int))
        for row in series.sort_values("iteration").iloc[picked].to_dict("records"):
            cells = {"run": run, "iteration": row["iteration"], "entropy, bits": number(row["entropy_bits"], 0)}
            cells["live units"] = number(row.get("live_units"), 0)
            accuracies = {f"{kind}, %": number(100 * row[f"{kind}_accuracy"]) for kind in ("running", "train", "test")}
            rows.append(cells | accuracies)
    return pd.DataFrame(rows)


def entropy_by_live_units(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how far a run's entropy counts its living neurons, in texts: correlations are means over seeds, with limits.

    `tables`: the series of Figure 1 by run, with live units. Where these do not vary, there is no correlation.
    """
    rows = []
    for run, table in tables.items():
        by_seed = table.sort_values(["seed", "iteration"]).groupby("seed")
        ends = pd.DataFrame([by_seed.nth(end).mean(numeric_only=True) for end in (0, -1)])
        per_unit = table["entropy_bits"] / table["live_units"].where(table["live_units"] > 0)
        rows.append(
            {
                "run": run,
                "live units": _change(ends["live_units"], 0),
                "entropy, bits": _change(ends["entropy_bits"], 0),
                "bits a live unit": _change(ends["entropy_bits"] / ends["live_units"].where(ends["live_units"] > 0), 2),
                "r(entropy, live units)": _correlation(table.assign(value=table["entropy_bits"]), "live_units"),
                "r(bits a live unit, running accuracy)": _correlation(table.assign(value=per_unit), "running_accuracy"),
            }
        )
    return pd.DataFrame(rows)


def _correlation(table: pd.DataFrame, target: str) -> str:
    """Return the mean over seeds of the correlation of `value` with the target over the iterations, with limits, as text.

    Where it is not defined for some seeds (a constant series, one with gaps, fewer than three iterations), it says for how
    many it is.
    """
    row = correlate_seeds(series_by_seed(table, target, "value"))
    known = row["seeds"] - row["seeds_undefined"]
    return limited(row, "pearson") + (f" ({known} of {row['seeds']} seeds)" if 0 < known < row["seeds"] else "")


def confidence_in_short(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how well every score finds a run's wrong predictions at its last iteration, the mean over seeds, in texts."""
    rates = {"all": "error_rate", "95 %": "risk_at_95", "80 %": "risk_at_80"}
    rows = []
    for run, table in tables.items():
        last = table[table["iteration"] == table["iteration"].max()].fillna({"layers": ""})
        for (layers, score), part in last.groupby(["layers", "score"], sort=False):
            cells = {"run": run, "score": f"{score} ({layers})" if layers else score}
            cells["AUROC"] = number(part["auroc"].mean(), 3)
            cells |= {f"wrong of {kept}, %": number(100 * part[name].mean()) for kept, name in rates.items()}
            rows.append(cells | {"seeds": part["seed"].nunique()})
    return pd.DataFrame(rows)
