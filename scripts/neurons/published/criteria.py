"""The rules by which claims are judged: each takes the tables of one run and returns a `Finding`.

A rule's sentence stands beside its function, and is printed with the options of the claim filled in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress
from math import isnan, nan

import numpy as np
import pandas as pd

from neurons.coactivation.controls import named_pairs
from neurons.core.formats import MISSING, number, swap_text
from neurons.core.intervals import Student, fisher_z, student
from neurons.core.mantel import mantel
from neurons.core.permutation import best_of_p
from neurons.core.statistics import LEAST_POINTS
from neurons.published.evidence import (
    Finding,
    Part,
    chosen,
    limited,
    limits_of,
    no_figures,
    student_of_correlation,
    student_of_mean,
    table_evidence,
    text_of,
)
from neurons.published.verdicts import (
    LEVEL,
    NOT_TESTED,
    Evidence,
    Judgement,
    combined,
    judge,
    judge_against_chance,
    judge_beyond_control,
    judge_reaches,
    judge_same,
    judge_stronger,
    scope,
)

_FIGURE = "pearson of class similarity (Jaccard) and mutual mistakes"
_WITHOUT_IMAGES = {  # a test that dumps made elsewhere, without their images, do not allow
    **dict.fromkeys(("value", "value_low", "value_high", "p"), nan),
    **{"pairs": 0, "seeds": 0, "note": "the dumps come without their images"},
}
_SMALLEST = "smallest k at which activating the top-k neurons predicts every class"
_SHARE = "fraction of classes predicted as expected"


def _not_measured(layers: str) -> Finding:
    return no_figures(Judgement(NOT_TESTED, f"`auxiliary.layers` of the run has no '{layers}'"))


def _published(values: pd.Series, sign: int) -> str:
    if len(values) <= 1:
        return number(*(values.tolist() or [nan]))
    return f"{int((sign * values > 0).sum())} of {len(values)} with the claimed sign, median {number(values.median())}"


def follows(part: Part, table: str, where: dict, sign: int, bound: float) -> Finding:
    """Judge a correlation with accuracy, of one row or of several (layers, metrics, classes), by its seed swap."""
    full = chosen(part.table(table, "swap_p", "seeds_undefined"), {"accuracy": where["accuracy"]})
    only_running = where["accuracy"] == "running"  # the papers print no others
    printed = part.printed(table.replace("/", "_")) if only_running else pd.DataFrame()
    every = table_evidence(full, sign, bound, printed)
    rows = chosen(full, where)
    judged = list(compress(every, full.index.isin(rows.index)))
    evidence = [one for _, one in judged]
    judgement = combined([judge(one) for one in evidence])
    theirs = _published(chosen(printed, where)["pearson"], sign) if len(printed) else MISSING
    if part_judged := scope([label for label, _ in judged], [label for label, _ in every]):
        judgement = Judgement(judgement.word, f"{judgement.reason} ({part_judged})")
    if len(rows) == 1:
        (row,) = rows.to_dict("records")
        swap = f"own - swapped {swap_text(row['own_minus_swapped'], row['swap_p'])}"
        return Finding(theirs, limited(row, "pearson"), swap, judgement)
    rejecting = sum(one.swap_p <= LEVEL and one.own_minus_swapped * sign > 0 for one in evidence)
    swap = f"the seed swap rejects with the claimed sign in {rejecting} of {len(evidence)}"
    return Finding(theirs, _published(rows["pearson"], sign), swap, judgement)


def overlap(part: Part, layer: int) -> Finding:
    """Judge the change of Table 2 from the first to the last iteration, the mean over classes and over pairs."""
    changes = _changes(chosen(part.table("communities/table2"), {"layer": layer, "matrix": "shared"}))
    own, pairs = (student(changes[kind]) for kind in ("own", "pairs"))
    text = MISSING
    if part.data == "mnist":  # the paper prints no other
        printed = part.printed("communities_table2").rename(columns={"unique_neurons": "neurons"})
        theirs = _changes(printed.assign(seed=0)).iloc[0]
        text = f"own {theirs['own']:+.1f}, pairs {theirs['pairs']:+.1f}"
    judged = [judge(Evidence(change, sign, about_networks=False)) for change, sign in ((own, 1), (pairs, -1))]
    return Finding(text, f"own {text_of(own, 1, '+')}, pairs {text_of(pairs, 1, '+')}", "", combined(judged, "all"))


def _changes(table: pd.DataFrame) -> pd.DataFrame:
    """Return, per seed, the change from the first to the last iteration of a class's `own` neurons and of `pairs`'."""
    kind = np.where(table["class_i"] == table["class_j"], "own", "pairs")
    means = table.assign(kind=kind).groupby(["seed", "kind", "iteration"])["neurons"].mean().unstack("iteration")
    return (means.iloc[:, -1] - means.iloc[:, 0]).unstack("kind")


def stronger(part: Part, metric: str, sign: int, bound: float) -> Finding:
    """Judge the correlation of the layers from the second on against that of the first, by seed, on Fisher's scale."""
    where = {"accuracy": "running"}
    full, printed = chosen(part.table("communities/table4"), where), chosen(part.printed("communities_table4"), where)
    verdicts = [
        judge(one)
        for label, one in table_evidence(full, sign, nan, printed)
        if label["metric"] == metric and label["layer"] > 1
    ]
    seeds = chosen(part.table("communities/table4_seeds"), where | {"metric": metric})
    by_layer = seeds.pivot(index="seed", columns="layer", values="pearson")
    if not verdicts:
        return no_figures(Judgement(NOT_TESTED, "the network has one hidden layer"))
    z = fisher_z(by_layer.to_numpy(float), max(int(full["iterations"].max()), LEAST_POINTS))
    judgement = judge_stronger(z[:, 1:], z[:, 0], sign, verdicts, bound)
    difference = student(z[:, 1:].mean(axis=1) - z[:, 0])
    ours = f"{_later_less_first(full, metric)}; of z {text_of(difference, 2, '+')}"
    return Finding(_later_less_first(printed, metric), ours, f"later layers: {combined(verdicts).word}", judgement)


