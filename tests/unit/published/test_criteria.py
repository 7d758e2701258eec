"""Each rule on small tables whose answer is known by hand, on both sides of every test."""

import numpy as np
import pandas as pd
import pytest
from frames import SHARED

from neurons.core.errors import InputError
from neurons.published.criteria import CRITERIA
from neurons.published.evidence import Part
from neurons.published.verdicts import (
    CONTRADICTED,
    EQUIVALENT,
    INCONCLUSIVE,
    NOT_TESTED,
    REPRODUCED,
    TREND_ONLY,
)


@pytest.fixture
def part(tmp_path):
    """A run with the given tables, on a data set that its own published tables know."""

    def make(tables: dict, printed: dict | None = None, data="mnist", model="fcnn") -> Part:
        for folder, frames in (("run", tables), ("published", printed or {})):
            for name, rows in frames.items():
                path = tmp_path / folder / f"{name}.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                pd.DataFrame(rows).to_csv(path, index=False)
        return Part(tmp_path / "run", tmp_path / "published", data, model)

    return make


def judge(name: str, part: Part, **options):
    return CRITERIA[name].judge(part, **options)


def correlation(mean, low, high, swap=(0.1, 0.01), seeds=5, **keys) -> dict:
    """A row of correlations: value and limits, and of the seed swap `own - swapped` and p."""
    row = dict.fromkeys(SHARED, np.nan) | {"iterations": 20, "seeds": seeds, "seeds_undefined": 0, "note": ""}
    row |= {"accuracy": "running", "pearson": mean, "pearson_low": low, "pearson_high": high}
    return row | {"own_minus_swapped": swap[0], "swap_p": swap[1]} | keys


ENTROPY = {"table": "communities/table5", "where": {"accuracy": "running"}, "sign": -1, "bound": 0.1}


@pytest.mark.parametrize(
    "row, word",
    [
        (correlation(-0.9, -0.95, -0.8, (-0.1, 0.01)), REPRODUCED),
        (correlation(-0.9, -0.95, -0.8, (-0.001, 0.4)), TREND_ONLY),
        (correlation(-0.9, -0.95, -0.8, (-0.001, 0.4), seeds=4), INCONCLUSIVE),  # too few for the seed swap
        (correlation(-0.9, -0.95, -0.8, (0.1, 0.01)), CONTRADICTED),  # it rejects with the other sign
        (correlation(0.9, 0.8, 0.95, (0.1, 0.01)), CONTRADICTED),
        (correlation(0.41, -0.42, 0.87, (0.1, 0.4)), INCONCLUSIVE),  # a wide interval refutes nothing
        (correlation(0.01, -0.04, 0.05, (0, 0.9)), EQUIVALENT),
        (correlation(-0.9, np.nan, np.nan, (np.nan, np.nan), seeds=1), INCONCLUSIVE),
    ],
)
def test_a_correlation_is_judged_by_its_interval_and_the_seed_swap(part, row, word):
    assert judge("follows", part({"communities/table5": [row]}), **ENTROPY).judgement.word == word


def test_the_other_sign_can_be_claimed(part):
    run = part({"communities/table5": [correlation(0.9, 0.8, 0.95)]})
    assert judge("follows", run, **ENTROPY | {"sign": 1}).judgement.word == REPRODUCED


@pytest.mark.parametrize(
    "signs, words",
    [((1, 1, -1), REPRODUCED), ((1, -1, -1), CONTRADICTED), ((1, 1, 0), REPRODUCED), ((1, 0, 0), INCONCLUSIVE)],
)
def test_of_several_rows_more_than_half_must_have_one_verdict(part, signs, words):
    rows = [
        correlation(0.8 * a, 0.8 * a - (0.1 if a else 0.5), 0.8 * a + (0.1 if a else 0.5), layer=layer, metric="klb")
        for layer, a in enumerate(signs, start=2)
    ]
    rows.append(correlation(-0.9, -0.99, -0.8, layer=1, metric="klb"))
    rows.append(rows[0] | {"accuracy": "test", "pearson": 0.0, "pearson_low": -0.9, "pearson_high": 0.9})
    run = part({"communities/table4": rows})
    where = {"accuracy": "running", "layer": [2, 3, 4]}
    found = judge("follows", run, table="communities/table4", where=where, sign=1, bound=0.1)
    assert found.judgement.word == words
    assert found.ours.startswith(f"{signs.count(1)} of 3 with the claimed sign")
    assert "judges 3 of 4 rows: layer 2, 3, 4 of" in found.judgement.reason
    whole = judge("follows", run, table="communities/table4", where={"accuracy": "running"}, sign=1, bound=0.1)
    assert "judges" not in whole.judgement.reason


