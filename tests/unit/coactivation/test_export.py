import h5py
import igraph
import networkx as nx
import numpy as np
import pytest

from neurons.coactivation.export import export_graph, write_exports
from neurons.coactivation.graph import write_coactivation


@pytest.fixture
def graph_file(small_dump, tmp_path, rng):
    path, arrays = small_dump(widths={"conv_1": 3, "dense_1": 5})
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["test/images"] = rng.integers(0, 256, (6, 2, 2)).astype(np.uint8)
    write_coactivation(path, tmp_path / "data.h5", tmp_path / "graph.h5")
    return tmp_path / "graph.h5"


def pairs(path, layers) -> np.ndarray:
    """All correlations among some layers, read by h5py alone."""
    with h5py.File(path) as file:
        rows = []
        for a in layers:
            blocks = []
            for b in layers:
                forward = f"correlation/{a}/{b}" in file
                blocks.append(file[f"correlation/{a}/{b}"][:] if forward else file[f"correlation/{b}/{a}"][:].T)
            rows.append(np.concatenate(blocks, axis=1))
    return np.nan_to_num(np.concatenate(rows))


@pytest.mark.parametrize("threshold", [0.0, 0.4])
def test_exports_open_in_igraph_and_networkx(graph_file, tmp_path, threshold):
    write_exports(export_graph(graph_file, threshold, "positive", False), tmp_path / "g.graphml", tmp_path / "g.gexf")
    weights = np.triu(pairs(graph_file, ["conv_1", "dense_1", "output"]), 1)
    i, j = np.nonzero(weights > threshold)
    wanted = {(int(a), int(b)): float(weights[a, b]) for a, b in zip(i, j)}
    names = [f"conv_1:{n}" for n in range(3)] + [f"dense_1:{n}" for n in range(5)] + [f"output:{n}" for n in range(3)]

    opened = igraph.Graph.Read_GraphML(str(tmp_path / "g.graphml"))
    assert opened.vs["name"] == names
    assert opened.vs["kind"] == ["filter"] * 3 + ["unit"] * 5 + ["class"] * 3
    assert opened.vs["layer"] == [name.split(":")[0] for name in names]
    assert opened.vs["class_name"] == [""] * 8 + ["a", "b", "c"]
    assert {e.tuple: pytest.approx(e["weight"], abs=1e-5) for e in opened.es} == wanted

    graphml, gexf = nx.read_graphml(tmp_path / "g.graphml"), nx.read_gexf(tmp_path / "g.gexf")
    graphml = nx.relabel_nodes(graphml, nx.get_node_attributes(graphml, "name"))
    for read in (graphml, gexf):
        assert read.number_of_edges() == len(wanted) and list(read.nodes) == names
        assert read.nodes["output:1"]["class_name"] == "b" and read.nodes["output:1"]["kind"] == "class"
        assert read.nodes["dense_1:4"]["layer"] == "dense_1" and read.nodes["dense_1:4"]["label"] == "dense_1 4"
        for (a, b), weight in wanted.items():
            assert read.edges[names[a], names[b]]["weight"] == pytest.approx(weight, abs=1e-5)


def test_signed_exports_keep_negative_edges_and_pixels_can_be_put_in(graph_file, tmp_path):
    graph = export_graph(graph_file, 0.1, "signed", True)
    weights = pairs(graph_file, ["conv_1", "dense_1", "output"])
    with h5py.File(graph_file) as file:
        blocks = [file[f"correlation/input/{layer}"][:] for layer in ("conv_1", "dense_1", "output")]
    crossed = np.nan_to_num(np.concatenate(blocks, axis=1))
    assert graph.ecount() == (np.abs(np.triu(weights, 1)) > 0.1).sum() + (np.abs(crossed) > 0.1).sum()
    assert min(graph.es["weight"]) < 0
    assert graph.vs["kind"].count("pixel") == 4
    pixel = graph.vs.find("input:2")
    node = graph.vs.find("dense_1:3")
    assert graph.es[graph.get_eid(pixel, node)]["weight"] == pytest.approx(crossed[2, 6], abs=1e-5)


def test_equal_graphs_give_equal_bytes(graph_file, tmp_path):
    graph = export_graph(graph_file, 0.0, "positive", False)
    for number in (1, 2):
        write_exports(graph, tmp_path / f"{number}.graphml", tmp_path / f"{number}.gexf")
    for suffix in ("graphml", "gexf"):
        assert (tmp_path / f"1.{suffix}").read_bytes() == (tmp_path / f"2.{suffix}").read_bytes()