def _later_less_first(table: pd.DataFrame, metric: str) -> str:
    if table.empty:
        return MISSING
    rows = chosen(table, {"metric": metric})
    first = rows["layer"] == 1
    return number(rows.loc[~first, "pearson"].mean() - rows.loc[first, "pearson"].mean(), sign="+")


def _by_seed(table: pd.DataFrame, name: str, less: str) -> Student:
    """Return the mean over iterations of one column less another, in points, over seeds."""
    points = 100 * (table[name] - table[less])
    return student(points.groupby(table["seed"]).mean())


def gains(part: Part, layers: str, split: str, bound: float) -> Finding:
    """Judge the points gained over the base model, and those over the same model without activations."""
    table = part.table("auxiliary/table4")
    if f"{layers}_{split}" not in table:
        return _not_measured(layers)
    boosted, base, control = (f"{name}_{split}" for name in (layers, "base", "control"))
    plain, beyond = _by_seed(table, boosted, base), _by_seed(table, boosted, control)
    printed = chosen(part.printed("auxiliary_average_improvement"), {"layers": layers})
    theirs = number(printed[f"{split}_points"].iloc[0], 1, "+") if len(printed) else MISSING
    text = f"{_by_seed(table, control, base).mean:+.2f} without activations; difference {text_of(beyond, 3, '+')}"
    judgement = judge_beyond_control(Evidence(plain, 1, bound=bound), Evidence(beyond, 1, bound=bound))
    return Finding(theirs, text_of(plain, 2, "+"), text, judgement)


def alike(part: Part, first: str, second: str, split: str, bound: float) -> Finding:
    """Judge whether the model on one choice of layers does as well as on another, in points over the iterations."""
    table, printed = part.table("auxiliary/table4"), part.printed("auxiliary_table4")
    for name in (first, second):
        if f"{name}_{split}" not in table:
            return _not_measured(name)
    difference = _by_seed(table, f"{second}_{split}", f"{first}_{split}")
    theirs = MISSING
    if len(printed):
        last2, last1 = (printed[f"boosted_{split}_{name}_percent"].mean() for name in (first, second))
        theirs = number(last1 - last2, 2, "+")
    control = f"without activations {text_of(_by_seed(table, f'control_{split}', f'{first}_{split}'), 3, '+')}"
    return Finding(theirs, text_of(difference, 3, "+"), control, judge_same(difference, bound))