def test_rows_are_corrected_for_their_number(part):
    """A p of .03 rejects by itself, and not beside nine rows without effect."""
    own = correlation(-0.9, -0.95, -0.8, (-0.1, 0.03), **{"class": 0})
    others = [correlation(-0.9, -0.95, -0.8, (-0.01, 0.7), **{"class": c}) for c in range(1, 10)]
    options = {"table": "communities/table6", "where": {"accuracy": "running", "class": 0}, "sign": -1, "bound": 0.1}
    assert judge("follows", part({"communities/table6": [own]}), **options).judgement.word == REPRODUCED
    assert judge("follows", part({"communities/table6": [own, *others]}), **options).judgement.word == TREND_ONLY


def test_the_published_correlation_stands_beside(part):
    printed = {"communities_table5": [{"dataset": "mnist", "pearson": -0.87}, {"dataset": "other", "pearson": 0.3}]}
    row = correlation(-0.8, -0.9, -0.7)
    assert judge("follows", part({"communities/table5": [row]}, printed), **ENTROPY).published == "-0.87"
    test = ENTROPY | {"where": {"accuracy": "test"}}  # the papers print none
    run = part({"communities/table5": [row | {"accuracy": "test"}]}, printed)
    assert judge("follows", run, **test).published == "–"


def test_a_constant_series_is_not_tested(part):
    row = correlation(np.nan, np.nan, np.nan, (np.nan, np.nan), note="measure constant", seeds_undefined=5)
    found = judge("follows", part({"communities/table5": [row]}), **ENTROPY)
    assert found.judgement.word == NOT_TESTED and found.judgement.reason == "measure constant"


def test_a_table_of_an_older_version_is_named(part):
    row = correlation(-0.8, -0.9, -0.7)
    del row["swap_p"]
    with pytest.raises(InputError, match=r"table5.csv: no column 'swap_p'; delete it and run again"):
        judge("follows", part({"communities/table5": [row]}), **ENTROPY)


def counts(changes: list[tuple[int, int]]) -> list[dict]:
    """Table 2 of two classes, a pair (change of the diagonal, change of the pair) for each seed."""
    rows = []
    for seed, (own, pair) in enumerate(changes):
        for iteration, late in ((1, 0), (20, 1)):
            for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
                value = 10 + late * (own if i == j else pair)
                rows.append({"seed": seed, "iteration": iteration, "layer": 1, "matrix": "shared"})
                rows[-1] |= {"class_i": i, "class_j": j, "neurons": value}
                rows.append(rows[-1] | {"layer": 2, "neurons": 99 - value})
                rows.append(rows[-2] | {"matrix": "exclusive", "neurons": 99 - value})
    return rows


@pytest.mark.parametrize(
    "changes, word",
    [
        ([(4, -2)], INCONCLUSIVE),  # one seed
        ([(4, -2), (5, -2), (4, -3)], REPRODUCED),
        ([(4, 2), (5, 2), (4, 3)], CONTRADICTED),
        ([(-4, -2), (-5, -2), (-4, -3)], CONTRADICTED),
        ([(4, -2), (-3, -2), (4, -3)], INCONCLUSIVE),  # the interval over seeds reaches 0
    ],
)
def test_own_neurons_grow_and_shared_ones_fall(part, root, changes, word):
    run = part({"communities/table2": counts(changes)})
    published = Part(run.results, root / "resources/published", "mnist", "fcnn")
    found = judge("overlap", published, layer=1)
    assert found.judgement.word == word
    assert found.published == "own +4.6, pairs -1.8"


def layers(first: float, later: float, swap=(0.1, 0.01), spread=0.02) -> dict:
    """Table 4 of two layers and its correlations by seed, around these two."""
    seeds = [
        {"layer": layer, "layer_name": "x", "metric": metric, "accuracy": "running", "seed": seed, "pearson": r + shift}
        for layer, r in ((1, first), (2, later))
        for metric in ("klb", "other")
        for seed, shift in enumerate(np.linspace(-spread, spread, 5))
    ]
    rows = [
        correlation(r, r - 2 * spread, r + 2 * spread, swap, layer=layer, metric=metric)
        for layer, r in ((1, first), (2, later))
        for metric in ("klb", "other")
    ]
    return {"communities/table4": rows, "communities/table4_seeds": seeds}


@pytest.mark.parametrize(
    "first, later, swap, word",
    [
        (0.3, 0.7, (0.1, 0.01), REPRODUCED),
        (0.3, 0.7, (0.0, 0.5), TREND_ONLY),
        (-0.6, 0.5, (0.1, 0.01), INCONCLUSIVE),  # not won because layer 1 has the wrong sign
        (0.7, 0.3, (0.1, 0.01), CONTRADICTED),
        (0.5, 0.5, (0.1, 0.01), EQUIVALENT),
    ],
)
def test_later_layers_are_stronger_by_an_interval(part, first, later, swap, word):
    found = judge("stronger", part(layers(first, later, swap)), metric="klb", sign=1, bound=0.1)
    assert found.judgement.word == word
    assert found.ours.startswith(f"{later - first:+.2f}; of z ")


