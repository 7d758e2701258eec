"""Tables 1 to 4 of "On the Evolution of Neuron Communities in a Deep Learning Architecture", for one run.

Frames have a column `seed`; the returned ones have the columns of the output contract.
"""

import numpy as np
import pandas as pd

from neurons.core.hdf5 import open_hdf5
from neurons.core.series import ACCURACIES, correlation_rows, layer_numbers
from neurons.dumps.format import Dump
from neurons.graphs.pattern_graph import ActivationGraph
from neurons.networks.names import hidden_layers


def architecture(source, settings: dict, imported: bool) -> dict:
    """Return Table 1's facts of a run from its converted data set, or for an imported run from its first dump."""
    if imported:
        with Dump(source) as dump:
            widths = " ".join(str(dump.width(layer)) for layer in dump.layers)
            classes, size = len(dump.classes), ""
    else:
        with open_hdf5(source) as file:
            size = "x".join(map(str, file["train/images"].shape[1:]))
            widths, classes = hidden_layers(settings["model"]), len(file.attrs["classes"])
    return {"image_size": size, "labels": settings["labels"], "hidden_layers": widths, "output_layer": classes}


def accuracy_table(history: pd.DataFrame, facts: dict) -> pd.DataFrame:
    """Architecture and accuracies (shares) at the last iteration, the mean over seeds with its standard deviation."""
    last = history[history["iteration"] == history["iteration"].max()]
    epochs, iterations = (int(last[name].iloc[0]) for name in ("epoch", "iteration"))
    row = {**facts, "epochs": epochs, "iterations": iterations, "seeds": len(last)}
    for kind in ACCURACIES:
        row[f"{kind}_accuracy"] = last[f"{kind}_accuracy"].mean()
        row[f"{kind}_accuracy_sd"] = last[f"{kind}_accuracy"].std(ddof=1)
    return pd.DataFrame([row])


def overlap(membership: np.ndarray) -> dict[str, np.ndarray]:
    """Return Table 2's two (C, C) matrices of a layer's class sets, given as bool (C, V).

    `exclusive`: neurons in exactly the sets i and j (diagonal: in set i only). `shared`: |S_i & S_j| off the
    diagonal, and on it the same as `exclusive`, which is how the paper prints it.
    """
    member = membership.astype(int)
    exclusive = member * (member.sum(axis=0) == 2) @ member.T
    alone = (member * (member.sum(axis=0) == 1)).sum(axis=1)
    shared = member @ member.T
    np.fill_diagonal(exclusive, alone)
    np.fill_diagonal(shared, alone)
    return {"exclusive": exclusive, "shared": shared}


def overlap_table(graphs: list[tuple[int, int, dict[str, ActivationGraph]]]) -> pd.DataFrame:
    """Overlap of the class sets, a row per pair of classes, from (seed, iteration, graphs by layer)."""
    rows = []
    for seed, iteration, layers in graphs:
        for number, (name, graph) in enumerate(layers.items(), start=1):
            for kind, matrix in overlap(graph.membership).items():
                for (i, j), neurons in np.ndenumerate(matrix):
                    rows.append((seed, iteration, number, name, kind, i, j, neurons))
    columns = ["seed", "iteration", "layer", "layer_name", "matrix", "class_i", "class_j", "neurons"]
    return pd.DataFrame(rows, columns=columns)


def sizes_table(modularity: pd.DataFrame, correlations: pd.DataFrame) -> pd.DataFrame:
    """Sizes of the largest Louvain communities at the first and last iteration, a row per layer, iteration and seed.

    `correlations` are those of `nodes_per_community` from `modularity_correlations`; Pearson's stands beside the sizes.
    """
    numbers = layer_numbers(modularity)
    ends = modularity["iteration"].isin([modularity["iteration"].min(), modularity["iteration"].max()])
    wide = modularity[ends].pivot(index=["layer", "iteration", "seed"], columns="metric", values="value").reset_index()
    ranks = sorted(int(name.removeprefix("community_")) for name in wide if name.startswith("community_"))
    sizes = [f"community_{rank}" for rank in ranks]
    wide["layer_name"], wide["layer"] = wide["layer"], wide["layer"].map(numbers)
    counts = ["vertices", "communities", *sizes]
    wide[counts] = wide[counts].astype(int)
    pearson = correlations.pivot(index="layer", columns="accuracy", values="pearson").add_prefix("pearson_")
    wide = wide.merge(pearson.reset_index(), on="layer").sort_values(["layer", "iteration", "seed"])
    columns = ["layer", "layer_name", "iteration", "seed", "vertices", "communities", "nodes_per_community", "louvain"]
    return wide[[*columns, *sizes, *pearson]].rename_axis(columns=None)


def modularity_correlations(
    modularity: pd.DataFrame, history: pd.DataFrame, metrics: tuple[str, ...], rows_of=correlation_rows
) -> pd.DataFrame:
    """Correlations of community measures with the accuracies, per layer: Table 4, and the last column of Table 3.

    `rows_of` makes the rows of a layer and metric: `series.correlation_rows` over seeds, or `series.seed_rows` by seed.
    """
    rows = []
    for name, number in layer_numbers(modularity).items():
        for metric in metrics:
            chosen = modularity[(modularity["layer"] == name) & (modularity["metric"] == metric)]
            labels = {"layer": number, "layer_name": name, "metric": metric}
            rows += rows_of(chosen, history, metric, labels)
    return pd.DataFrame(rows)
