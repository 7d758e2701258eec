"""The reproduction page: claims with their verdicts, what was run, and every table of the papers beside ours."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from neurons.core.files import atomic
from neurons.core.formats import MISSING, number
from neurons.core.tables import markdown, read_csv_table
from neurons.published.claims import Claims, Judged, Run, judge_claim, judge_part, read_claims, rule_of
from neurons.published.pictures import pictures
from neurons.published.runs import compare_data, environment, runs_table, times_table
from neurons.published.studies import auxiliary, coactivation, communities
from neurons.published.tables import Table
from neurons.workflow.registry import STUDIES

INTRODUCTION = """# Reproduction

Every table of the three papers beside ours, and a verdict on each of their claims. The rule `write_reproduction` makes
this page from the tables of a run; no figure or verdict in it is typed. The command:

```
{command}
```

{environment}.

## Claims and verdicts

{counts}.

"""
VERDICTS = """
How a verdict is reached:

- A claim has one rule, the same for all data sets, stated below; rules, options and bounds stand in `resources/claims.yaml`.
- The words. `reproduced`: the claimed sign, a 95 % interval over seeds that excludes 0, and, where the claim is about
  networks and not about time, a seed swap that rejects. `trend only`: the first two, but with 5 seeds or more the seed
  swap does not reject: the measure goes with the accuracy of *other* networks as well, so it tells the epoch.
  `contradicted`: the interval excludes 0 with the other sign, or the seed swap rejects with it: then the series follow the
  epochs as claimed, and the networks among themselves the other way. `equivalent`: two one-sided tests place the figure
  inside the bound stated beforehand. `inconclusive`: none of these; the seeds are too few, or the interval holds 0. `not
  tested`: no rule could be applied, for the reason given. `not run`: no tables.
- The seed swap sets each network's measure against the accuracy of the other seeds' networks at the same epochs.
  `own - swapped` is how much the own accuracy adds, and p the share of assignments of the seeds that do as well (all up to
  7 seeds, 10,000 drawn ones beyond; none below 4). Within a table p is corrected for the number of rows (Benjamini and
  Hochberg, 5 %). Correlations given log(epoch), and of first differences, describe and decide nothing: the table of the
  tests' own size below says why.
- Intervals are over seeds, from three on: Student's t, for correlations on Fisher's z. None is taken from the iterations of
  one training or from the pairs of classes of one network: these are not independent.
- A claim about several data sets needs more than half of those judged, with one verdict each. Full data decide where any
  were judged; a run on less than 90 % of the paper's images or pixels is `reduced`, and decides only where there is no
  other. A claim that fails on reduced data may still hold on the paper's.

What to know about the rules:

- They were written after the first tables had been seen (seeds {exploratory}). What rests on those seeds is `exploratory`;
  what rests on others is `confirmatory`, since the rules and bounds were frozen before these were run. The file of claims
  has the SHA-256 digest `{digest}`.{stand_ins}
"""
SIZE = """How often each control finds a link at 5 % over seeds: in the rows "nothing" there is none, so 5 % is right; in the rows
"coupled" there is one. From `resources/null_size.csv` (`python benchmarks/null_size.py` makes it, see `docs/null_size.md`).
"""


def command_of(configs: list[str], folder: Path) -> str:
    """Return the command that makes the page: configuration files of the workflow's `folder` by their place there,
    any others by their bare names."""
    names = [
        ("config/" if Path(path).resolve().parent == folder.resolve() else "") + Path(path).name for path in configs
    ]
    return f'make reproduction CONFIG="{" ".join(names)}" DATA_DIR=path/to/the/raw/data'


def part_rows(parts: list[Judged]) -> pd.DataFrame:
    """Return the rows that show a claim's parts."""
    return pd.DataFrame(
        {
            "data": one.data + (" (reduced)" if one.reduced else ""),
            "model": one.model,
            "seeds": one.seeds or MISSING,
            "published": one.finding.published,
            "ours": one.finding.ours,
            "control": one.finding.control or MISSING,
            "verdict": one.verdict + (" (reduced data)" if one.reduced else ""),
            "reason": one.finding.judgement.reason,
        }
        for one in parts
    )