def test_one_layer_has_none_that_is_later(part):
    tables = {name: [row for row in rows if row["layer"] == 1] for name, rows in layers(0.3, 0.7).items()}
    assert judge("stronger", part(tables), metric="klb", sign=1, bound=0.1).judgement.word == NOT_TESTED


def boosting(gains: list[list[float]], refitted: float) -> list[dict]:
    """Table 4 of the auxiliary study: points gained by iteration for each seed, and those of the refitted softmax."""
    return [
        {"seed": seed, "iteration": i, "base_test": 0.5, "all_test": 0.5 + gain / 100, "last1_test": 0.1}
        | {"base_train": 0.9, "all_train": 0.1, "control_train": 0.9, "control_test": 0.5 + refitted / 100}
        for seed, own in enumerate(gains)
        for i, gain in enumerate(own, start=1)
    ]


@pytest.mark.parametrize(
    "gains, refitted, word",
    [
        # The interval is over the seeds' means, whatever the iterations do.
        ([[0.4, 0.6], [0.0, 1.2], [0.5, 0.3]], 0.1, REPRODUCED),
        ([[0.4, 0.6], [0.0, 1.2], [0.5, 0.3]], 0.5, INCONCLUSIVE),
        ([[0.5], [0.51], [0.49]], 0.5, EQUIVALENT),  # as much as the softmax fed twice
        ([[0.5], [0.51], [0.49]], 0.9, CONTRADICTED),
        ([[0.5], [-0.4], [0.6]], 0.0, INCONCLUSIVE),
        ([[0.02], [0.01], [0.03]], 0.0, EQUIVALENT),  # too small to be printed
        ([[-0.5], [-0.6], [-0.4]], -0.9, CONTRADICTED),
        ([[0.5, 0.6, 0.4, 0.5]], 0.2, INCONCLUSIVE),  # one seed
    ],
)
def test_a_gain_has_to_exceed_that_of_a_refitted_softmax(part, gains, refitted, word):
    printed = {"layers": "all", "dataset": "mnist", "model": "fcnn", "test_points": 1.5}
    run = part(
        {"auxiliary/table4": boosting(gains, refitted)},
        {"auxiliary_average_improvement": [printed | {"model": "vgg16", "test_points": 9.0}, printed]},
    )
    found = judge("gains", run, layers="all", split="test", bound=0.05)
    assert found.judgement.word == word and found.published == "+1.5"


@pytest.mark.parametrize(
    "points, word",
    [((0.01, -0.01, 0.0), REPRODUCED), ((0.2, 0.21, 0.19), CONTRADICTED), ((0.0, 0.2, -0.1), INCONCLUSIVE)],
)
def test_the_last_layer_does_as_well(part, points, word):
    table = {"seed": [0, 1, 2], "last2_test": 0.9, "last1_test": 0.9 + np.array(points) / 100, "control_test": 0.9}
    run = part({"auxiliary/table4": table})
    assert judge("alike", run, first="last2", second="last1", split="test", bound=0.05).judgement.word == word


def test_layers_that_were_not_measured_are_not_tested(part):
    run = part({"auxiliary/table4": boosting([[0.5, 0.6, 0.4]], 0.2)})
    found = judge("gains", run, layers="last3", split="test", bound=0.05).judgement
    assert (found.word, found.reason) == (NOT_TESTED, "`auxiliary.layers` of the run has no 'last3'")
    options = {"first": "last2", "second": "last1", "split": "test", "bound": 0.05}
    assert judge("alike", run, **options).judgement.word == NOT_TESTED


ALL = "smallest k at which activating the top-k neurons predicts every class"
SHARE = "fraction of classes predicted as expected"


@pytest.mark.parametrize(
    "printed, shares, random, word",
    [
        ({"quantity": ALL, "value": 3}, [0.5, 0.9, 1.0, 0.2], 0.1, REPRODUCED),
        ({"quantity": ALL, "value": 2}, [0.5, 0.9, 1.0, 0.2], 0.1, CONTRADICTED),
        ({"quantity": SHARE, "value": 0.8}, [0.5, 0.7, 0.7, 0.8], 0.1, REPRODUCED),
        ({"quantity": SHARE, "value": 0.8}, [0.5, 0.7, 0.7, 0.8], 0.8, INCONCLUSIVE),  # as well by chance
        ({"quantity": SHARE, "value": 0.8}, [0.5, 0.7, 0.7, 0.7], 0.1, CONTRADICTED),
    ],
)
def test_top_neurons_reach_the_published_share_and_random_ones_do_not(part, printed, shares, random, word):
    ours = [{"seed": s, "k": k, "share_right": share} for s in range(3) for k, share in enumerate(shares, start=1)]
    controls = [
        {"seed": s, "choice": choice, "draw": draw, "k": k, "share_right": random if k == 4 else 0.1}
        for s in range(3)
        for choice, draws in (("class_mean", 1), ("random", 40))
        for draw in range(draws)
        for k in range(1, 5)
    ]
    tables = {"coactivation/figure2_shares_seeds": ours, "coactivation/figure2_controls_seeds": controls}
    run = part(tables, {"coactivation_figures": [{"dataset": "mnist"} | printed]})
    assert judge("top_neurons", run).judgement.word == word


