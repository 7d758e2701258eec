import numpy as np
import pandas as pd
import pytest
import scipy.stats

from neurons.core.errors import InputError
from neurons.measures.dose_response import (
    COLUMNS,
    SLOPE_COLUMNS,
    answer,
    arranged,
    interventions,
    matched,
    pushed_networks,
    seed_slopes,
    shift,
    slope_table,
    strength_table,
    verdict,
)

STRENGTHS, LOSS = (-2.0, -1.0, 0.0, 1.0, 2.0), 0.05


def trainings(rng, per_unit=0.0, sham_per_unit=0.0, step=0.3, noise=0.0005, seeds=8):
    """Test accuracy (share of 1) that falls or rises per unit of strength, and a measure that strength moves by `step`."""
    rows = []
    for seed in range(seeds):
        base, start = 0.9 + 0.01 * rng.normal(), 1 + 0.05 * rng.normal()
        for strength in STRENGTHS:
            for sham in (False, True)[: 1 if strength == 0 else 2]:
                value = start + (0 if sham else step * strength) + 0.01 * rng.normal()
                accuracy = base + strength * (sham_per_unit if sham else per_unit) + noise * rng.normal()
                rows.append(("m", strength, sham, seed, value, accuracy, LOSS * (1 + 0.1 * rng.uniform(-1, 1))))
    columns = ["measure", "strength", "sham", "seed", "value", "test_accuracy", "train_loss"]
    return pd.DataFrame(rows, columns=columns).sample(frac=1, random_state=0)


def real(frame):
    return frame[~frame["sham"]].sort_values(["strength", "seed"])


def changes(frame, strength):
    accuracy = frame.set_index(["strength", "seed"])["test_accuracy"]
    return 100 * (accuracy[strength] - accuracy[0.0])


def tost(values, bound):
    """Schuirmann's two one-sided tests by scipy's t test."""
    return max(
        scipy.stats.ttest_1samp(values, -bound, alternative="greater").pvalue,
        scipy.stats.ttest_1samp(values, bound, alternative="less").pvalue,
    )


@pytest.mark.parametrize("per_unit", [0, 0.001, -0.01])
def test_strengths_are_paired_with_none_and_tested_as_scipy_does(rng, per_unit):
    frame = trainings(rng, per_unit)
    table = strength_table(frame, LOSS)
    assert tuple(table) == COLUMNS and table["strength"].tolist() == [-2, -1, 1, 2]
    for _, row in table.iterrows():
        expected = changes(real(frame), row["strength"])
        limits = scipy.stats.ttest_1samp(expected, 0).confidence_interval()
        assert (row["change"], row["change_low"], row["change_high"]) == pytest.approx((expected.mean(), *limits))
        assert row["equivalence_p"] == pytest.approx(tost(expected, 0.2), abs=1e-9)
        own, none = (real(frame).query("strength == @s")["value"] for s in (row["strength"], 0))
        assert row["value"] == pytest.approx(own.mean())
        assert row["shift"] == pytest.approx(own.mean() - none.mean())
        assert row["shift_sd"] == pytest.approx(none.std())
        assert row["moved"] == (abs(own.mean() - none.mean()) >= 2 * none.std())


def test_what_goes_beyond_the_sham_is_paired_by_seed(rng):
    frame = trainings(rng, 0.005, 0.002)
    row = strength_table(frame, LOSS).set_index("strength").loc[2]
    sham = frame[frame["sham"] | (frame["strength"] == 0)].sort_values(["strength", "seed"])
    expected = changes(real(frame), 2.0) - changes(sham, 2.0)
    limits = scipy.stats.ttest_1samp(expected, 0).confidence_interval()
    assert row["sham_change"] == pytest.approx(changes(sham, 2.0).mean())
    got = row[["beyond_sham", "beyond_sham_low", "beyond_sham_high"]].tolist()
    assert got == pytest.approx([expected.mean(), *limits])


