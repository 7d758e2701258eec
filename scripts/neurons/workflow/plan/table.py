"""A plan as Markdown that reads well on the screen."""

from graphlib import TopologicalSorter

import pandas as pd

from neurons.core.formats import duration, file_size, markdown_table
from neurons.workflow.plan.costs import OPERATIONS
from neurons.workflow.plan.estimate import MEANING, UNKNOWN


def wall_seconds(jobs: pd.DataFrame, cores: int) -> float:
    """Return the least wall time of jobs of one core each: that of all cores busy, or of the longest chain of jobs."""
    seconds, ends = list(jobs["seconds"]), {}
    maker = {path: number for number, paths in enumerate(jobs["output"]) for path in paths}
    needs = {n: {maker[path] for path in paths if path in maker} for n, paths in enumerate(jobs["input"])}
    for number in TopologicalSorter(needs).static_order():
        ends[number] = seconds[number] + max((ends[other] for other in needs[number]), default=0.0)
    return max([sum(seconds) / cores, *ends.values()])


def _table(jobs: pd.DataFrame, key: str) -> str:
    rows = [[key, "jobs", "time", "disk", "from"]]
    for name, group in [*jobs.groupby(key), ("total", jobs)]:
        sources = ", ".join(source for source in MEANING if source in set(group["source"]))
        rows.append(
            [name, f"{len(group):,}", duration(group["seconds"].sum()), file_size(group["disk"].sum()), sources]
        )
    widths = [max(map(len, column)) for column in zip(*rows)]
    head, *body = [[cell.ljust(width) for cell, width in zip(row, widths)] for row in rows]
    return markdown_table(head, body)


def render(jobs: pd.DataFrame, cores: int, notes: list[str]) -> str:
    """Return the tables by stage and by run, and what holds for all."""
    if jobs.empty:
        return "Nothing to be done: all results exist."
    dumps = jobs.loc[jobs["stage"] == "dump_activations", "disk"].sum()
    lines = [
        f"Wall time on {cores} cores: at least {duration(wall_seconds(jobs, cores))}",
        f"Disk: {file_size(jobs['disk'].sum())}, {file_size(dumps)} of it dumps, which `temporary_dumps` deletes once measured",
        f"Jobs that ask for a GPU: {duration(jobs.loc[jobs['gpu'], 'seconds'].sum())} on one core, less on a GPU",
        *(f"{source}: {meaning}" for source, meaning in MEANING.items() if source in set(jobs["source"])),
        *notes,
    ]
    named = jobs["stage"].isin([*OPERATIONS, "fetch_dataset"]) | (jobs["source"] == UNKNOWN)
    stages = jobs.assign(stage=jobs["stage"].where(named, "tables, figures, exports"))
    return "\n".join([_table(stages, "stage"), _table(jobs, "run"), *(f"- {line}." for line in lines)])
