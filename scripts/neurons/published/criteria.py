"""The rules by which claims are judged: each takes the tables of one run and returns a `Finding`.

A rule's sentence stands beside its function, and is printed with the options of the claim filled in.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from neurons.core.formats import MISSING, number
from neurons.core.statistics import LEAST_SEEDS, mean_interval, pearson
from neurons.core.tables import read_csv_table
from neurons.published.beside import published_values
from neurons.published.verdicts import Estimate, Finding, at_least, fisher, has_sign, most

PAPER_ITERATIONS = 20  # the points of every correlation that the first two papers print
_FIGURE = "pearson of class similarity (Jaccard) and mutual mistakes"


@dataclass(frozen=True)
class Part:
    """One run's tables, and the published ones of the data set and model that it is compared with."""

    results: Path  # the folder of the run
    published: Path
    data: str
    model: str

    def table(self, name: str, *needed: str) -> pd.DataFrame:
        """Read a table of the run, such as `communities/table5`.

        Raises
        ------
        MissingTable, InputError
            If there is none; if it is damaged, or lacks a `needed` column.
        """
        return read_csv_table(self.results / f"{name}.csv", needed)

    def printed(self, name: str) -> pd.DataFrame:
        """Read the rows that a paper prints for this data set (and model, where it names one); none is no error."""
        if not (self.published / f"{name}.csv").exists():
            return pd.DataFrame()
        return chosen(published_values(self.published, name), {"dataset": self.data, "model": self.model})


def chosen(table: pd.DataFrame, where: dict) -> pd.DataFrame:
    """Return the rows whose columns have the wanted value, or one of the wanted values."""
    for key, value in where.items():
        if key in table:
            table = table[table[key].isin(value if isinstance(value, list) else [value])]
    return table


def estimate(row, name: str, held_fixed: int = 0) -> Estimate:
    """Return a correlation of a table's row with its limits over seeds, or, below three seeds, over iterations."""
    value, low, high = (getattr(row, key) for key in (name, f"{name}_low", f"{name}_high"))
    return fisher(value, row.iterations, held_fixed) if np.isnan(low) else Estimate(value, low, high)


def _summary(estimates: list[Estimate], sign: int) -> str:
    if len(estimates) == 1:
        return estimates[0].text()
    passed = sum(has_sign(one, sign) for one in estimates)
    return f"{passed} of {len(estimates)}, median {number(np.nanmedian([one.value for one in estimates]))}"


def follows(part: Part, table: str, where: dict, sign: int) -> Finding:
    """Judge a correlation with accuracy, of one row or of several (layers, classes); control: log(epoch) held fixed."""
    rows = list(chosen(part.table(table, "pearson_given_epoch_low"), where).itertuples())
    plain = [estimate(row, "pearson") for row in rows]
    partial = [estimate(row, "pearson_given_epoch", 1) for row in rows]
    printed = pd.DataFrame()
    if where["accuracy"] == "running":  # the papers print no others
        printed = chosen(part.printed(table.replace("/", "_")), where)
    known = [fisher(value, PAPER_ITERATIONS) for value in printed["pearson"]] if len(printed) else []
    theirs = _summary(known, sign) if known else MISSING
    if all(np.isnan(one.value) for one in plain):
        return Finding(theirs, "; ".join(dict.fromkeys(str(row.note) for row in rows)))
    holds, survives = (most([has_sign(one, sign) for one in estimates]) for estimates in (plain, partial))
    return Finding(theirs, _summary(plain, sign), _summary(partial, sign), holds, survives)


def overlap(part: Part, layer: int) -> Finding:
    """Judge the change of Table 2 from the first to the last iteration, the mean over classes and over pairs."""
    ours = _changes(chosen(part.table("communities/table2"), {"layer": layer, "matrix": "shared"}))
    own, pairs = (Estimate(*mean_interval(ours[kind].to_numpy(), np.inf)) for kind in ("own", "pairs"))
    text = MISSING
    if part.data == "mnist":  # the paper prints no other
        printed = part.printed("communities_table2").rename(columns={"unique_neurons": "neurons"})
        theirs = _changes(printed.assign(seed=0)).iloc[0]
        text = f"own {theirs['own']:+.1f}, pairs {theirs['pairs']:+.1f}"
    holds = has_sign(own, 1) and has_sign(pairs, -1)
    return Finding(text, f"own {own.text(1, '+')}, pairs {pairs.text(1, '+')}", holds=holds)


def _changes(table: pd.DataFrame) -> pd.DataFrame:
    """Return, per seed, the change from the first to the last iteration of a class's `own` neurons and of `pairs`'."""
    kind = np.where(table["class_i"] == table["class_j"], "own", "pairs")
    means = table.assign(kind=kind).groupby(["seed", "kind", "iteration"])["neurons"].mean().unstack("iteration")
    return (means.iloc[:, -1] - means.iloc[:, 0]).unstack("kind")


