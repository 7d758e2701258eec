"""Further tables of the reproduction page, against figures counted by hand and in loops."""

from statistics import mean

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from neurons.core.tables import write_table
from neurons.published import studies
from neurons.published.claims import Run
from neurons.published.more_tables import (
    confidence_in_short,
    entropy_by_live_units,
    overlap_matrices,
    overlap_means,
    series_in_short,
)


def run_of(name: str, *studies: str) -> Run:
    return Run(name, studies, "mnist", "fcnn", "5 5", "adam", "given", (0, 1), 20, 1)


def overlaps(rng, classes=3) -> pd.DataFrame:
    rows = [
        (seed, i, layer, f"dense_{layer}", kind, a, b, int(rng.integers(0, 40)))
        for seed in (0, 1)
        for i in (1, 7, 20)
        for layer in (1, 2)
        for kind in ("exclusive", "shared")
        for a in range(classes)
        for b in range(classes)
    ]
    columns = ["seed", "iteration", "layer", "layer_name", "matrix", "class_i", "class_j", "neurons"]
    return pd.DataFrame(rows, columns=columns)


def counted(table, layer, iteration, chosen) -> list[int]:
    return [
        row["neurons"]
        for row in table.to_dict("records")
        if (row["layer"], row["matrix"], row["iteration"]) == (layer, "shared", iteration)
        and chosen(row["class_i"], row["class_j"])
    ]


def test_overlaps_of_every_layer(rng):
    table = overlaps(rng)
    shown = overlap_means({"one": table})
    assert shown[["run", "layer", "seeds"]].values.tolist() == [["one", "dense_1", 2], ["one", "dense_2", 2]]
    for layer, row in enumerate(shown.to_dict("records"), start=1):
        for title, chosen in {
            "neurons of one class alone": lambda a, b: a == b,
            "shared by a pair": lambda a, b: a != b,
        }.items():
            first, last = (mean(counted(table, layer, i, chosen)) for i in (1, 20))
            assert row[title] == f"{first:.1f} → {last:.1f}"


def test_matrices_of_a_layer(rng):
    table = overlaps(rng)
    shown = overlap_matrices({"one": table, "many": overlaps(rng, 11)}, 2)
    assert shown["run"].tolist() == ["one"] * 3 and list(shown) == ["run", "class", "0", "1", "2"]
    for c, other in np.ndindex(3, 3):
        values = [mean(counted(table, 2, i, lambda a, b, pair=(c, other): (a, b) == pair)) for i in (1, 20)]
        assert shown.loc[c, str(other)] == f"{values[0]:.0f} → {values[1]:.0f}"


def series(rng, dying=True) -> pd.DataFrame:
    rows = [
        (s, i, i, *rng.uniform(1, 9, 1), (50 - i if dying else 50), *rng.random(3))
        for s in (0, 1)
        for i in range(1, 10)
    ]
    columns = [
        "seed",
        "iteration",
        "epoch",
        "entropy_bits",
        "live_units",
        "running_accuracy",
        "train_accuracy",
        "test_accuracy",
    ]
    return pd.DataFrame(rows, columns=columns)


def test_entropy_beside_live_units(rng):
    dying, steady = series(rng), series(rng, dying=False)
    first, second = entropy_by_live_units({"dying": dying, "steady": steady}).to_dict("records")
    assert first["live units"] == "49 → 41" and second["live units"] == "50 → 50"
    assert second["r(entropy, live units)"] == "–"
    seeds = [dying[dying["seed"] == s] for s in (0, 1)]
    expected = mean(stats.pearsonr(own["entropy_bits"], own["live_units"]).statistic for own in seeds)
    assert first["r(entropy, live units)"] == f"{expected:.2f}"  # no limits over two seeds
    per_unit = mean(
        stats.pearsonr(own["entropy_bits"] / own["live_units"], own["running_accuracy"]).statistic for own in seeds
    )
    assert first["r(bits a live unit, running accuracy)"] == f"{per_unit:.2f}"
    bits = [mean(own["entropy_bits"].iloc[end] for own in seeds) for end in (0, -1)]
    assert first["bits a live unit"] == f"{bits[0] / 49:.2f} → {bits[1] / 41:.2f}"


