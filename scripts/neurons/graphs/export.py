"""Graphs for other programs."""

from xml.etree import ElementTree

import networkx
from networkx.readwrite.gexf import GEXFWriter

from neurons.core.files import atomic


def write_gexf(graph: networkx.Graph, path) -> None:
    """Write a graph as GEXF 1.2 without the date that networkx stamps on it, so that equal graphs give equal bytes."""
    writer = GEXFWriter(version="1.2draft")
    writer.add_graph(graph)
    for meta in [child for child in writer.xml if child.tag.endswith("meta")]:
        writer.xml.remove(meta)
    writer.indent(writer.xml)
    with atomic(path) as part:
        ElementTree.ElementTree(writer.xml).write(part, encoding="utf-8", xml_declaration=True)