@pytest.mark.parametrize(
    "modularity, word",
    [((0.45, 0.46, 0.47), REPRODUCED), ((0.36, 0.42, 0.48), INCONCLUSIVE), ((0.3, 0.31, 0.32), CONTRADICTED)],
)
def test_modularity_reaches_a_level_over_seeds(part, modularity, word):
    table = [
        {"seed": seed, "classes": classes, "modularity": q, "modularity_mean": q - 0.01}
        for seed, q in enumerate(modularity)
        for classes in ("0; 1", "2")
    ]
    found = judge("modular", part({"coactivation/table1_seeds": table}), least=0.4)
    assert found.judgement.word == word and found.ours.startswith(f"{np.mean(modularity):.3f} [")


CLOTHES = ["Coat", "Pullover", "Bag", "Sandal", "Sneaker", "Dress"]


@pytest.mark.parametrize(
    "share, other, word", [(0.9, 0.0, REPRODUCED), (0.4, 0.0, CONTRADICTED), (0.9, 0.9, INCONCLUSIVE)]
)
def test_named_classes_lie_together_and_others_do_not(part, share, other, word):
    named = [{"Coat", "Pullover"}, {"Sandal", "Sneaker"}]
    rows = [
        {"seed": seed, "class_i": i, "class_j": j, "name_i": CLOTHES[i], "name_j": CLOTHES[j]}
        | {"share_of_runs": (share if {CLOTHES[i], CLOTHES[j]} in named else other) + 0.01 * seed + 0.001 * (i + j)}
        for seed in range(3)
        for i in range(6)
        for j in range(i + 1, 6)
    ]
    run = part({"coactivation/stability_seeds": rows})
    pairs = [["Pullover", "Coat"], ["Sandal", "Sneaker"]]
    assert judge("together", run, pairs=pairs).judgement.word == word


def figure3(**values) -> list[dict]:
    """Figure 3's tests: value, limits and p of each; those not given hold."""
    given = dict.fromkeys(("plain", "given_images", "separate_halves", "most_similar_third"), (0.7, 0.6, 0.8, 0.001))
    names = ("value", "value_low", "value_high", "p")
    return [
        {"test": name, "pairs": 45, "seeds": 5, "note": ""} | dict(zip(names, row))
        for name, row in (given | values).items()
    ]


@pytest.mark.parametrize(
    "rows, word",
    [
        (figure3(), REPRODUCED),
        (figure3(given_images=(0.1, -0.2, 0.4, 0.5)), INCONCLUSIVE),
        (figure3(plain=(-0.7, -0.8, -0.6, 0.001)), CONTRADICTED),
        (figure3(separate_halves=(0.7, 0.6, 0.8, 0.3)), TREND_ONLY),
    ],
)
def test_mistakes_follow_similarity_in_all_three_tests(part, rows, word):
    printed = {"coactivation_figures": [{"dataset": "mnist", "quantity": SHARE, "value": 0.8}]}
    run = part({"coactivation/figure3_tests": rows}, printed)
    assert judge("mistakes_follow", run, bound=0.1).judgement.word == word


def test_without_the_images_one_of_the_three_tests_is_not_there(part):
    rows = [row for row in figure3() if row["test"] != "given_images"]
    printed = {"coactivation_figures": [{"dataset": "mnist", "quantity": SHARE, "value": 0.8}]}
    found = judge("mistakes_follow", part({"coactivation/figure3_tests": rows}, printed), bound=0.1)
    assert found.judgement.word == NOT_TESTED and "without their images" in found.judgement.reason


@pytest.mark.parametrize(
    "row, word",
    [
        ((0.7, 0.6, 0.8, 0.001), REPRODUCED),
        ((0.7, 0.6, 0.8, 0.2), INCONCLUSIVE),
        ((0.5, 0.4, 0.6, 0.001), INCONCLUSIVE),
        ((0.4, 0.35, 0.45, 0.001), CONTRADICTED),
        ((np.nan, np.nan, np.nan, np.nan), NOT_TESTED),
    ],
)
def test_the_third_of_the_pairs_that_are_most_alike(part, row, word):
    run = part({"coactivation/figure3_tests": figure3(most_similar_third=row)})
    assert judge("most_mistakes", run).judgement.word == word
