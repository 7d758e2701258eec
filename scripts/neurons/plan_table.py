"""A plan as Markdown that reads well on the screen."""

from neurons.plan_measured import ESTIMATED, MEASURED, SAME_RUN, SCALED

SMALL = "tables, figures, exports"
MEANING = {
    MEASURED: "Snakemake's benchmark file of this very job in an earlier run",
    SAME_RUN: "the mean of those of the same run's jobs at other seeds and iterations",
    SCALED: "the estimate, times what other runs' jobs took beside theirs",
    ESTIMATED: "counts of operations (`neurons.plan_costs`)",
}


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table with columns as wide as their cells; all but the first and the last to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    left = [i in (0, len(head) - 1) for i in range(len(head))]
    lines = [
        " | ".join(cell.ljust(width) if own else cell.rjust(width) for cell, width, own in zip(row, widths, left))
        for row in [head, *rows]
    ]
    rule = " | ".join("-" * width if own else "-" * (width - 1) + ":" for width, own in zip(widths, left))
    return "\n".join(f"| {line} |" for line in [lines[0], rule, *lines[1:]])


def duration(seconds: float) -> str:
    """Return a time in the unit that keeps it short: seconds, minutes or hours."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    if seconds < 99.5 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:,.1f} h" if seconds < 36_000 else f"{seconds / 3600:,.0f} h"


def size(count: float) -> str:
    """Return bytes in the unit that keeps them short."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.4g} TB"


def sources(jobs) -> str:
    """Return where the seconds of some jobs come from: the share of each source, if there are several."""
    total = sum(job.seconds for job in jobs)
    shares = {name: sum(job.seconds for job in jobs if job.source == name) for name in MEANING}
    told = {name: share / total for name, share in shares.items() if share >= 0.005 * total and share > 0}
    return next(iter(told)) if len(told) == 1 else ", ".join(f"{name} {share:.0%}" for name, share in told.items())


def _row(name: str, jobs) -> list[str]:
    gpu = sum(job.seconds for job in jobs if job.gpu)
    return [
        name,
        f"{len(jobs):,}",
        duration(sum(job.seconds for job in jobs)),
        duration(gpu) if gpu else "",
        *(size(total) if (total := sum(getattr(job, kind) for job in jobs)) else "" for kind in ("dump", "other")),
        sources(jobs),
    ]


def _grouped(jobs, key) -> dict[str, list]:
    groups = {}
    for job in jobs:
        groups.setdefault(key(job), []).append(job)
    return groups


def _disk(plan) -> list[str]:
    """Return what the jobs leave on the disk: with the dumps, and with those alone that are in work at once."""
    dumps, other = (sum(getattr(job, kind) for job in plan.jobs) for kind in ("dump", "other"))
    kept = f"{size(dumps + other)} with all dumps, which are {size(dumps)} of it and at most {size(plan.most_dumps)}"
    at_once = (
        f"{size(plan.peak_dumps + other)} at once with `temporary_dumps`: as many dumps as cores, the largest, since one "
        "goes when it is measured"
    )
    told = [at_once, kept] if plan.temporary else [kept, at_once]
    state = [f"While it runs, a training keeps up to {size(plan.state)} more"] if plan.state else []
    return [f"Disk: {told[0]}", f"Otherwise {told[1]}", *state]


def render(plan, modelled: set[str]) -> str:
    """Return the tables by stage and by run, and what holds for all; `modelled` are the stages with rows of their own."""
    if not plan.jobs:
        return "Nothing to be done: all results are there."
    own = modelled | {"fetch_dataset", "convert_dataset"}
    stages = _grouped(plan.jobs, lambda job: job.stage if job.stage in own else SMALL)
    stages |= {SMALL: stages.pop(SMALL)} if SMALL in stages else {}
    runs = _grouped(plan.jobs, lambda job: job.run or ("data sets" if job.stage.endswith("_dataset") else "all runs"))
    total = _row("total", plan.jobs)
    columns = ["jobs", "time", "GPU time", "dumps", "other files", "from"]
    used = list(dict.fromkeys(name for name in MEANING if any(job.source == name for job in plan.jobs)))
    lines = [
        table(["stage", *columns], [*(_row(*item) for item in stages.items()), total]),
        "",
        table(["run", *columns], [*(_row(*item) for item in runs.items()), total]),
        "",
        f"- Wall time on {plan.cores} cores: {duration(plan.wall)}.",
        *(f"- {line}." for line in _disk(plan)),
        "- Times are those of one core. GPU time is the part of them in jobs that ask for a GPU: on a machine that has one "
        "they take less, so this is their upper bound.",
        *(f"- {name}: {MEANING[name]}." for name in used),
        *(["- What was measured holds for the settings and the machine of then."] if set(used) - {ESTIMATED} else []),
        *(f"- {line}." for line in plan.sizes),
    ]
    return "\n".join(lines)
