"""Which classes a network finds alike: communities (Table 1), shared neighbours and mistakes (Figure 3), shared neurons.

Everything is read off the co-activation graph, except the mistakes, which are counted in the dump's test samples.
"""

import numpy as np
import pandas as pd

from neurons.coactivation.graph import SPLIT, CoactivationGraph
from neurons.core.statistics import LEAST_POINTS, pearson, spearman
from neurons.dumps.format import Dump
from neurons.graphs.louvain import best_run, louvain_runs

GRID = tuple(round(0.05 * step, 2) for step in range(20))  # neighbour thresholds in Figure 3's table, 0 to 0.95
STRONGEST = 3  # neurons drawn per number of classes that share them (Figure 5)


def class_communities(
    graph: CoactivationGraph, threshold: float, resolution: float, runs: int, edges: str = "all"
) -> tuple[np.ndarray, np.ndarray]:
    """Return the Louvain partitions of hidden and class nodes (runs, V), one a seed, and their modularities (runs,).

    `threshold` and `edges` are those of `CoactivationGraph.above`.
    """
    return louvain_runs(graph.above(threshold, edges), resolution, runs)


def community_table(graph: CoactivationGraph, partitions: np.ndarray, qualities: np.ndarray) -> pd.DataFrame:
    """Communities of the best run that hold a class or more than one neuron, those with most classes first.

    `modularity` is the best run's, `modularity_mean` and `modularity_sd` are over all runs; `strays` counts the nodes
    that are alone (neurons without edges).
    """
    best = best_run(qualities)
    labels, sizes = partitions[best], np.bincount(partitions[best])
    communities = []
    for community in range(len(sizes)):
        members = labels == community
        classes = graph.neuron[members & ~graph.hidden].tolist()
        if classes or sizes[community] > 1:
            communities.append((classes, int((members & graph.hidden).sum())))
    communities.sort(key=lambda item: (-len(item[0]), item[0], -item[1]))
    rows = [
        (f"C{number}", "; ".join(graph.classes[c] for c in classes), neurons)
        for number, (classes, neurons) in enumerate(communities, start=1)
    ]
    return pd.DataFrame(rows, columns=["community", "classes", "neurons"]).assign(
        modularity=qualities[best],
        modularity_mean=qualities.mean(),
        modularity_sd=qualities.std(ddof=1) if len(qualities) > 1 else float("nan"),
        louvain_runs=len(qualities),
        strays=int((sizes[labels] == 1).sum()),
    )


def stability(graph: CoactivationGraph, partitions: np.ndarray) -> np.ndarray:
    """Return the share of runs in which two classes are in one community, (C, C); 1 on the diagonal."""
    of_class = partitions[:, ~graph.hidden]
    return (of_class[:, :, None] == of_class[:, None, :]).mean(axis=0)


def pairs_table(graph: CoactivationGraph, **matrices: np.ndarray) -> pd.DataFrame:
    """Return symmetric (C, C) matrices as columns of a table with a row for each pair of different classes."""
    i, j = np.triu_indices(len(graph.classes), 1)
    names = np.array(graph.classes, object)
    columns = {"class_i": i, "class_j": j, "name_i": names[i], "name_j": names[j]}
    return pd.DataFrame(columns | {name: matrix[i, j] for name, matrix in matrices.items()})


def mistakes_among(dump: Dump, chosen: np.ndarray) -> np.ndarray:
    """Return how many of some test samples, bool (N,), of one class of a pair are taken for the other, either way.

    (C, C), the diagonal 0.
    """
    labels, classes = dump.labels(SPLIT), len(dump.classes)
    taken = np.zeros((classes, classes), int)
    for start, block in dump.probabilities(SPLIT):
        here = chosen[start : start + len(block)]
        np.add.at(taken, (labels[start : start + len(block)][here], block.argmax(axis=1)[here]), 1)
    np.fill_diagonal(taken, 0)
    return taken + taken.T