def top_neurons(part: Part) -> Finding:
    """Judge the share of classes predicted when their top neurons alone are active, against random ones as many."""
    printed = part.printed("coactivation_figures").set_index("quantity")["value"]
    largest, wanted = printed.get(_SMALLEST, np.inf), printed.get(_SHARE, 1.0)
    shares, controls = (part.table(f"coactivation/{name}_seeds") for name in ("figure2_shares", "figure2_controls"))
    curves = shares[shares["k"] <= largest].pivot(index="seed", columns="k", values="share_right")
    controls = controls[controls["k"] <= largest]
    random = controls[controls["choice"] == "random"].groupby(["draw", "k"])["share_right"].mean().unstack("k")
    means = controls[controls["choice"] == "class_mean"].groupby("k")["share_right"].mean()
    best = student(curves.max(axis=1))
    p = best_of_p(curves.mean().to_numpy(float), random.to_numpy(float))
    theirs = f"{wanted:.0%}" + (f" with k up to {largest:.0f}" if largest < np.inf else "")
    control = f"largest class means {means.max():.0%}, random neurons {random.max(axis=1).mean():.0%}, p {p:.2g}"
    return Finding(theirs, text_of(best), control, judge_against_chance(judge_reaches(best, wanted), p))


def modular(part: Part, least: float) -> Finding:
    """Judge the best modularity over the Louvain runs of each seed."""
    rows, printed = part.table("coactivation/table1_seeds"), part.printed("coactivation_table1")
    best, mean = (student(rows.groupby("seed")[name].first()) for name in ("modularity", "modularity_mean"))
    theirs = number(printed["modularity"].iloc[0], 3) if len(printed) else MISSING
    return Finding(theirs, text_of(best, 3), f"mean of the runs {text_of(mean, 3)}", judge_reaches(best, least))


def together(part: Part, pairs: list[list[str]]) -> Finding:
    """Judge the share of Louvain runs in which the named classes lie in one community, against classes in other orders."""
    table = part.table("coactivation/stability_seeds")
    classes = [table["name_i"].iloc[0], *table.loc[table["class_i"] == 0, "name_j"].drop_duplicates()]
    stacks = []
    for _, rows in table.groupby("seed"):
        matrix = np.ones((len(classes),) * 2)
        matrix[rows["class_i"], rows["class_j"]] = matrix[rows["class_j"], rows["class_i"]] = rows["share_of_runs"]
        stacks.append(matrix)
    named = [tuple(map(classes.index, pair)) for pair in pairs]
    shares = np.array([[matrix[pair] for pair in named] for matrix in stacks])
    test = mantel(named_pairs(classes, pairs), np.array(stacks))
    ours = ", ".join(f"{' and '.join(pair)}: {share:.0%}" for pair, share in zip(pairs, shares.mean(axis=0)))
    judgement = judge_against_chance(judge_reaches(student(shares.min(axis=1)), 0.5), test.p)
    return Finding("together", f"{ours} of the runs", f"Mantel's p {number(test.p, 3)}", judgement)


def _tests(part: Part) -> dict[str, dict]:
    return {row["test"]: row for row in part.table("coactivation/figure3_tests").to_dict("records")}


def mistakes_follow(part: Part, bound: float) -> Finding:
    """Judge the correlation of similarity and mistakes over pairs of classes, by Mantel's tests."""
    tests, judged, texts = _tests(part), [], {}
    for name in ("plain", "given_images", "separate_halves"):
        row = tests.get(name, _WITHOUT_IMAGES)
        points, seeds = max(int(row["pairs"]), LEAST_POINTS), int(row["seeds"])
        evidence = Evidence(
            student_of_correlation(*limits_of(row, "value"), points, seeds),
            sign=1,
            swap_p=row["p"],
            own_minus_swapped=row["value"],
            bound=float(np.arctanh(bound)),
            missing=row["note"] if isnan(row["value"]) else "",
            control="Mantel's test",
        )
        judged.append(judge(evidence))
        texts[name] = f"{limited(row, 'value')}, p {number(row['p'], 3)}"
    printed = part.printed("coactivation_figures")
    theirs = printed.loc[printed["quantity"] == _FIGURE, "value"].tolist()
    control = f"given the mean images {texts['given_images']}; on separate halves {texts['separate_halves']}"
    untested = [one for one in judged if one.word == NOT_TESTED]  # all three are needed
    judgement = untested[0] if untested else combined(judged, "all")
    return Finding(number(*theirs[:1] or [nan]), texts["plain"], control, judgement)