def test_slopes_are_those_of_scipy(rng):
    frame = trainings(rng, 0.004)
    slopes = seed_slopes(real(frame))
    for seed, own in real(frame).groupby("seed"):
        assert slopes[seed] == pytest.approx(scipy.stats.linregress(own["value"], 100 * own["test_accuracy"]).slope)


def test_a_cause_has_an_effect_beyond_the_sham(rng):
    row = slope_table(trainings(rng, 0.004), LOSS).iloc[0]
    assert tuple(row.index) == SLOPE_COLUMNS and row["moved"] and row["note"] == ""
    assert row["effect_low"] < 100 * 0.004 * 4 < row["effect_high"] and row["equivalence_p"] > 0.99
    assert row["slope_p"] < 0.001 and row["slope"] == pytest.approx(0.4 / 0.3, rel=0.1)
    assert row["beyond_sham_low"] > 0 and abs(row["sham_effect"]) < 0.1


def test_no_effect_is_shown_to_be_none(rng):
    row = slope_table(trainings(rng, 0), LOSS).iloc[0]
    assert row["equivalence_p"] < 0.01 and row["slope_p"] > 0.01 and abs(row["effect"]) < 0.1


def test_few_noisy_seeds_show_nothing_either_way():
    """Of 40 studies of three noisy seeds with no effect, 5 % find a slope, and none shows that there is none."""
    rows = [slope_table(trainings(np.random.default_rng(k), 0, noise=0.01, seeds=3), LOSS).iloc[0] for k in range(40)]
    assert sum(row["slope_p"] < 0.05 for row in rows) <= 6 and not any(row["equivalence_p"] < 0.05 for row in rows)


def test_an_effect_of_pushing_at_all_does_not_go_beyond_the_sham(rng):
    row = slope_table(trainings(rng, -0.004, -0.004), LOSS).iloc[0]
    assert row["slope_p"] < 0.01 and row["beyond_sham_low"] < 0 < row["beyond_sham_high"]
    assert row["sham_effect"] == pytest.approx(-1.6, abs=0.2)


def test_a_measure_that_did_not_move_is_no_test(rng):
    frame = trainings(rng, 0.004, step=0.01)
    row = slope_table(frame, LOSS).iloc[0]
    assert not row["moved"] and row["note"].startswith("the measure did not move")
    assert not strength_table(frame, LOSS)["moved"].any()


def test_a_shift_of_two_standard_deviations_counts():
    def at(strength, values):
        return pd.DataFrame({"strength": strength, "value": values})

    none = at(0.0, [0.0, 1.0, 2.0])  # standard deviation 1
    for mean, moved in ((3.0, True), (2.99, False), (-1.0, True), (-0.99, False)):
        found = shift(pd.concat([none, at(1.0, [mean] * 3)]), 1.0)
        assert found == (pytest.approx(mean - 1), 1.0, moved)


def test_networks_that_stopped_at_another_loss_are_left_out_and_counted(rng):
    frame = trainings(rng, 0.004)
    late = (frame["seed"] == 3) & ((frame["strength"] == 2) & ~frame["sham"])
    frame.loc[late, ["train_loss", "test_accuracy"]] = 0.2, 0.1
    assert len(matched(frame, LOSS)) == len(frame) - 1
    table = strength_table(frame, LOSS).set_index("strength")
    assert table.loc[2, "seeds"] == 7 and table.loc[1, "seeds"] == 8 and (table["left_out"] == 1).all()
    assert slope_table(frame, LOSS).iloc[0]["effect"] == pytest.approx(1.6, abs=0.2)


def test_measures_are_apart_and_in_order(rng):
    first, second = trainings(rng, 0.004), trainings(rng, 0).assign(measure="a")
    table = slope_table(pd.concat([first, second]), LOSS)
    assert table["measure"].tolist() == ["m", "a"]
    pd.testing.assert_frame_equal(table.iloc[[0]], slope_table(first, LOSS))


def test_nothing_matched_leaves_empty_cells(rng):
    frame = trainings(rng).assign(train_loss=3.0)
    row = slope_table(frame, LOSS).iloc[0]
    assert row["seeds"] == 0 and np.isnan(row["slope"]) and row["left_out"] == len(frame)
    assert strength_table(frame, LOSS).empty


