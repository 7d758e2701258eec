"""What the jobs of a workflow cost, read from the benchmark files that Snakemake writes: the only reader of them."""

from pathlib import Path

import pandas as pd

from neurons.core.tables import read_csv_table

_COST = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "peak_mb"}  # Snakemake's columns and ours
_COLUMNS = ["rule", "subject", "name", *_COST.values()]


def read_benchmarks(folder: Path, runs: list[str] | None = None, datasets: list[str] | None = None) -> pd.DataFrame:
    """Return a row per execution in `{folder}/{rule}/{run or data set}[/...].tsv`.

    Parameters
    ----------
    folder : Snakemake's benchmark files, a folder per rule.
    runs, datasets : names of those to read; None stands for all.

    Returns
    -------
    DataFrame with the columns rule, subject (the run, or `data set {name}`), name (the path below the rule's folder
    without its suffix, such as `mnist/seed-0/01`) and the cost: seconds of wall time (`seconds`) and of processor time on
    all cores (`cpu_seconds`), and the resident memory at its peak in MB (`peak_mb`). A cost that Snakemake did not
    measure, as in very short jobs, is missing.

    Raises
    ------
    InputError
        If a file is empty or no table.
    """
    frames = []
    for path in sorted(Path(folder).glob("*/**/*.tsv")):
        rule, subject, *_ = parts = path.relative_to(folder).with_suffix("").parts
        of_dataset = rule.endswith("_dataset")
        wanted = datasets if of_dataset else runs
        if wanted is None or subject in wanted:
            file = read_csv_table(path, sep="\t", na_values=["-", "NA"])
            cost = file.reindex(columns=list(_COST)).rename(columns=_COST).apply(pd.to_numeric, errors="coerce")
            named = f"data set {subject}" if of_dataset else subject
            frames.append(cost.assign(rule=rule, subject=named, name="/".join(parts[1:])))
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=_COLUMNS)
    return frame[_COLUMNS]


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
