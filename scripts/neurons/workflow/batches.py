"""Iterations that one job dumps or measures, one after the other, so that its start-up is paid once for all of them."""

import re
from dataclasses import dataclass

SMALL = 2048  # hidden neurons of the largest network whose iterations share a job


@dataclass(frozen=True)
class Batch:
    """The iterations of one job, as they stand in the names of files.

    Attributes
    ----------
    iterations : two digits each; or Snakemake's wildcard alone, which stands for any single one.
    """

    iterations: tuple[str, ...] = ("{iteration}",)

    @property
    def name(self) -> str:
        """What logs and benchmark files are called: `01-05`, `06`, or the wildcard."""
        return "-".join(dict.fromkeys([self.iterations[0], self.iterations[-1]]))

    @property
    def suffix(self) -> str:
        """What a rule's name ends in: `_01_05`; nothing for any single one."""
        return "" if self == Batch() else f"_{self.name.replace('-', '_')}"

    @property
    def message(self) -> str:
        """What a job's message says, with Snakemake's wildcard as messages spell it."""
        return self.name.replace("{", "{wildcards.")


def shares_jobs(run: dict) -> bool:
    """Tell whether iterations of a run, by its resolved settings, share jobs: its network is known to be small, and its
    studies take more than the last iteration.
    """
    model = run["model"]
    if "activations" in run or {"name", "module"} & set(model) or run["studies"] == ["coactivation"]:
        return False
    return sum(model["filters"]) + sum(model["hidden"]) <= SMALL


def batches(count: int, largest: int) -> list[Batch]:
    """Return `count` iterations from 01 in as few batches of at most `largest` as there can be, of nearly one size."""
    number = -(-count // largest)
    if number == count:
        return [Batch()]
    ends = [count * part // number for part in range(number + 1)]
    return [Batch(tuple(f"{i:02d}" for i in range(start + 1, stop + 1))) for start, stop in zip(ends, ends[1:])]


def by_batch(runs: dict[str, dict], largest: int) -> dict[Batch, list[str]]:
    """Return the names of the runs that have a batch, by batch (see `shares_jobs`)."""
    names: dict[Batch, list[str]] = {}
    for name, run in runs.items():
        for batch in batches(run["training"]["iterations"], largest if shares_jobs(run) else 1):
            names.setdefault(batch, []).append(name)
    return names


def unnumbered(rule: str) -> str:
    """Return a rule's name without the numbers of iterations that some carry (`train_model_20`, `build_graphs_01_05`)."""
    return re.sub(r"(_\d+)+$", "", rule)


def iterations_in(name: str) -> int:
    """Return how many iterations a job measured, by the name of its log or benchmark file (`mnist/seed-0/01-05`): 1 if
    it names none.
    """
    first, _, last = name.rpartition("/")[2].partition("-")
    return int(last) - int(first) + 1 if first.isdecimal() and last.isdecimal() else 1
