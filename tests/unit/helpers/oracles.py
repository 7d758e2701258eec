"""Independent computations that several tests compare with. Nothing in here uses the library."""

import networkx as nx
import numpy as np


def split_modularity(weights, belonging) -> float:
    """Ordinary weighted modularity of the graph of copies (v, c) with weights X_vw alpha_vc alpha_wd."""
    graph, (n, k) = nx.Graph(), belonging.shape
    graph.add_nodes_from((v, c) for v in range(n) for c in range(k))
    for v in range(n):
        for w in range(v):
            for c, d in np.ndindex(k, k):
                graph.add_edge((v, c), (w, d), weight=weights[v, w] * belonging[v, c] * belonging[w, d])
    return nx.community.modularity(graph, [{(v, c) for v in range(n)} for c in range(k)])
