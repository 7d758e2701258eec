"""A measure against accuracy over several seeds: the row that Tables 4 to 6 and the auxiliary study's Table 1 share."""

from math import nan

import numpy as np

from neurons.core.intervals import correlation_limits
from neurons.core.permutation import swap_columns
from neurons.core.statistics import COLUMNS, LEAST_POINTS, MEASURES, Series, correlate


def mean_known(values: np.ndarray) -> float:
    """Return the mean of the values (S,) that are known, NaN if none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else nan


def correlate_seeds(seeds: list[Series]) -> dict:
    """Return the row of correlations that all tables share (`COLUMNS`).

    Each correlation is the mean over the seeds where it is defined, with 95 % limits over seeds on Fisher's z from three
    seeds on. `swapped`, `own_minus_swapped` and `swap_p` are the seed swap's, the control that decides. `seeds_undefined`
    counts the seeds without Pearson's correlation; the note names them with the reason.
    """
    results = [(series.seed, *correlate(series)) for series in seeds]
    points = len(seeds[0].measure)
    row = {}
    for name in MEASURES:
        values = np.array([correlations[name] for _, correlations, _ in results])
        row[name] = mean_known(values)
        row[f"{name}_low"], row[f"{name}_high"] = correlation_limits(values, max(points, LEAST_POINTS))
    notes = [note if len(seeds) == 1 else f"seed {seed}: {note}" for seed, _, note in results if note]
    swap = swap_columns(seeds)
    row |= swap | {
        "iterations": points,
        "seeds": len(seeds),
        "seeds_undefined": sum(np.isnan(correlations["pearson"]) for _, correlations, _ in results),
        "note": "; ".join([*notes, swap["note"]] if swap["note"] else notes),
    }
    return {name: row[name] for name in COLUMNS}