def stronger(part: Part, metric: str, least: float) -> Finding:
    """Judge the mean correlation of the layers from the second on, less that of the first; control: as in `follows`."""
    where = {"accuracy": "running", "metric": metric}
    ours, printed = chosen(part.table("communities/table4"), where), chosen(part.printed("communities_table4"), where)
    plain, partial = (_later_less_first(ours, name) for name in ("pearson", "pearson_given_epoch"))
    theirs = number(_later_less_first(printed, "pearson"), sign="+") if len(printed) else MISSING
    holds = None if np.isnan(plain) else plain >= least
    return Finding(theirs, number(plain, sign="+"), number(partial, sign="+"), holds, partial >= least)


def _later_less_first(table: pd.DataFrame, name: str) -> float:
    first = table["layer"] == 1
    return float(table.loc[~first, name].mean() - table.loc[first, name].mean())


def gains(part: Part, layers: str, split: str, least: float) -> Finding:
    """Judge the points gained over the base model; control: those gained over the model without activations."""
    table = part.table("auxiliary/table4")
    if f"{layers}_{split}" not in table:
        return Finding(MISSING, f"`auxiliary.layers` of the run has no '{layers}'")
    boosted, base, control = (table[f"{name}_{split}"] for name in (layers, "base", "control"))
    plain, refitted, beyond = (
        _points(table["seed"], 100 * points) for points in (boosted - base, control - base, boosted - control)
    )
    printed = chosen(part.printed("auxiliary_average_improvement"), {"layers": layers})
    theirs = number(printed[f"{split}_points"].iloc[0], 1, "+") if len(printed) else MISSING
    text = f"{refitted.value:+.2f} without activations; difference {beyond.text(3, '+')}"
    return Finding(theirs, plain.text(2, "+"), text, at_least(plain, least), at_least(beyond, least))


def _points(seeds: pd.Series, points: pd.Series) -> Estimate:
    """Return mean points with limits over the seeds' means, or, below three seeds, over the iterations."""
    means = points.groupby(seeds).mean()
    return Estimate(*mean_interval((means if len(means) >= LEAST_SEEDS else points).to_numpy(), 100))


def alike(part: Part, first: str, second: str, split: str, least: float) -> Finding:
    """Judge the correlation over the iterations of two layer choices; control: a model without activations."""
    table, printed = part.table("auxiliary/table4"), part.printed("auxiliary_table4")
    for name in (first, second):
        if f"{name}_{split}" not in table:
            return Finding(MISSING, f"`auxiliary.layers` of the run has no '{name}'")
    plain, ours = _mean_correlation(table, f"{first}_{split}", f"{second}_{split}")
    control, text = _mean_correlation(table, f"control_{split}", f"{second}_{split}")
    pair = [f"boosted_{split}_{name}_percent" for name in (first, second)]
    theirs = number(pearson(*(printed[name].to_numpy(float) for name in pair)), 4) if len(printed) else MISSING
    text += f" of {second} and the model without activations"
    holds = None if np.isnan(plain) else plain >= least
    return Finding(theirs, ours, text, holds, not control >= least)


def _mean_correlation(table: pd.DataFrame, a: str, b: str) -> tuple[float, str]:
    """Return the mean over seeds of a correlation over the iterations, and its text, which names seeds without one."""
    by_seed = {seed: pearson(rows[a].to_numpy(float), rows[b].to_numpy(float)) for seed, rows in table.groupby("seed")}
    mean = mean_interval(np.array(list(by_seed.values())))[0]
    undefined = ", ".join(str(seed) for seed, value in by_seed.items() if np.isnan(value))
    return mean, number(mean, 4) + (f" (undefined at seed {undefined})" if undefined else "")


def top_neurons(part: Part) -> Finding:
    """Judge the share of classes predicted when their top neurons alone are active, by what the paper prints."""
    printed = part.printed("coactivation_figures").set_index("quantity")["value"]
    largest = printed.get("smallest k at which activating the top-k neurons predicts every class", np.inf)
    wanted = printed.get("fraction of classes predicted as expected", 1.0)
    table = part.table("coactivation/figure2_shares")
    best = table[table["k"] <= largest].sort_values(["share_right", "k"], ascending=[False, True]).iloc[0]
    theirs = f"{wanted:.0%}" + (f" with k = {largest:.0f}" if largest < np.inf else "")
    ours = f"{best['share_right']:.0%} with k = {best['k']:.0f}"
    return Finding(theirs, ours, holds=bool(best["share_right"] >= wanted))


def modular(part: Part, least: float) -> Finding:
    """Judge the best modularity over the Louvain runs; control: their mean."""
    row, printed = part.table("coactivation/table1").iloc[0], part.printed("coactivation_table1")
    theirs = number(printed["modularity"].iloc[0], 3) if len(printed) else MISSING
    control = f"mean of {row['louvain_runs']} runs {number(row['modularity_mean'], 3)}"
    best, mean = row["modularity"] >= least, row["modularity_mean"] >= least
    return Finding(theirs, number(row["modularity"], 3), control, bool(best), bool(mean))