def trial_table(frame, name="selectivity"):
    """A frame of trainings as the tables of an intervention have it, two layers whose mean is `value`."""
    rows = []
    for own in frame.itertuples():
        pushed = name if own.strength else "none"
        for layer, off in (("dense_1", -0.1), ("dense_2", 0.1)):
            for measured, value in ((name, own.value + off), ("train_loss", 9.0)):
                known = (pushed, own.strength, own.sham, own.seed, 4, 0.9, own.test_accuracy, own.train_loss, True)
                rows.append((*known, layer, measured, value))
    columns = ["measure", "strength", "sham", "seed", "epoch", "train_accuracy", "test_accuracy", "train_loss"]
    return pd.DataFrame(rows, columns=[*columns, "reached", "layer", "measure.1", "value"])


def test_pushed_networks_are_read_back_with_the_ones_that_were_not_pushed(rng):
    frame = trainings(rng, seeds=3).assign(measure="selectivity")
    found = pushed_networks(trial_table(frame))
    keys = ["measure", "strength", "sham", "seed", "value", "test_accuracy", "train_loss"]
    order = ["strength", "sham", "seed"]
    expected, found = (some[keys].sort_values(order, ignore_index=True) for some in (frame, found))
    pd.testing.assert_frame_equal(found, expected)
    other = trial_table(frame[frame["strength"] != 0].assign(value=5.0), "entropy")
    own = trial_table(frame[frame["strength"] == 0], "entropy").assign(**{"measure": "none"})
    both = pushed_networks(pd.concat([trial_table(frame), other, own]))
    assert both.groupby("measure").size().to_dict() == {"entropy": len(frame), "selectivity": len(frame)}


@pytest.mark.parametrize(
    "options, word",
    [
        ({"per_unit": 0.01}, "accuracy rises with the measure, and beyond the sham at strength -2 -1 1 2"),
        ({"per_unit": -0.01}, "accuracy falls with the measure, and beyond the sham at strength -2 -1 1 2"),
        ({"per_unit": 0.01, "sham_per_unit": 0.01}, "accuracy moves, but no more than under the sham"),
        ({}, "no effect: within 0.2 points"),
        ({"noise": 0.03}, "undecided: the interval holds 0"),
        ({"per_unit": 0.01, "step": 0.0}, "the measure did not move: no test of cause"),
        ({"seeds": 2}, "too few seeds at the common training loss"),
    ],
)
def test_the_words_follow_the_slopes(rng, options, word):
    frame = trainings(rng, **options).assign(measure="selectivity")
    networks, strengths, slopes = interventions({"toy": trial_table(frame)}, {"toy": LOSS})
    assert [list(table)[0] for table in (networks, strengths, slopes)] == ["run"] * 3 and len(strengths) == 4
    assert verdict(slopes.iloc[0]) == word == arranged(slopes)["verdict"][0]
    assert answer(slopes)[0].startswith(f"toy, selectivity: {word} (")


def test_no_intervention_is_refused():
    with pytest.raises(InputError, match="^the configuration has no sweep.intervene"):
        interventions({}, {})


def test_a_sham_that_harms_at_both_ends_does_not_make_a_cause(rng):
    """Down harms as much as the sham, up not at all: the slope rises beyond the sham's, and no single strength does."""
    frame = trainings(rng, step=-0.3).assign(measure="selectivity")
    harm = 0.005 * frame["strength"].abs()
    frame["test_accuracy"] -= harm.where(frame["sham"] | (frame["strength"] > 0), 0)
    networks, strengths, slopes = interventions({"toy": trial_table(frame)}, {"toy": LOSS})
    assert slopes["beyond_sham_low"][0] > 0 and slopes["effect_low"][0] > 0 and slopes["beyond_at"][0] == ""
    assert verdict(slopes.iloc[0]) == "accuracy rises with the measure, but at no strength does it move beyond the sham"
