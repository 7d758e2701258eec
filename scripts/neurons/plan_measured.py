"""What Snakemake measured of earlier runs: its benchmark files, and the dumps that lie there."""

import csv
from pathlib import Path
from statistics import fmean, median

MEASURED, SAME_RUN, SCALED, ESTIMATED = "measured", "same run", "scaled", "estimated"


def read_benchmarks(folder: Path) -> dict[tuple[str, str], float]:
    """Return the mean wall seconds of every benchmark file below `folder`, by (rule, path below it without suffix).

    A file that is no benchmark of Snakemake's, or has no time in it, is passed over.
    """
    found = {}
    for path in sorted(folder.glob("*/**/*.tsv")):
        rule, *rest = path.relative_to(folder).with_suffix("").parts
        seconds = _mean_seconds(path)
        if seconds is not None and rest:
            found[rule, "/".join(rest)] = seconds
    return found


def _mean_seconds(path: Path) -> float | None:
    try:
        with open(path, newline="") as stream:
            return fmean(float(row["s"]) for row in csv.DictReader(stream, delimiter="\t"))
    except (KeyError, ValueError, TypeError):  # no column of that name, no number in it, no row
        return None


def measured_runs(measured: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Return the mean seconds by (rule, run) of what `read_benchmarks` found."""
    by_run = {}
    for (rule, name), seconds in measured.items():
        by_run.setdefault((rule, name.split("/")[0]), []).append(seconds)
    return {key: fmean(seconds) for key, seconds in by_run.items()}


def seconds_of(
    jobs: list[tuple[str, str, float]],
    measured: dict[tuple[str, str], float],
    references: dict[tuple[str, str], float],
) -> list[tuple[float, str]]:
    """Return the seconds of every job and where they come from, the nearest measurement first.

    `measured`: this very job, in an earlier run; `same run`: the mean of the rule's jobs of the run, at other seeds and
    iterations; `scaled`: the estimate, times the median of measured to estimated seconds of the rule's jobs of other
    runs; `estimated`: the estimate alone.

    Parameters
    ----------
    jobs : (rule, name, estimated seconds) each; the name is the path of the benchmark file below the rule's folder,
        which starts with the run, and is empty for a job without one.
    measured : what `read_benchmarks` found.
    references : estimated seconds of one job by (rule, run), of runs that were measured.
    """
    runs = measured_runs(measured)
    ratios = {}
    for (rule, run), estimate in references.items():
        ratios.setdefault(rule, []).append(runs[rule, run] / estimate)

    def of(rule: str, name: str, estimate: float) -> tuple[float, str]:
        run = rule, name.split("/")[0]
        if (rule, name) in measured:
            return measured[rule, name], MEASURED
        if name and run in runs:
            return runs[run], SAME_RUN
        return (estimate * median(ratios[rule]), SCALED) if rule in ratios else (estimate, ESTIMATED)

    return [of(*job) for job in jobs]


def dump_sizes(results: Path, run: str) -> list[int]:
    """Return the bytes of the dumps of a run that lie below `results`."""
    return [path.stat().st_size for path in sorted(results.glob(f"{run}/seed-*/activations/*.h5"))]