def most_mistakes(part: Part) -> Finding:
    """Judge the share of mistakes in the third of the pairs of classes that share most neurons."""
    row = _tests(part)["most_similar_third"]
    share = student_of_mean(*limits_of(row, "value"), int(row["seeds"]))
    judgement = judge_against_chance(judge_reaches(share, 0.5), row["p"])
    return Finding("most", text_of(share), f"Mantel's p {number(row['p'], 3)}", judgement)


@dataclass(frozen=True)
class Criterion:
    """A rule: its function, the table that it reads (with the claim's options filled in), the sentence that states it."""

    judge: Callable[..., Finding]
    table: str
    sentence: str


CRITERIA = {
    "follows": Criterion(
        follows,
        "{table}",
        "The correlation with accuracy over the iterations has the claimed sign, its 95 % interval over seeds excludes 0, "
        "and the seed swap rejects, in more than half of the rows (layers, metrics, classes) where there are several. "
        "Correlations within {bound} count as none.",
    ),
    "overlap": Criterion(
        overlap,
        "communities/table2",
        "From the first to the last iteration the neurons of layer {layer} that belong to one class alone (`own`, mean "
        "over classes) grow and those that two classes share (`pairs`, mean over pairs) fall; both 95 % intervals over "
        "seeds exclude 0. The claim is of a trend of training, so no seed swap.",
    ),
    "stronger": Criterion(
        stronger,
        "communities/table4",
        "The mean correlation of the layers from the second on, by seed and on Fisher's scale, exceeds the size of the "
        "first layer's, whatever its sign: the 95 % interval over seeds of the difference lies above 0, and the later "
        "layers' correlation stands by itself. Differences of z within {bound} count as none.",
    ),
    "gains": Criterion(
        gains,
        "auxiliary/table4",
        "Averaged over the iterations the {split} accuracy gains, and gains more than the same auxiliary model fed the "
        "softmax twice: both 95 % intervals over seeds lie above 0. Gains within {bound} points (what rounds to the 0.1 "
        "that the paper prints) count as none.",
    ),
    "alike": Criterion(
        alike,
        "auxiliary/table4",
        "Averaged over the iterations the {split} accuracies of the two choices of layers differ by less than {bound} "
        "points (two one-sided tests over seeds).",
    ),
    "top_neurons": Criterion(
        top_neurons,
        "coactivation/figure2_controls",
        "The best share of classes predicted, at a k no greater than the published one, reaches the published share: its "
        "95 % interval over seeds lies at or above it, and no more than 5 % of random choices of as many neurons, with the "
        "same freedom in k, do as well.",
    ),
    "modular": Criterion(
        modular,
        "coactivation/table1",
        "The 95 % interval over seeds of the best modularity of the Louvain runs lies at or above {least}.",
    ),
    "together": Criterion(
        together,
        "coactivation/stability",
        "The least of the named pairs' shares of Louvain runs in one community has a 95 % interval over seeds above one "
        "half, and other orders of the classes' names do not do as well (Mantel's test).",
    ),
    "mistakes_follow": Criterion(
        mistakes_follow,
        "coactivation/figure3_tests",
        "Pearson's correlation over pairs of classes is positive (95 % interval over seeds) and Mantel's test rejects: as "
        "it is, given the similarity of the classes' mean images, and with graph and mistakes from separate halves of the "
        "test set. All three are needed.",
    ),
    "most_mistakes": Criterion(
        most_mistakes,
        "coactivation/figure3_tests",
        "The third of the pairs with the highest similarity (ties shared out) holds more than half of the mistakes: the "
        "95 % interval over seeds lies above one half, and Mantel's test rejects.",
    ),
}
