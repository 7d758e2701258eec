"""The drawing of the pipeline in README.md, made from Snakemake's own graph of rules so that the two cannot differ."""

import re
import sys
from pathlib import Path

import igraph

from neurons.core.errors import InputError
from neurons.core.files import write_utf8
from neurons.workflow.batches import unnumbered

MARKS = ("<!-- pipeline -->\n", "<!-- /pipeline -->")


def rule_edges(dot: str) -> list[tuple[str, str]]:
    """Return the pairs (rule, rule that takes its output) of `snakemake --rulegraph`, without the rule `all`.

    Rules that exist once for each number of iterations (`train_model_20`) or batch of them (`build_graphs_01_05`) are one.
    """
    names = {number: unnumbered(name) for number, name in re.findall(r"(\d+)\[label = \"(\w+)\"", dot)}
    edges = [(names[start], names[end]) for start, end in re.findall(r"(\d+) -> (\d+)", dot)]
    return [edge for edge in edges if edge[1] != "all"]


def rules_by_stage(folder: Path) -> dict[str, list[str]]:
    """Return the rules of every rule file by the file's stem, in the order in which they stand."""
    names = {path.stem: re.findall(r"^ *(?:rule (\w+):|use rule \w+ as (\w+) with:|f\"(\w+)(?:_\{count\}|\{batch.suffix\})\")",
                                          path.read_text(encoding="utf-8"), re.MULTILINE)
             for path in sorted(folder.glob("*.smk"))}  # fmt: skip
    return {stage: ["".join(name) for name in rules] for stage, rules in names.items()}


def stage_edges(edges: list[tuple[str, str]], stages: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return the edges between stages, without those that longer ways imply."""
    stage_of = {rule: stage for stage, rules in stages.items() for rule in rules}
    pairs = sorted({(stage_of[start], stage_of[end]) for start, end in edges} - {(name, name) for name in stages})
    graph = igraph.Graph.TupleList(pairs, directed=True)
    if not graph.is_dag():
        return pairs

    def implied(start: str, end: str) -> bool:
        without = graph.copy()
        without.delete_edges([(start, end)])
        return without.distances(start, end)[0][0] < float("inf")

    return [pair for pair in pairs if not implied(*pair)]


def drawing(dot: str, folder: Path) -> str:
    """Return the pipeline as a Mermaid flow chart: a box for every rule file, with the rules that the graph runs."""
    edges, stages = rule_edges(dot), rules_by_stage(folder)
    used = {rule for edge in edges for rule in edge}
    boxes = {stage: [rule for rule in rules if rule in used] for stage, rules in stages.items()}
    lines = [f'  {stage}["<b>{stage}</b><br>{"<br>".join(rules)}"]' for stage, rules in boxes.items() if rules]
    after = {}
    for start, end in stage_edges(edges, stages):
        after.setdefault(start, []).append(end)
    lines += [f"  {start} --> {' & '.join(ends)}" for start, ends in after.items()]
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```", ""])


def put_in(text: str, drawn: str, marks: tuple[str, str] = MARKS) -> str:
    """Return a page with what is generated between its marks.

    Raises
    ------
    InputError
        If the page has no such marks.
    """
    head, start, rest = text.partition(marks[0])
    _, end, tail = rest.partition(marks[1])
    if not (start and end):
        raise InputError(f"no line {marks[0].strip()} with a {marks[1]} after it")
    return head + start + drawn + end + tail


if __name__ == "__main__":
    rules, page = map(Path, sys.argv[1:])
    write_utf8(page, put_in(page.read_text(encoding="utf-8"), drawing(sys.stdin.read(), rules)))
