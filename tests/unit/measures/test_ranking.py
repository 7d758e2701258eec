"""Statistics over pairs of networks against scipy, scikit-learn and loops; synthetic grids with known answers."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mutual_info_score
from sklearn.model_selection import LeaveOneGroupOut

from neurons.core.errors import InputError
from neurons.measures import ranking
from neurons.measures.ranking_table import answer, arranged, network_row, networks_frame, ranking_table, rankings

VALUES = {"dropout": (0, 0.2, 0.5), "rate": (1, 3, 9), "width": (128, 512)}


def grid(seeds=2):
    """Every combination with `seeds` seeds: numbers of the values (N, 3)."""
    cells = list(product(*(range(len(values)) for values in VALUES.values())))
    return np.repeat(np.array(cells), seeds, axis=0)


@pytest.fixture(params=[0, 0.6])
def case(request, rng):
    """Settings, a target, a measure that goes with it in part and has ties, and the pairs."""
    settings = grid()
    target = rng.normal(size=len(settings)) + settings @ [0.5, -0.3, 0.2]
    measure = np.round(target + rng.normal(size=len(target)), 1)
    return settings, target, measure, ranking.compared_pairs(settings, target, request.param), request.param


def literal_pairs(settings, target, noise):
    """(i, j) of the compared pairs, one at a time."""
    return [(i, j) for i, j in combinations(range(len(target)), 2) if abs(target[i] - target[j]) > noise]


def test_tau_is_scipys_where_there_are_no_ties(rng):
    settings, target, measure = grid(), *rng.normal(size=(2, len(grid())))
    pairs = ranking.compared_pairs(settings, target)
    assert ranking.kendall(pairs, measure) == pytest.approx(scipy.stats.kendalltau(measure, target).statistic)


def test_ties_in_the_measure_count_as_half_right(rng):
    settings, target = grid(), rng.permutation(len(grid())).astype(float)
    measure = rng.integers(0, 4, len(target)).astype(float)
    pairs = ranking.compared_pairs(settings, target)
    # Somers' D(measure | target): all pairs with different targets in the denominator
    assert ranking.kendall(pairs, measure) == pytest.approx(scipy.stats.somersd(target, measure).statistic)


def test_pairs_within_noise_are_left_out(case):
    settings, target, measure, pairs, noise = case
    kept = literal_pairs(settings, target, noise)
    assert list(zip(pairs.first, pairs.second)) == kept
    expected = np.mean([np.sign(measure[i] - measure[j]) * np.sign(target[i] - target[j]) for i, j in kept])
    assert ranking.kendall(pairs, measure) == pytest.approx(expected)


def test_seed_noise_covers_95_percent_of_the_differences_of_two_seeds(rng):
    settings = np.repeat(np.arange(4000), 2)[:, None]
    target = 5 * settings[:, 0] + 0.3 * rng.normal(size=8000)
    noise = ranking.seed_noise(settings, target)
    assert np.mean(np.abs(target[::2] - target[1::2]) <= noise) == pytest.approx(0.95, abs=0.01)
    assert ranking.seed_noise(np.arange(5)[:, None], rng.random(5)) == 0


def test_seed_noise_pools_the_variance_of_settings(rng):
    cell, target = np.repeat([0, 1, 2], [3, 2, 1]), rng.normal(size=6)
    squares = sum(np.sum((target[cell == c] - target[cell == c].mean()) ** 2) for c in range(3))
    assert ranking.seed_noise(cell[:, None], target) == pytest.approx(1.959964 * np.sqrt(2 * squares / (6 - 3)))


def test_granulated_tau_is_the_mean_of_each_groups_tau(case):
    settings, target, measure, pairs, noise = case
    expected = []
    for h in range(3):
        groups = {}
        for i, j in literal_pairs(settings, target, noise):
            other = [settings[i, k] for k in range(3) if k != h]
            if other == [settings[j, k] for k in range(3) if k != h] and settings[i, h] != settings[j, h]:
                agrees = np.sign(measure[i] - measure[j]) * np.sign(target[i] - target[j])
                groups.setdefault(tuple(other), []).append(agrees)
        expected.append(np.mean([np.mean(group) for group in groups.values()]))
    np.testing.assert_allclose(ranking.granulated_kendall(pairs, measure), expected)


def test_granulated_tau_is_scipys_for_single_seeds_without_ties(rng):
    settings = grid(1)
    target, measure = rng.normal(size=(2, len(settings)))
    pairs, expected = ranking.compared_pairs(settings, target), []
    for h in range(3):
        others = [tuple(np.delete(row, h)) for row in settings]
        groups = [[n for n, other in enumerate(others) if other == own] for own in set(others)]
        expected.append(np.mean([scipy.stats.kendalltau(measure[own], target[own]).statistic for own in groups]))
    np.testing.assert_allclose(ranking.granulated_kendall(pairs, measure), expected)


def literal_information(settings, target, measure, noise) -> float:
    """Jiang's K by scikit-learn's mutual information within every condition, pairs in both orders."""
    both = [pair for i, j in literal_pairs(settings, target, noise) for pair in ((i, j), (j, i))]
    m = np.array([np.sign(measure[i] - measure[j]) for i, j in both])
    t = np.array([np.sign(target[i] - target[j]) for i, j in both])
    shares = []
    for size in range(3):
        for some in combinations(range(3), size):
            groups = {}
            for n, (i, j) in enumerate(both):
                groups.setdefault((*settings[i, list(some)], *settings[j, list(some)]), []).append(n)
            information = sum(len(own) * mutual_info_score(m[own], t[own]) for own in groups.values())
            entropy = sum(len(own) * mutual_info_score(t[own], t[own]) for own in groups.values())
            shares.append(information / entropy)
    return min(shares)


def test_conditional_information_is_that_of_scikit_learn(case):
    settings, target, measure, pairs, noise = case
    expected = literal_information(settings, target, measure, noise)
    assert ranking.conditional_information(pairs, measure) == pytest.approx(expected, abs=1e-12)


def test_environment_errors_are_the_loop(case):
    settings, target, measure, pairs, noise = case
    expected = {}
    for i, j in literal_pairs(settings, target, noise):
        differs = np.flatnonzero(settings[i] != settings[j])
        if len(differs) == 1:
            h = int(differs[0])
            key = (h, *sorted((int(settings[i, h]), int(settings[j, h]))))
            agrees = np.sign(measure[i] - measure[j]) * np.sign(target[i] - target[j])
            expected.setdefault(key, []).append((1 - agrees) / 2)
    errors = dict(zip(pairs.environments, ranking.environment_errors(pairs, measure)))
    assert errors == pytest.approx({key: np.mean(values) for key, values in expected.items()})
    assert len(errors) == 3 + 3 + 1
    assert ranking.worst_sign_error(pairs, measure) == max(errors.values())


def test_excess_is_against_the_best_baseline_of_each_environment(case, rng):
    settings, target, measure, pairs, _ = case
    others = [rng.normal(size=len(target)), target + rng.normal(size=len(target))]
    own, *theirs = (ranking.environment_errors(pairs, values) for values in (measure, *others))
    expected = max(a - min(b, c) for a, b, c in zip(own, *theirs))
    assert ranking.worst_excess(pairs, measure, others) == pytest.approx(expected)


@pytest.mark.parametrize(
    "statistic", ["kendall", "granulated_kendall", "conditional_information", "environment_errors"]
)
def test_weights_count_networks_as_often_as_they_are_there(rng, statistic):
    """A network of weight 2 is two networks, but for the pair of the two, whose targets are equal."""
    settings = grid(1)
    target, measure = rng.normal(size=(2, len(settings)))
    weights = rng.integers(0, 3, len(target))
    copies = np.repeat(np.arange(len(target)), weights)
    function = getattr(ranking, statistic)
    weighted = function(ranking.compared_pairs(settings, target), measure, weights.astype(float))
    plain = function(ranking.compared_pairs(settings[copies], target[copies]), measure[copies])
    if statistic == "environment_errors":
        weighted = weighted[np.isfinite(weighted)]
    np.testing.assert_allclose(weighted, plain)


def test_held_out_r2_is_scikit_learns(rng):
    settings, features = grid(), rng.normal(size=(len(grid()), 2))
    target = features @ [1, -2] + rng.normal(size=len(features))
    weights = rng.integers(0, 3, len(target)).astype(float)
    scores = []
    for column in settings.T:
        errors = total = 0
        for kept, held in LeaveOneGroupOut().split(features, groups=column):
            fit = LinearRegression().fit(features[kept], target[kept], weights[kept])
            errors += np.sum(weights[held] * (target[held] - fit.predict(features[held])) ** 2)
            total += np.sum(weights[held] * (target[held] - np.average(target[kept], weights=weights[kept])) ** 2)
        scores.append(1 - errors / total)
    assert ranking.held_out_r2(settings, target, features, weights) == pytest.approx(np.mean(scores))


def test_added_r2_is_large_for_what_the_baseline_lacks_and_not_for_itself_or_noise(rng):
    settings = grid()
    base, extra, noise = rng.permutation(np.tile(np.arange(len(settings)), (3, 1)), axis=1).astype(float)
    base, extra, noise = (rng.permutation(values) for values in (base, extra, noise))
    target = base + extra
    add = [ranking.added_r2(settings, target, values, [base]) for values in (extra, noise, base)]
    assert add[0] > 0.3 and add[1] < 0.05 and add[2] == pytest.approx(0, abs=1e-9)
    assert ranking.added_r2(settings, target, np.exp(extra / 3), [base]) == pytest.approx(add[0])  # ranks alone matter


def test_scaled_ranks_are_those_of_scipy(rng):
    values = rng.integers(0, 5, 20)
    np.testing.assert_allclose(ranking.scaled_ranks(values), (scipy.stats.rankdata(values) - 1) / 19)


def test_the_bootstrap_draws_settings_with_all_their_seeds():
    settings, seen = grid(), []

    def statistic(weights):
        seen.append(weights)
        return np.array([weights[0], np.nan])

    low, high = ranking.cell_bootstrap(settings, statistic, 50, 0)
    for weights in seen:
        assert weights.sum() == len(settings) and np.array_equal(weights[::2], weights[1::2])
    assert low[0] == 0 and high[0] >= 1 and np.isnan(low[1]) and np.isnan(high[1])


# synthetic grids -------------------------------------------------------------------------------------------------


def networks(rng, **columns):
    """A frame of networks on the grid with the given columns (functions of the settings' numbers), and baselines."""
    settings = grid()
    frame = pd.DataFrame({name: np.take(VALUES[name], settings[:, i]) for i, name in enumerate(VALUES)})
    frame["seed"] = np.tile([0, 1], len(frame) // 2)
    accuracy = 0.9 + 0.01 * (settings @ [1, 0.7, -2]) + 0.001 * rng.normal(size=len(frame))
    frame["test_accuracy"], frame["gap"] = accuracy, 1 - accuracy
    for name in ("live_units", "train_loss", "margin"):
        frame[name] = rng.normal(size=len(frame))
    for name, function in columns.items():
        frame[name] = function(settings, accuracy)
    return frame


def table_of(frame, **options):
    table = ranking_table(frame, list(VALUES), draws=20, **options)
    return table.set_index(["target", "measure"])


def test_a_measure_that_ranks_as_the_target_does(rng):
    row = table_of(networks(rng, echo=lambda s, a: 3 * a**3)).loc["test_accuracy", "echo"]
    assert row["tau"] == row["granulated_tau"] == 1 and row["tau_low"] == 1
    assert row["conditional_information"] == pytest.approx(1) and row["worst_sign_error"] == 0
    assert row["worst_excess"] < 0 and row["added_r2_low"] > 0.2


def test_a_measure_that_falls_is_as_good_as_one_that_rises(rng):
    table = table_of(networks(rng, up=lambda s, a: a, down=lambda s, a: -a))
    for target, sign in (("test_accuracy", 1), ("gap", -1)):
        up, down = table.loc[target, "up"], table.loc[target, "down"]
        assert up["tau"] == -down["tau"] == sign
        for name in ("conditional_information", "worst_sign_error", "worst_excess", "added_r2"):
            assert up[name] == pytest.approx(down[name])


def test_a_measure_without_relation(rng):
    columns = {f"noise_{i}": lambda s, a: rng.normal(size=len(a)) for i in range(8)}
    rows = table_of(networks(rng, **columns), targets=("gap",)).loc["gap"].loc[list(columns)]
    assert (rows["tau_low"] * rows["tau_high"] > 0).sum() <= 2 and rows["tau"].abs().mean() < 0.2
    assert (rows["conditional_information"] < 0.1).all() and (rows["worst_sign_error"] > 0.3).all()
    assert rows["added_r2"].mean() < 0.05 and (rows["worst_excess"] > 0).all()


def test_a_relation_through_one_hyper_parameter_alone(rng):
    """Simpson: the measure only echoes the width, which moves accuracy most; all else it ranks at random."""
    frame = networks(rng, echo=lambda s, a: -s[:, 2] + 1e-3 * rng.normal(size=len(a)))
    row = table_of(frame).loc["test_accuracy", "echo"]
    assert row["tau"] > 0.3 and row["tau_low"] > 0 and row["tau_width"] == 1
    assert abs(row["tau_dropout"]) < 0.4 and abs(row["tau_rate"]) < 0.4 and row["granulated_tau"] < 0.7
    assert row["conditional_information"] < 0.05 and row["worst_sign_error"] > 0.3


def test_a_relation_that_turns_within_the_hyper_parameter(rng):
    """Simpson in full: up with accuracy across widths, down with it within each."""
    frame = networks(rng, turn=lambda s, a: -10 * s[:, 2] - (a + 0.02 * s[:, 2]))
    row = table_of(frame).loc["test_accuracy", "turn"]
    assert row["tau_width"] == 1 and row["tau_dropout"] == row["tau_rate"] == -1
    assert row["worst_sign_error"] == 1


def test_notes_and_what_is_not_defined(rng):
    frame = networks(
        rng, still=lambda s, a: np.ones(len(a)), few=lambda s, a: np.where(np.arange(len(a)) < 2, a, np.nan)
    )
    frame.loc[3, "margin"] = np.nan
    table = table_of(frame)
    assert table.loc[("test_accuracy", "still"), "note"] == "1 networks without a value; measure constant"
    assert np.isnan(table.loc[("test_accuracy", "still"), "tau"])
    assert table.loc[("gap", "few"), "note"] == "34 networks without a value; fewer than 3 networks"
    assert table.loc[("gap", "live_units"), "networks"] == 35
    assert table.loc[("gap", "live_units"), "added_r2"] == pytest.approx(0, abs=1e-9)


def test_the_table_is_in_order_and_the_same_again(rng):
    frame = networks(rng, a=lambda s, a: a, b=lambda s, a: rng.normal(size=len(a)))
    first, again = (ranking_table(frame, list(VALUES), draws=5) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert first["target"].tolist() == ["test_accuracy"] * 5 + ["gap"] * 5
    assert first["measure"][0] == "a" and first["granulated_tau"][:5].abs().is_monotonic_decreasing


def test_a_networks_row_names_measures_by_layer():
    measures = pd.DataFrame([("dense_1", "nc1", 0.5), ("all", "margin", 2.0)], columns=["layer", "measure", "value"])
    row = network_row({"width": 128}, 3, measures, {"train_accuracy": 0.99, "test_accuracy": 0.9})
    assert row == {
        "width": 128, "seed": 3, "test_accuracy": 0.9, "gap": pytest.approx(0.09), "nc1@dense_1": 0.5, "margin": 2.0
    }  # fmt: skip


def test_baselines_of_layers_are_all_of_them(rng):
    frame = networks(rng).rename(columns={"live_units": "live_units@dense_1"})
    frame["live_units@dense_2"] = frame["test_accuracy"]
    frame["copy"] = frame["test_accuracy"]
    row = table_of(frame).loc["test_accuracy", "copy"]
    assert row["added_r2"] == pytest.approx(0, abs=1e-9) and row["worst_excess"] == 0


def trial_table(frame):
    """A frame of networks as the tables of a grid have it: a row for each measure of each network."""
    parameters, rows = list(VALUES), []
    for i, network in frame.iterrows():
        known = [network[name] for name in parameters] + [network["seed"], 7, network["test_accuracy"] + network["gap"]]
        for name in frame.columns.drop([*parameters, "seed", "test_accuracy", "gap"]):
            measure, _, layer = name.partition("@")
            rows.append(
                [*known, network["test_accuracy"], 0.3, i not in (2, 5), layer or "all", measure, network[name]]
            )
    ends = ["seed", "epoch", "train_accuracy", "test_accuracy", "train_loss", "reached", "layer", "measure", "value"]
    return pd.DataFrame(rows, columns=parameters + ends)


def test_networks_are_read_back_and_those_off_the_loss_left_out(rng):
    frame = networks(rng, **{"nc1@dense_1": lambda s, a: a}).assign(gap=lambda f: 1 - f["test_accuracy"])
    found, parameters, left_out = networks_frame(trial_table(frame))
    assert parameters == list(VALUES) and left_out == 2
    expected = frame.drop([2, 5]).reset_index(drop=True)[list(found)]
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_rankings_of_runs_stand_one_below_the_other_and_are_put_into_words(rng):
    frame = networks(rng, **{"echo@dense_1": lambda s, a: a, "noise": lambda s, a: rng.normal(size=len(a))})
    table = rankings({"one": trial_table(frame), "two": trial_table(frame.assign(**{"echo@dense_1": 1.0}))}, draws=20)
    assert set(table["run"]) == {"one", "two"} and (table["left_out"] == 2).all()
    assert table["measure"][0] == "echo@dense_1"
    one, two = answer(table)
    assert one.startswith("one: of 2 measures by layer, 1 beat the baselines") and "(echo@dense_1)" in one
    assert "errs in 0 % of the pairs of its worst environment" in one
    assert one.endswith(f"{len(frame) - 2} networks. Left out that did not reach the training loss: 2.")
    assert two.startswith(
        "two: of 1 measures by layer, 0 beat the baselines (live units, training loss, margin) in every"
    )
    shown = arranged(table)
    assert len(shown) == 5 + 4 and shown["granulated tau"][0].startswith("1.00 (")


def test_a_grid_that_stopped_too_early_is_refused(rng):
    with pytest.raises(InputError, match="^the configuration has no sweep.grid"):
        rankings({})
    with pytest.raises(InputError, match="one: 0 of 36 networks reached training.stop_at_loss; raise it"):
        rankings({"one": trial_table(networks(rng)).assign(reached=False)})


def test_networks_that_differ_by_seed_noise_alone_are_not_ranked(rng):
    frame = networks(rng)
    frame["test_accuracy"] = 0.9 + 0.001 * np.tile([-1, 1], len(frame) // 2)
    table = rankings({"one": trial_table(frame)}, draws=5)
    rows = table[table["target"] == "test_accuracy"]
    assert rows["tau"].isna().all() and set(rows["note"]) == {"no two networks differ by more than the noise"}
    (words,) = answer(table)
    assert words.startswith("one: no two networks differ by more than two seeds of one setting do") and not len(
        arranged(rows)
    )