def summary(claims: Claims, judged: dict[str, list[Judged]]) -> pd.DataFrame:
    """Return a row per claim with its verdict, and the parts that decided it."""
    rows = []
    for claim in claims.claims:
        word, counts = judge_claim(judged[claim["id"]])
        row = {"": claim["id"], "claim": claim["sentence"], "place": f"{claim['study']}: {claim['place']}"}
        rows.append(row | {"verdict": word, "parts": counts or MISSING})
    return pd.DataFrame(rows)


def details(claims: Claims, judged: dict[str, list[Judged]]) -> str:
    """Return every claim's rule and the figures of its parts, in Markdown."""
    blocks = []
    for claim in claims.claims:
        heading = f"### {claim['id']}: {claim['sentence']}"
        blocks.append(f"{heading}\n\nRule: {rule_of(claim)}\n\n{markdown(part_rows(judged[claim['id']]))}")
    return "\n".join(blocks)


def size_table(simulated: pd.DataFrame) -> pd.DataFrame:
    """Return how often each test rejects, a row per kind of networks and test, a column per number of seeds."""
    shares = simulated.assign(share=[number(100 * value, 0) for value in simulated["rejected"]])
    wide = shares.pivot(index=["networks", "test"], columns="seeds", values="share")
    order = pd.MultiIndex.from_frame(simulated[["networks", "test"]].drop_duplicates())
    return wide.reindex(order).rename(columns="{} seeds, %".format).rename_axis(columns=None).reset_index()


def _stand_ins(runs: list[Run]) -> str:
    notes = dict.fromkeys(f"`{run.dataset}`: {run.data_note}" for run in runs if run.data_note)
    return "".join(f"\n- Data that stand in for the papers': {note}" for note in notes)


def _section(study: str, tables: Iterable[Table]) -> str:
    blocks = [f"## Tables of *{STUDIES[study].paper}*\n"]
    for table in tables:
        rows = f"\n{markdown(table.rows)}" if len(table.rows) else ""
        blocks.append(f"### {table.title}\n\n{table.note}\n{rows}")
    return "\n".join(blocks)


def write_page(
    output, command: str, runs: list[Run], claims, null_size, results: Path, published: Path, benchmarks: Path
) -> None:
    """Write the reproduction page.

    Parameters
    ----------
    command : how the run was made, to show.
    runs : the runs of the configuration; missing tables are told as `not run`.
    claims, null_size : paths of the claims' file, and of the simulated size of the tests.
    results, published, benchmarks : folders of the workflow's tables, the papers' values, and Snakemake's benchmark files.
    """
    claims = read_claims(claims)
    data = compare_data(runs, results, published)
    reduced = {name for name, (_, smaller) in data.items() if smaller}
    judged = {
        claim["id"]: [
            judge_part(claim, part, runs, results, published, reduced, claims.exploratory_seeds)
            for part in claim["parts"]
        ]
        for claim in claims.claims
    }
    table = summary(claims, judged)
    tally = ", ".join(f"{count} {word}" for word, count in Counter(table["verdict"]).most_common())
    head = INTRODUCTION.format(command=command, environment=environment(), counts=f"{len(table)} claims: {tally}")
    rules = VERDICTS.format(
        exploratory=", ".join(map(str, claims.exploratory_seeds)), digest=claims.digest, stand_ins=_stand_ins(runs)
    )
    costs = (
        "Minutes, from Snakemake's benchmark files of every job. Wall time includes waiting wherever the machine had other "
        "work; CPU time is sampled, which undercounts jobs of a second or two.\n\n"
    )
    parts = [
        head + markdown(table) + rules,
        f"### The size and power of the controls\n\n{SIZE}\n{markdown(size_table(read_csv_table(null_size)))}",
        details(claims, judged),
        f"## What was run\n\n{markdown(runs_table(runs, data))}",
        f"### What it cost\n\n{costs}{markdown(times_table(runs, benchmarks))}",
        _section("communities", communities(results, runs)),
        _section("auxiliary", auxiliary(results, runs, published)),
        _section("coactivation", coactivation(results)),
    ]
    if drawn := list(pictures({run.name: run.studies for run in runs}, results)):
        parts.append("\n".join(["## Figures\n", *drawn]))
    with atomic(output) as part:
        part.write_text("\n".join(parts), encoding="utf-8")
