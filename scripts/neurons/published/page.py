"""The reproduction page: claims with their verdicts, what was run, and every table of the papers beside ours."""

from collections import Counter
from pathlib import Path

import pandas as pd

from neurons.core.files import atomic
from neurons.core.formats import MISSING
from neurons.core.tables import markdown
from neurons.published.claims import Judgement, Run, judge_claim, judge_part, read_claims, rule_of
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

- A claim has one rule, the same for all data sets, stated below; rules and options stand in `resources/claims.yaml`.
- `reproduced`: the claim passes its rule, and its control where it has one. `explained by a control`: it passes, but
  with the control taken out nothing is left that can be told from nothing; the controls are the trend that every series
  follows as training goes on, and a softmax that was refitted. `not reproduced`: it fails; an interval that reaches 0
  fails too, which may be for want of seeds. `not tested`: no rule could be applied, for the reason given. `not run`: no
  tables.
- A claim about several data sets needs more than half of those judged. Full data decide where any were judged; a run on
  less than 90 % of the paper's images or pixels is `reduced`, and decides only where there is no other. A claim that
  fails on reduced data may still hold on the paper's.
- Correlations are means over seeds with 95 % limits over seeds (Student's t) from three seeds on; below three, Fisher's
  limits over the iterations, which take these for independent and so are narrow; gains of accuracy likewise. Where no
  limits stand, the sign alone decides. Limits over three seeds are wide.
  The published correlations stand with Fisher's limits for the papers' 20 iterations. `2 of 5` counts the layers or
  classes that pass; the median is over all.
"""


def command_of(configs: list[str], folder: Path) -> str:
    """Return the command that makes the page: configuration files of the workflow's `folder` by their place there,
    any others by their bare names."""
    names = [
        ("config/" if Path(path).resolve().parent == folder.resolve() else "") + Path(path).name for path in configs
    ]
    return f'make reproduction CONFIG="{" ".join(names)}" DATA_DIR=path/to/the/raw/data'


def part_rows(judgements: list[Judgement]) -> pd.DataFrame:
    """Return the rows that show a claim's parts."""
    rows = [
        {
            "data": one.data + (" (reduced)" if one.reduced else ""),
            "model": one.model,
            "published": one.finding.published,
            "ours": one.finding.ours,
            "control": one.finding.control or MISSING,
            "verdict": one.verdict + (" (reduced data)" if one.reduced else ""),
        }
        for one in judgements
    ]
    return pd.DataFrame(rows)


def summary(claims: list[dict], judged: dict[str, list[Judgement]]) -> pd.DataFrame:
    """Return a row per claim with its verdict, and the parts that decided it."""
    rows = []
    for claim in claims:
        word, counts = judge_claim(judged[claim["id"]])
        row = {"": claim["id"], "claim": claim["sentence"], "place": f"{claim['study']}: {claim['place']}"}
        rows.append(row | {"verdict": word, "parts": counts or MISSING})
    return pd.DataFrame(rows)


def details(claims: list[dict], judged: dict[str, list[Judgement]]) -> str:
    """Return every claim's rule and the figures of its parts, in Markdown."""
    blocks = []
    for claim in claims:
        heading = f"### {claim['id']}: {claim['sentence']}"
        blocks.append(f"{heading}\n\nRule: {rule_of(claim)}\n\n{markdown(part_rows(judged[claim['id']]))}")
    return "\n".join(blocks)


def _section(heading: str, tables: list[Table]) -> str:
    blocks = [f"## {heading}\n"]
    for table in tables:
        rows = f"\n{markdown(table.rows)}" if len(table.rows) else ""
        blocks.append(f"### {table.title}\n\n{table.note}\n{rows}")
    return "\n".join(blocks)


def page(command: str, runs: list[Run], claims: list[dict], results: Path, published: Path, benchmarks: Path) -> str:
    """Return the page in Markdown."""
    data = compare_data(runs, results, published)
    reduced = {name for name, (_, smaller) in data.items() if smaller}
    judged = {
        claim["id"]: [judge_part(claim, part, runs, results, published, reduced) for part in claim["parts"]]
        for claim in claims
    }
    table = summary(claims, judged)
    tally = ", ".join(f"{count} {word}" for word, count in Counter(table["verdict"]).most_common())
    head = INTRODUCTION.format(command=command, environment=environment(), counts=f"{len(claims)} claims: {tally}")
    costs = (
        "Minutes, from Snakemake's benchmark files of every job. Wall time includes waiting wherever the machine had other "
        "work; CPU time is sampled, which undercounts jobs of a second or two.\n\n"
    )
    sections = [
        head + markdown(table) + VERDICTS,
        details(claims, judged),
        f"## What was run\n\n{markdown(runs_table(runs, data))}",
        f"### What it cost\n\n{costs}{markdown(times_table(runs, benchmarks))}",
        _section(f"Tables of *{STUDIES['communities'].paper}*", list(communities(results, runs))),
        _section(f"Tables of *{STUDIES['auxiliary'].paper}*", list(auxiliary(results, runs, published))),
        _section(f"Tables of *{STUDIES['coactivation'].paper}*", list(coactivation(results))),
    ]
    return "\n".join(sections)


def write_page(output, command: str, runs: list[Run], claims, results: Path, published: Path, benchmarks: Path) -> None:
    """Write the reproduction page.

    Parameters
    ----------
    command : how the run was made, to show.
    runs : the runs of the configuration; missing tables are told as `not run`.
    claims : path of the claims' file.
    results, published, benchmarks : folders of the workflow's tables, the papers' values, and Snakemake's benchmark files.
    """
    text = page(command, runs, read_claims(claims), results, published, benchmarks)
    with atomic(output) as part:
        part.write_text(text, encoding="utf-8")