def together(part: Part, pairs: list[list[str]]) -> Finding:
    """Judge whether each pair of classes lies in one community; control: the share of Louvain runs that agree."""
    communities = [set(str(text).split("; ")) for text in part.table("coactivation/table1")["classes"]]
    stability = part.table("coactivation/stability")
    shares = {frozenset((row.name_i, row.name_j)): row.share_of_runs for row in stability.itertuples()}
    answers = [any(set(pair) <= one for one in communities) for pair in pairs]
    ours = ", ".join(f"{' and '.join(pair)}: {'yes' if yes else 'no'}" for pair, yes in zip(pairs, answers))
    stable = [shares[frozenset(pair)] for pair in pairs]
    control = "together in " + ", ".join(f"{share:.0%}" for share in stable) + " of the Louvain runs"
    return Finding("together", ours, control, all(answers), all(share > 0.5 for share in stable))


def mistakes_follow(part: Part) -> Finding:
    """Judge the correlation of similarity and mistakes over pairs of classes; control: the other thresholds."""
    table = part.table("coactivation/figure3_thresholds")
    estimates = [fisher(row.pearson, row.pairs) for row in table.itertuples()]
    (drawn,) = (one for one, is_drawn in zip(estimates, table["drawn"]) if is_drawn == 1)
    defined = [has_sign(one, 1) for one in estimates if not np.isnan(one.value)]
    printed = part.printed("coactivation_figures")
    theirs = printed.loc[printed["quantity"] == _FIGURE, "value"].tolist()
    control = f"positive at {sum(defined)} of {len(defined)} thresholds"
    holds = None if np.isnan(drawn.value) else has_sign(drawn, 1)
    return Finding(number(*theirs[:1] or [np.nan]), drawn.text(), control, holds, most(defined))


def most_mistakes(part: Part) -> Finding:
    """Judge the share of mistakes in the third of pairs with the highest similarity (ties against the claim)."""
    table = part.table("coactivation/figure3")
    table = table[table["drawn"] == 1].sort_values(["jaccard", "mistakes"], ascending=[False, True])
    total, top = table["mistakes"].sum(), len(table) // 3
    if total == 0:
        return Finding("most", "no mistakes at all")
    share = table["mistakes"].head(top).sum() / total
    return Finding("most", f"{share:.0%} of {total} mistakes in {top} of {len(table)} pairs", holds=bool(share > 0.5))


# Each criterion with the sentence that states it.
CRITERIA = {
    "follows": (
        follows,
        "The correlation with accuracy over the iterations has the claimed sign and its 95 % interval excludes 0, in "
        "more than half of the rows (layers, classes) where there are several. Control: the partial correlation given "
        "log(epoch) passes the same test.",
    ),
    "overlap": (
        overlap,
        "From the first to the last iteration the neurons that belong to one class alone (`own`, mean over classes) "
        "grow and those that two classes share (`pairs`, mean over pairs) fall; the 95 % intervals over seeds, where "
        "there are three, exclude 0. No control: the claim is of a trend of training.",
    ),
    "stronger": (
        stronger,
        "The mean correlation of the layers from the second on is greater than that of the first by at least {least}. "
        "Control: so is the partial correlation given log(epoch).",
    ),
    "gains": (
        gains,
        "Averaged over the iterations the {split} accuracy gains at least {least} points (what rounds to the 0.1 that "
        "the paper prints), and the 95 % interval (over seeds, below three over iterations) lies above 0. Control: the gain "
        "exceeds that of the same auxiliary model fed the softmax twice, by the same test.",
    ),
    "alike": (
        alike,
        "Pearson's correlation over the iterations of the two boosted {split} accuracies is at least {least} (what "
        "rounds to the printed 0.99). Control: a model without any activations does not reach it too.",
    ),
    "top_neurons": (
        top_neurons,
        "The share of classes predicted reaches the published share, at a k no greater than the published one. No "
        "control is measured.",
    ),
    "modular": (
        modular,
        "The best modularity of the Louvain runs is at least {least}. Control: so is the mean of the runs.",
    ),
    "together": (
        together,
        "Each pair that the text names lies in one community. Control: in more than half of the Louvain runs.",
    ),
    "mistakes_follow": (
        mistakes_follow,
        "Pearson's correlation over pairs of classes is positive and its 95 % interval (Fisher's) excludes 0, at the "
        "configured threshold for neighbours. Control: so it is at more than half of the thresholds where it is defined.",
    ),
    "most_mistakes": (
        most_mistakes,
        "The third of the pairs with the highest similarity holds more than half of the mistakes. No control is "
        "measured.",
    ),
}
