"""What the jobs of a workflow cost, read from the benchmark files that Snakemake writes."""

from pathlib import Path

import pandas as pd

from neurons.tables import read_csv_table

_COST = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "peak_mb"}  # Snakemake's columns and ours


def read_benchmarks(folder: Path, runs: list[str], datasets: list[str]) -> pd.DataFrame:
    """Return a row per execution in `{folder}/{rule}/{subject}[/...].tsv`: rule, subject, and its cost.

    Only these runs and data sets are read; a data set's subject is `data set {name}`. The cost: seconds of wall time
    (`seconds`) and of processor time on all cores (`cpu_seconds`), and the resident memory at its peak in MB (`peak_mb`);
    the last two are missing where a job was too short to measure.
    """
    rows = []
    for path in sorted(folder.glob("*/**/*.tsv")):
        rule, subject, *_ = path.relative_to(folder).with_suffix("").parts
        of_dataset = rule.endswith("_dataset")
        if subject in (datasets if of_dataset else runs):
            file = read_csv_table(path, sep="\t", na_values=["-", "NA"])
            cost = file.reindex(columns=list(_COST)).rename(columns=_COST).apply(pd.to_numeric, errors="coerce")
            rows.append(cost.assign(rule=rule, subject=f"data set {subject}" if of_dataset else subject))
    frame = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["rule", "subject", *_COST.values()])
    return frame[["rule", "subject", *_COST.values()]]


def _sums(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return number of jobs, sums, mean and maximum of what they cost, by `keys`, the costliest first."""
    groups = frame.groupby(keys, sort=True)
    table = pd.DataFrame(
        {
            "jobs": groups.size(),
            "seconds": groups["seconds"].sum().round(1),
            "mean seconds": groups["seconds"].mean().round(1),
            "longest (seconds)": groups["seconds"].max().round(1),
            "processor seconds": groups["cpu_seconds"].sum(min_count=1).round(1),
            "peak memory (MB)": groups["peak_mb"].max().round(),
        }
    )
    return table.sort_values("seconds", ascending=False, kind="stable").reset_index()


def time_tables(benchmarks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the cost of the workflow by title: per rule, per run, and per rule and run."""
    named = benchmarks.rename(columns={"subject": "run or data set"})
    return {
        "Per rule": _sums(named, ["rule"]),
        "Per run": _sums(named, ["run or data set"]),
        "Per rule and run": _sums(named, ["rule", "run or data set"]),
    }
