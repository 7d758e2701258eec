"""Tables that the tests of the studies' tables are made on. Nothing in here uses the library."""

import numpy as np
import pandas as pd

SHARED = [
    "pearson",
    "spearman",
    "pearson_low",
    "pearson_high",
    "spearman_low",
    "spearman_high",
    "pearson_given_epoch",
    "pearson_given_epoch_low",
    "pearson_given_epoch_high",
    "pearson_differences",
    "pearson_differences_low",
    "pearson_differences_high",
    "swapped",
    "own_minus_swapped",
    "swap_p",
    "iterations",
    "seeds",
    "seeds_undefined",
    "note",
]
KINDS = ("running", "train", "test")


def history(seeds=(0, 1, 2), iterations=6, interval=2) -> pd.DataFrame:
    """Accuracies at random, different for every seed and kind; shuffled rows, since order must not matter."""
    rng = np.random.default_rng(1)
    rows = [
        {"seed": s, "iteration": i, "epoch": interval * i} | {f"{kind}_accuracy": rng.random() for kind in KINDS}
        for s in seeds
        for i in range(1, iterations + 1)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=0, ignore_index=True)


def entropy(seeds=(0, 1, 2), iterations=6, layers=("dense_1", "dense_2"), classes=3) -> pd.DataFrame:
    """Entropies at random in the contract's columns; `class` is a column of texts, as it is read from CSV."""
    rng = np.random.default_rng(2)
    rows = [
        (layer, str(c), rng.uniform(1, 50), 20, int(rng.integers(5, 20)), s, i)
        for s in seeds
        for i in range(1, iterations + 1)
        for layer in layers
        for c in ("all", *range(classes))
    ]
    return pd.DataFrame(
        rows, columns=["layer", "class", "entropy_bits", "neurons", "live_neurons", "seed", "iteration"]
    )


def modularity(metrics, seeds=(0, 1, 2), iterations=6, layers=("dense_1", "dense_2")) -> pd.DataFrame:
    """Community measures at random in the contract's columns; whole numbers from 1 where the measure is a count."""
    rng = np.random.default_rng(3)
    counts = ("vertices", "communities", "community_")
    rows = [
        (layer, m, float(rng.integers(1, 30)) if m.startswith(counts) else rng.random(), None, s, i)
        for s in seeds
        for i in range(1, iterations + 1)
        for layer in layers
        for m in metrics
    ]
    return pd.DataFrame(rows, columns=["layer", "metric", "value", "sd", "seed", "iteration"])


def mean_correlation(function, values, accuracies, kind: str, seeds=(0, 1, 2)) -> float:
    """Correlate per seed, iteration by iteration (scipy's function), and average over seeds."""
    results = []
    for s in seeds:
        accuracy = accuracies[accuracies["seed"] == s].set_index("iteration")[f"{kind}_accuracy"]
        own = [values[s, i] for i in sorted(accuracy.index)]
        results.append(function(own, accuracy.sort_index()).statistic)
    return float(np.mean(results))