def test_seeds_without_a_correlation_are_counted(rng):
    dying, steady = series(rng), series(rng, dying=False)
    mixed = pd.concat([dying[dying["seed"] == 0], steady[steady["seed"] == 1]])
    own = dying[dying["seed"] == 0]
    expected = stats.pearsonr(own["entropy_bits"], own["live_units"]).statistic
    (row,) = entropy_by_live_units({"mixed": mixed}).to_dict("records")
    assert row["r(entropy, live units)"] == f"{expected:.2f} (1 of 2 seeds)"
    (short,) = entropy_by_live_units({"short": dying[dying["iteration"] < 3]}).to_dict("records")
    assert short["r(entropy, live units)"] == "–"


def test_series_show_the_ends(rng):
    full = series(rng)[lambda table: table["seed"] == 0].drop(columns="seed").assign(run="one")
    shown = series_in_short(full.sample(frac=1, random_state=0))
    assert shown["iteration"].tolist() == [1, 3, 5, 7, 9]
    assert shown["test, %"].tolist()[-1] == f"{100 * full['test_accuracy'].iloc[-1]:.2f}"
    assert len(series_in_short(full[full["iteration"] < 3])) == 2
    assert series_in_short(full.drop(columns="live_units"))["live units"].tolist() == ["–"] * 5


def scores() -> pd.DataFrame:
    rows = [
        (seed, i, layers, score, 0.5 + seed / 10 + i / 100, 0.01, 0.02 * (1 + seed), 0.05, 100)
        for seed in (0, 1)
        for i in (1, 20)
        for layers, score in (("all", "agreement"), (None, "softmax"))
    ]
    columns = ["seed", "iteration", "layers", "score", "auroc", "risk_at_80", "risk_at_95", "error_rate", "samples"]
    return pd.DataFrame(rows, columns=columns)


def test_confidence_is_that_of_the_last_iteration():
    first, second = confidence_in_short({"one": scores()}).to_dict("records")
    assert (first["score"], second["score"], first["AUROC"]) == ("agreement (all)", "softmax", "0.750")
    assert [second[f"wrong of {kept}, %"] for kept in ("all", "95 %", "80 %")] == ["5.00", "3.00", "1.00"]


def test_further_tables_take_the_runs_that_have_theirs(tmp_path, rng, root):
    runs = [run_of("one", "communities", "auxiliary"), run_of("unmade", "communities"), run_of("other", "coactivation")]
    write_table(overlaps(rng), tmp_path / "one/communities/table2.csv")
    write_table(series(rng), tmp_path / "one/communities/figure1.csv")
    write_table(scores(), tmp_path / "one/auxiliary/confidence.csv")
    write_table(series(rng).drop(columns="seed").assign(run="one"), tmp_path / "paper/communities/figure1.csv")
    shown = [*studies.communities(tmp_path, runs), *studies.auxiliary(tmp_path, runs, root / "resources/published")]
    shown = [table for table in shown if len(table.rows) and table.title != "Average improvement"]
    assert [table.title for table in shown] == [
        "Entropy and live units",
        "Table 2 of every run and layer, in short",
        "Table 2, layer 2",
        "Figure 1 of every run",
        "Confidence: risk against coverage",
    ]
    assert all(set(table.rows["run"]) == {"one"} and table.note for table in shown)
    others = [table.title for table in studies.communities(tmp_path, runs[1:]) if len(table.rows)]
    assert others == ["Figure 1 of every run"]


@pytest.mark.parametrize("function", [overlap_means, entropy_by_live_units, confidence_in_short])
def test_without_runs_there_are_no_rows(function):
    assert function({}).empty
