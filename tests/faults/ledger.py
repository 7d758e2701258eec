"""What a kill did: a row for each, and the totals per kind."""

import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path

REPORT = "report.html"  # holds the date and Snakemake's log: the one file that differs between undisturbed runs


@dataclass
class Fault:
    """One attempt at a kill; it counts only if it hit."""

    seed: int
    tree: int  # number of the results tree, from 1
    number: int  # of the attempt within its tree, from 1
    kind: str
    hit: int = 0  # 1: the signal met a living process of its kind and the call (or Slurm) saw it die
    process: str = ""  # the script it ran
    slurm_job: str = ""
    moment_s: float = 0.0  # seconds after its call of Snakemake began
    exit_code: int = 0  # of that call
    seen: str = ""  # the line that told the user
    complete_before: int = 0  # files in results/ under their final names
    remade: int = 0  # of them, those made again before the next kill or the end
    still_at_work: int = 0  # jobs of a killed Snakemake alive when the same command was called again
    seconds_after: float = 0.0  # length of the next call, or of this one's rest


def results_of(folder: Path) -> dict[str, Path]:
    """Return all files below `results` by relative path, unfinished ones included, but for the report's page."""
    root = folder / "results"
    files = {str(path.relative_to(root)): path for path in sorted(root.rglob("*")) if path.is_file()}
    files.pop(REPORT, None)
    return files


def complete(folder: Path) -> dict[str, tuple[int, int]]:
    """Return who is who among the finished files of `results`: inode and time of change by relative path."""
    found = {}
    for name, path in results_of(folder).items():
        if not Path(name).name.startswith(".") and "unfinished" not in Path(name).parts:
            try:
                found[name] = (path.stat().st_ino, path.stat().st_mtime_ns)
            except FileNotFoundError:
                continue
    return found


def different(before: dict, after: dict) -> list[str]:
    """Return the names in `before` that are gone or something else in `after`."""
    return [name for name, own in before.items() if after.get(name) != own]


def unequal(folder: Path, expected: Path) -> list[str]:
    """Return the results of two folders that are not there in both with the same bytes."""
    ours, theirs = results_of(folder), results_of(expected)
    return sorted(
        name
        for name in ours.keys() | theirs.keys()
        if name not in ours or name not in theirs or ours[name].read_bytes() != theirs[name].read_bytes()
    )


def append(path: Path, faults: list[Fault]) -> None:
    """Add rows to a CSV file, which gets its header with the first."""
    is_new = not path.exists()
    with open(path, "a", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Fault)], lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerows(asdict(fault) for fault in faults)


def read(path: Path) -> list[Fault]:
    """Read the rows that `append` wrote."""
    with open(path, newline="") as stream:
        return [Fault(**{f.name: f.type(row[f.name]) for f in fields(Fault)}) for row in csv.DictReader(stream)]


def summary(faults: list[Fault]) -> str:
    """Return the totals per kind as a Markdown table, and a line for all."""
    head = ["killed", "tried", "hit", "finished files there", "of them remade", "jobs left at work", "the user saw"]
    lines = [" | ".join(head), " | ".join(["---", *["---:"] * 5, "---"])]
    kinds = list(dict.fromkeys(fault.kind for fault in faults))
    for kind in [*kinds, "all"]:
        tried = [fault for fault in faults if kind in (fault.kind, "all")]
        hits = [fault for fault in tried if fault.hit]
        totals = [sum(getattr(f, name) for f in hits) for name in ("complete_before", "remade", "still_at_work")]
        seen = sorted({f"{fault.exit_code}: {fault.seen}" for fault in hits}) if kind != "all" else []
        lines.append(" | ".join(map(str, [kind, len(tried), len(hits), *totals, "; ".join(seen)])))
    return "\n".join(f"| {line} |" for line in lines)
