"""Overlapping communities of classes: communities of the links between hidden neurons and classes.

Every link has one community, so a class or neuron belongs to as many as its links do. They are Louvain communities of the
weighted line graph (Evans and Lambiotte, Eur. Phys. J. B 77, 265, 2010, their E): its nodes are the links, and two links
that meet in a node i of strength s_i are joined by w_a w_b / s_i, so that a node's links weigh as much together as they do
in the graph itself. A link's loop to itself is left out.
"""

import numpy as np
import pandas as pd

from neurons.coactivation.graph import CoactivationGraph
from neurons.graphs.louvain import best_run, louvain_runs

MOST_LINKS = 3000  # memory and time grow with the square of the links; of more the heaviest are taken


def heaviest_links(weights: np.ndarray, most: int = MOST_LINKS) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns of the `most` largest entries above 0 of a matrix (H, C), ascending (ties: the first)."""
    rows, columns = np.nonzero(weights > 0)
    heaviest = np.sort(np.argsort(-weights[rows, columns], kind="stable")[:most])
    return rows[heaviest], columns[heaviest]


def line_graph(weights: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the weighted line graph (L, L) of the links (`rows`, `columns`) of a matrix (H, C): symmetric, diagonal 0."""
    links = weights[rows, columns]
    joined = np.zeros((len(links), len(links)))
    for ends in (rows, columns):
        strength = np.bincount(ends, weights=links)
        joined += (ends[:, None] == ends) * np.outer(links, links / strength[ends])
    np.fill_diagonal(joined, 0)
    return (joined + joined.T) / 2  # products may differ in the last bit


def overlapping_table(graph: CoactivationGraph, threshold: float, resolution: float, runs: int) -> pd.DataFrame:
    """Return in which communities of links each class is, a row per community and class, those of most weight first.

    `share` is the part of the weight of the class's links that lies in the community, `neurons` the hidden neurons with a
    link in it, to any class; `modularity` that of the best of `runs` Louvain runs on the line graph; `links` how many
    links above `threshold` were used, of `links_found`. A class without links is in no community.
    """
    weights = np.where(graph.with_classes > threshold, graph.with_classes, 0).astype(np.float64)
    rows, columns = heaviest_links(weights)
    names = ["community", "class", "name", "share", "neurons", "modularity", "louvain_runs", "links", "links_found"]
    if not len(rows):
        return pd.DataFrame(columns=names)
    partitions, qualities = louvain_runs(line_graph(weights, rows, columns), resolution, runs)
    labels, links = partitions[best_run(qualities)], weights[rows, columns]
    strength = np.bincount(columns, weights=links, minlength=len(graph.classes))
    of_all = (qualities.max(), runs, len(rows), int((weights > 0).sum()))
    members = []
    by_weight = np.argsort(-np.bincount(labels, weights=links), kind="stable")
    for number, community in enumerate(by_weight, start=1):
        inside = labels == community
        parts = np.bincount(columns[inside], weights=links[inside], minlength=len(graph.classes))
        neurons = len(np.unique(rows[inside]))
        for c in np.flatnonzero(parts):
            members.append((f"C{number}", c, graph.classes[c], parts[c] / strength[c], neurons, *of_all))
    return pd.DataFrame(members, columns=names)
