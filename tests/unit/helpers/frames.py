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


METHODS = ("base", "pattern", "proposed", "auxiliary", "control")
BOOSTING_HISTORY = pd.DataFrame(
    [(s, i, i, 0.5) for s in range(3) for i in range(1, 5)], columns=["seed", "iteration", "epoch", "running_accuracy"]
)


def accuracies(seeds=(0,), iterations=4, choices=("all", "last2", "last1")) -> pd.DataFrame:
    """Accuracies of the five methods by layer choice, on lines that rise with iteration and seed."""
    rows = []
    for seed in seeds:
        for iteration in range(1, iterations + 1):
            for split in ("train", "test"):
                base = 0.5 + 0.05 * iteration - (0.02 if split == "test" else 0) + 0.01 * seed
                gain = dict(zip(METHODS, (0, -0.1, 0.001, 0.02 + 0.001 * seed, 0.015)))
                for k, choice in enumerate(choices):
                    for method in METHODS:
                        extra = 0.001 * k * iteration if method == "auxiliary" else 0
                        rows.append((choice, method, split, base + gain[method] + extra, seed, iteration))
    return pd.DataFrame(rows, columns=["layers", "method", "split", "accuracy", "seed", "iteration"])
