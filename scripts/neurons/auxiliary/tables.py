"""Tables 2 and 4 of "Leveraging Neuron Activation Patterns", for one run.

Frames have a column `seed`; accuracies are shares, improvements percentage points.
"""

from itertools import combinations

import numpy as np
import pandas as pd

from neurons.auxiliary.probabilities import METHODS
from neurons.core.correlation import mean_known
from neurons.core.intervals import student
from neurons.core.statistics import LEAST_POINTS, pearson
from neurons.data.dataset import SPLITS

BOOSTED = ("auxiliary", "control")


def _methods(accuracy: pd.DataFrame, choice: str) -> pd.DataFrame:
    """Put the methods of a layer choice side by side, by seed, iteration and split, with what two of them gain over base."""
    of_choice, index = accuracy[accuracy["layers"] == choice], ["seed", "iteration", "split"]
    wide = of_choice.pivot(index=index, columns="method", values="accuracy").reset_index()[[*index, *METHODS]]
    for method in BOOSTED:
        wide[f"{method}_points"] = 100 * (wide[method] - wide["base"])
    return wide.rename_axis(columns=None)


def _by_split(frame: pd.DataFrame, values: list[str]) -> pd.DataFrame:
    """Spread rows (seed, iteration, split) to a row per seed and iteration with columns `{value}_{split}`."""
    parts = [
        frame[frame["split"] == split].set_index(["seed", "iteration"])[values].add_suffix(f"_{split}")
        for split in SPLITS
        if split in set(frame["split"])
    ]
    return pd.concat(parts, axis=1).reset_index().sort_values(["seed", "iteration"])


def methods_table(accuracy: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Five methods per seed and iteration for the run's first layer choice, with the running training accuracy."""
    first = accuracy["layers"].iloc[0]
    table = _by_split(_methods(accuracy, first), [*METHODS, *(f"{method}_points" for method in BOOSTED)])
    table.insert(2, "layers", first)
    return table.merge(history[["seed", "iteration", "epoch", "running_accuracy"]], on=["seed", "iteration"])


def improvement_table(accuracy: pd.DataFrame) -> pd.DataFrame:
    """Average improvement over base in percentage points, of `auxiliary` and of `control`, per layer choice and split.

    The mean over iterations, then over seeds; from three seeds on with a 95 % interval.
    """
    rows = []
    for choice in accuracy["layers"].unique():
        methods = _methods(accuracy, choice)
        methods["difference"] = methods["auxiliary_points"] - methods["control_points"]
        for split in (split for split in SPLITS if split in set(methods["split"])):
            points, row = methods[methods["split"] == split], {"layers": choice, "split": split}
            for name in ("auxiliary_points", "control_points", "difference"):
                mean = student(points.groupby("seed")[name].mean().to_numpy())
                row[name], (row[f"{name}_low"], row[f"{name}_high"]) = mean.mean, mean.limits()
            rows.append(row | {"iterations": points["iteration"].nunique(), "seeds": points["seed"].nunique()})
    return pd.DataFrame(rows)


def layers_table(accuracy: pd.DataFrame) -> pd.DataFrame:
    """Accuracy of the auxiliary model by layer choice, per seed and iteration, beside base and control."""
    choices = list(accuracy["layers"].unique())
    parts = []
    for choice in choices:
        values = ["base", "control", "auxiliary"] if choice == choices[0] else ["auxiliary"]
        spread = _by_split(_methods(accuracy, choice), values).set_index(["seed", "iteration"])
        parts.append(spread.rename(columns=lambda name, c=choice: name.replace("auxiliary_", f"{c}_")))
    return pd.concat(parts, axis=1).reset_index()


def layers_correlation(accuracy: pd.DataFrame) -> pd.DataFrame:
    """Pearson's correlation over the iterations between the boosted accuracies of two layer choices, per split.

    The paper's pair is last2 and last1. The mean over the seeds where it is defined; a note names those whose series is
    constant or short.
    """
    boosted = accuracy[accuracy["method"] == "auxiliary"]
    choices = list(accuracy["layers"].unique())
    rows = []
    for a, b in combinations(choices, 2):
        for split in (split for split in SPLITS if split in set(boosted["split"])):
            series = boosted[boosted["split"] == split].sort_values("iteration")
            values, notes = [], {}
            for seed, part in series.groupby("seed", sort=False):
                x, y = (part[part["layers"] == choice]["accuracy"].to_numpy(float) for choice in (a, b))
                short = len(x) < LEAST_POINTS
                values.append(float("nan") if short else pearson(x, y))
                if np.isnan(values[-1]):
                    notes[seed] = f"fewer than {LEAST_POINTS} iterations" if short else "accuracy constant"
            note = "; ".join(text if len(values) == 1 else f"seed {seed}: {text}" for seed, text in notes.items())
            rows.append((a, b, split, mean_known(np.array(values)), series["iteration"].nunique(), len(values), note))
    columns = ["layers_a", "layers_b", "split", "pearson", "iterations", "seeds", "note"]
    return pd.DataFrame(rows, columns=columns)