def mutual_mistakes(dump_path) -> np.ndarray:
    """Return `mistakes_among` all test samples of a dump, (C, C)."""
    with Dump(dump_path) as dump:
        return mistakes_among(dump, np.ones(len(dump.labels(SPLIT)), bool))


def neighbours(graph: CoactivationGraph, threshold: float) -> np.ndarray:
    """Return whether a hidden neuron is a class's neighbour: correlated with it above `threshold`, bool (H, C)."""
    return graph.with_classes > threshold


def jaccard(members: np.ndarray) -> np.ndarray:
    """Return the Jaccard index of each pair of sets given as bool (H, C): (C, C); NaN where both are empty."""
    member = members.astype(int)
    shared, sizes = member.T @ member, member.sum(axis=0)
    union = sizes[:, None] + sizes - shared
    return np.where(union > 0, shared / np.maximum(union, 1), np.nan)


def similarity_rows(graph: CoactivationGraph, mistakes: np.ndarray, threshold: float) -> tuple[pd.DataFrame, dict]:
    """Return Figure 3's rows at one `neighbour_threshold`, one for each pair of classes, and their correlations."""
    members = neighbours(graph, threshold)
    sizes = members.sum(axis=0)
    of_j = np.broadcast_to(sizes, mistakes.shape)
    rows = pairs_table(graph, neighbours_i=of_j.T, neighbours_j=of_j, jaccard=jaccard(members), mistakes=mistakes)
    rows.insert(0, "neighbour_threshold", threshold)
    known = rows.dropna(subset="jaccard")
    x, y = known["jaccard"].to_numpy(float), known["mistakes"].to_numpy(float)
    notes = [f"{len(rows) - len(known)} of {len(rows)} pairs have no neighbours"] if len(known) < len(rows) else []
    r, rho = (measure(x, y) if len(x) >= LEAST_POINTS else float("nan") for measure in (pearson, spearman))
    if r != r:
        notes.append("too few pairs" if len(x) < LEAST_POINTS else "a series is constant")
    summary = {
        "neighbour_threshold": threshold,
        "pearson": r,
        "spearman": rho,
        "pairs": len(known),
        "mean_neighbours": float(sizes.mean()),
        "note": "; ".join(notes),
    }
    return rows, summary


def similarity_tables(
    graph: CoactivationGraph, mistakes: np.ndarray, chosen: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return similarity against mistakes for every threshold of the grid and the chosen one, and the correlations.

    The column `drawn` marks the chosen `neighbour_threshold`.
    """
    results = [similarity_rows(graph, mistakes, threshold) for threshold in sorted({*GRID, chosen})]
    rows = pd.concat([rows for rows, _ in results], ignore_index=True)
    summary = pd.DataFrame([summary for _, summary in results])
    return tuple(frame.assign(drawn=(frame["neighbour_threshold"] == chosen).astype(int)) for frame in (rows, summary))


def strongest_neurons(graph: CoactivationGraph) -> list[tuple[int, tuple[int, ...]]]:
    """Return (node, (class,)) of each class's most correlated hidden neuron (Figure 4)."""
    nodes = np.flatnonzero(graph.hidden)
    return [(int(nodes[column.argmax()]), (c,)) for c, column in enumerate(graph.with_classes.T)]


def shared_neurons(graph: CoactivationGraph, threshold: float, classes: int) -> list[tuple[int, tuple[int, ...]]]:
    """Return (node, classes) of hidden neurons that are neighbours of exactly `classes` classes (Figure 5).

    Up to `STRONGEST`, each shared by other classes, ordered by their weakest correlation with a class that shares them.
    """
    members, nodes = neighbours(graph, threshold), np.flatnonzero(graph.hidden)
    weakest = np.where(members, graph.with_classes, np.inf).min(axis=1)
    by_classes = {}
    for row in np.argsort(-weakest, kind="stable"):
        sharing = tuple(np.flatnonzero(members[row]).tolist())
        if len(sharing) == classes and len(by_classes) < STRONGEST:
            by_classes.setdefault(sharing, int(nodes[row]))
    return [(node, sharing) for sharing, node in by_classes.items()]
