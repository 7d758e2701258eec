"""What every run's own tables hold and the papers' arrangement leaves out: deeper layers, all series, confidence."""

import numpy as np
import pandas as pd

from neurons.core.correlation import mean_known
from neurons.core.formats import MISSING, number, with_limits
from neurons.core.intervals import correlation_limits
from neurons.core.statistics import LEAST_POINTS, pearson

MOST_CLASSES = 10  # of which a matrix is shown; of more the means alone


def _change(first: float, last: float, digits: int = 1) -> str:
    return f"{number(first, digits)} → {number(last, digits)}"


def _shared(table: pd.DataFrame) -> pd.DataFrame:
    """Return Table 2's `shared` neurons of a run at its first and last iteration, the mean over seeds."""
    ends = table["iteration"].isin([table["iteration"].min(), table["iteration"].max()])
    chosen = table[ends & (table["matrix"] == "shared")]
    keys = ["layer", "layer_name", "iteration", "class_i", "class_j"]
    return chosen.groupby(keys, as_index=False, sort=True)["neurons"].mean()


def overlap_means(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return Table 2 of every run and layer in short, in texts: the mean over classes and pairs, first → last iteration."""
    rows = []
    for run, table in tables.items():
        for (_, name), layer in _shared(table).groupby(["layer", "layer_name"]):
            own = layer["class_i"] == layer["class_j"]
            cells = {}
            for title, part in (("neurons of one class alone", layer[own]), ("shared by a pair", layer[~own])):
                mean = part.groupby("iteration")["neurons"].mean()
                cells[title] = _change(mean.iloc[0], mean.iloc[-1])
            rows.append({"run": run, "layer": name, **cells, "seeds": table["seed"].nunique()})
    return pd.DataFrame(rows)


def overlap_matrices(tables: dict[str, pd.DataFrame], layer: int) -> pd.DataFrame:
    """Return Table 2 of one layer in texts: a row per run and class, first → last iteration; runs of few classes."""
    rows = []
    for run, table in tables.items():
        shared = _shared(table[table["layer"] == layer])
        if shared.empty or shared["class_i"].nunique() > MOST_CLASSES:
            continue
        ends = sorted(shared["iteration"].unique())
        grids = [
            shared[shared["iteration"] == iteration].pivot(index="class_i", columns="class_j", values="neurons")
            for iteration in (ends[0], ends[-1])
        ]
        for c in grids[0].index:
            cells = {str(other): _change(*(grid.loc[c, other] for grid in grids), 0) for other in grids[0]}
            rows.append({"run": run, "class": c, **cells})
    return pd.DataFrame(rows).fillna("")


def series_in_short(full: pd.DataFrame, steps: int = 5) -> pd.DataFrame:
    """Return Figure 1 of every run in texts at about `steps` iterations, first and last among them, means over seeds."""
    rows = []
    for run, series in full.groupby("run", sort=False):
        series = series.sort_values("iteration")
        picked = np.unique(np.linspace(0, len(series) - 1, min(steps, len(series))).round().astype(int))
        for row in series.iloc[picked].to_dict("records"):
            cells = {"run": run, "iteration": row["iteration"], "entropy, bits": number(row["entropy_bits"], 0)}
            cells["live units"] = number(row.get("live_units"), 0)
            for kind in ("running", "train", "test"):
                cells[f"{kind}, %"] = number(100 * row[f"{kind}_accuracy"])
            rows.append(cells)
    return pd.DataFrame(rows)


def entropy_by_live_units(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how far a run's entropy counts its living neurons, in texts: correlations are means over seeds, with limits.

    `tables`: the series of Figure 1 by run, with live units. Where these do not vary, there is no correlation.
    """
    rows = []
    for run, table in tables.items():
        by_seed = [own.sort_values("iteration") for _, own in table.groupby("seed")]
        first, last = (pd.DataFrame([own.iloc[end] for own in by_seed]).mean(numeric_only=True) for end in (0, -1))
        cells = {"run": run, "live units": _change(first["live_units"], last["live_units"], 0)}
        per_unit = [one["entropy_bits"] / one["live_units"] if one["live_units"] else np.nan for one in (first, last)]
        cells |= {"entropy, bits": _change(first["entropy_bits"], last["entropy_bits"], 0)}
        cells |= {"bits a live unit": _change(*per_unit, 2)}
        pairs = {
            "r(entropy, live units)": [(own["entropy_bits"], own["live_units"]) for own in by_seed],
            "r(bits a live unit, running accuracy)": [
                (own["entropy_bits"] / own["live_units"].where(own["live_units"] > 0), own["running_accuracy"])
                for own in by_seed
            ],
        }
        for title, both in pairs.items():
            cells[title] = _mean_correlation(both)
        rows.append(cells)
    return pd.DataFrame(rows)


def _mean_correlation(pairs: list[tuple[pd.Series, pd.Series]]) -> str:
    """Return the mean over seeds of a correlation over the iterations, with limits, as text.

    Where it is not defined for some seeds (a constant series, one with gaps, fewer than three iterations), it says for how
    many it is.
    """
    found = np.array(
        [
            pearson(x.to_numpy(float), y.to_numpy(float))
            if len(x) >= LEAST_POINTS and x.notna().all() and y.notna().all()
            else np.nan
            for x, y in pairs
        ]
    )
    known = int((~np.isnan(found)).sum())
    if not known:
        return MISSING
    limits = correlation_limits(found, max(len(pairs[0][0]), LEAST_POINTS))
    left_out = f" ({known} of {len(found)} seeds)" if known < len(found) else ""
    return with_limits(mean_known(found), *limits) + left_out


def confidence_in_short(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how well every score finds a run's wrong predictions at its last iteration, the mean over seeds, in texts."""
    rows = []
    for run, table in tables.items():
        last = table[table["iteration"] == table["iteration"].max()].fillna({"layers": ""})
        for (layers, score), part in last.groupby(["layers", "score"], sort=False):
            rates = {"all": "error_rate", "95 %": "risk_at_95", "80 %": "risk_at_80"}
            cells = {
                "run": run,
                "score": f"{score} ({layers})" if layers else score,
                "AUROC": number(part["auroc"].mean(), 3),
            }
            cells |= {f"wrong of {kept}, %": number(100 * part[name].mean()) for kept, name in rates.items()}
            rows.append(cells | {"seeds": part["seed"].nunique()})
    return pd.DataFrame(rows)
