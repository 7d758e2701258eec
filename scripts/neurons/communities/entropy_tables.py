"""Tables 5 and 6 and Figure 1 of "On the Evolution of Neuron Communities in a Deep Learning Architecture", for one run.

Frames have a column `seed`; the returned ones have the columns of the output contract.
"""

import pandas as pd

from neurons.core.series import ACCURACIES, correlation_rows, layer_numbers


def total_entropy(entropy: pd.DataFrame) -> pd.DataFrame:
    """Sum the entropies of all layers: columns seed, iteration, class, value (bits)."""
    total = entropy.groupby(["seed", "iteration", "class"], as_index=False)["entropy_bits"].sum()
    return total.rename(columns={"entropy_bits": "value"})


def entropy_correlations(entropy: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Correlations of the entropy over all hidden neurons with the accuracies."""
    total = total_entropy(entropy[entropy["class"] == "all"])
    return pd.DataFrame(correlation_rows(total, history, "entropy", {}))


def entropy_correlations_by_layer(entropy: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Table 5 for each layer: the sum over its neurons, the mean over its live ones, and how many these are.

    Where neurons die, the sum counts the living: it then goes with accuracy as `live_units` does.
    """
    rows = []
    whole = entropy[entropy["class"] == "all"]
    for name, number in layer_numbers(entropy).items():
        layer = whole[whole["layer"] == name]
        values = {"sum_bits": layer["entropy_bits"], "mean_live_bits": layer["entropy_bits"] / layer["live_neurons"]}
        values["live_units"] = layer["live_neurons"]
        for measure, value in values.items():
            labels = {"layer": number, "layer_name": name, "measure": measure}
            rows += correlation_rows(layer.assign(value=value), history, measure, labels)
    return pd.DataFrame(rows)


def class_entropy_correlations(
    entropy: pd.DataFrame, class_accuracy: pd.DataFrame, history: pd.DataFrame
) -> pd.DataFrame:
    """Correlations of each class's entropy with that class's accuracies."""
    total = total_entropy(entropy[entropy["class"] != "all"]).astype({"class": int})
    accuracy = class_accuracy.merge(history[["seed", "iteration", "epoch"]], on=["seed", "iteration"])
    rows = []
    for c in sorted(total["class"].unique()):
        of_class = accuracy[accuracy["class"] == c].drop(columns="class")
        rows += correlation_rows(total[total["class"] == c], of_class, "entropy", {"class": c})
    return pd.DataFrame(rows)


def series_table(entropy: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Series of Figure 1 per seed: entropy in bits and scaled to [0, 1] over the iterations, live units, accuracies."""
    whole = entropy[entropy["class"] == "all"]
    total = total_entropy(whole).drop(columns="class")
    total = total.rename(columns={"value": "entropy_bits"}).sort_values(["seed", "iteration"])
    by_seed = total.groupby("seed")["entropy_bits"]
    low, spread = by_seed.transform("min"), by_seed.transform("max") - by_seed.transform("min")
    total["normalized_entropy"] = ((total["entropy_bits"] - low) / spread.where(spread > 0)).fillna(0.0)
    live = whole.groupby(["seed", "iteration"], as_index=False)["live_neurons"].sum()
    total = total.merge(live.rename(columns={"live_neurons": "live_units"}), on=["seed", "iteration"])
    accuracies = [f"{kind}_accuracy" for kind in ACCURACIES]
    return total.merge(history[["seed", "iteration", "epoch", *accuracies]], on=["seed", "iteration"])


def class_series_table(entropy: pd.DataFrame, class_accuracy: pd.DataFrame) -> pd.DataFrame:
    """Series of each class per seed: entropy over its own samples in bits, neurons that any of them activates, accuracies."""
    by_class = entropy[entropy["class"] != "all"].astype({"class": int})
    keys = ["seed", "iteration", "class"]
    total = by_class.groupby(keys, as_index=False)[["entropy_bits", "live_neurons"]].sum()
    accuracies = [f"{kind}_accuracy" for kind in ACCURACIES if f"{kind}_accuracy" in class_accuracy]
    total = total.rename(columns={"live_neurons": "live_units"})
    return total.merge(class_accuracy[[*keys, *accuracies]], on=keys).sort_values(keys, ignore_index=True)
