import numpy as np
import pandas as pd
import pytest
from frames import SHARED

from neurons.published.claims import Run
from neurons.published.tables import (
    accuracies,
    class_communities,
    correlations,
    figures,
    improvements,
    iterations,
    overlaps,
    series,
    sizes,
)

NAN = float("nan")


def row(**values) -> dict:
    return dict.fromkeys(SHARED, NAN) | {"run": "mine", "accuracy": "running"} | values


def test_correlations_stand_beside_the_published_with_their_control():
    ours = {
        "pearson": -0.8,
        "pearson_low": -0.9,
        "pearson_high": -0.7,
        "spearman": 0.5,
        "own_minus_swapped": 0.03,
        "swap_p": 0.2,
    }
    theirs = {"published_pearson": -0.87, "difference_pearson": 0.07, "published_spearman": NAN}
    known = row(**ours, **theirs, difference_spearman=NAN, **{"class": 3})
    (found,) = correlations(pd.DataFrame([known, known | {"accuracy": "test"}]), ["run", "class"]).to_dict("records")
    assert list(found.values()) == [
        "mine",
        3,
        "-0.87",
        "-0.80 [-0.90, -0.70]",
        "+0.07",
        "–",
        "0.50",
        "–",
        "+0.030, p 0.200",
    ]


def test_accuracies_are_in_percent_with_their_difference():
    full = {"run": "mine", "hidden_layers": "8 8", "epochs": 20, "running_accuracy_percent": 99.5}
    full |= {"published_running_accuracy_percent": 99.0, "difference_running_accuracy_percent": 0.5}
    full |= {
        "test_accuracy_percent": 98,
        "published_test_accuracy_percent": NAN,
        "difference_test_accuracy_percent": NAN,
    }
    (found,) = accuracies(pd.DataFrame([full])).to_dict("records")
    assert list(found.values()) == ["mine", "8 8", 20, "99.00", "99.50", "+0.50", "–", "98.00", "–"]


def test_overlaps_with_a_published_count_make_a_matrix():
    cells = [
        {"run": run, "iteration": 1, "class_i": i, "class_j": j, "neurons": 10 * i + j, "published_neurons": known}
        for run, known in (("mine", 5), ("other", NAN))
        for i in (0, 1)
        for j in (0, 1)
    ]
    found = overlaps(pd.DataFrame(cells))
    assert found["run"].tolist() == ["mine", "mine"]
    assert found.iloc[1].tolist() == ["mine", 1, 1, "10 (5, +5)", "11 (5, +6)"]


def test_sizes_are_of_layer_2_and_the_first_seed():
    counts = {f"community_{n}": NAN if n == 8 else 10 - n for n in range(1, 9)}
    cells = [
        {"run": "mine", "layer": layer, "seed": seed, "iteration": 1, "nodes_per_community": seed + 0.5} | counts
        for layer in (1, 2)
        for seed in (3, 4)
    ]
    found = {"mine": pd.DataFrame([row(layer=n, pearson=n / 10, own_minus_swapped=-n / 10) for n in (1, 2)])}
    (shown,) = sizes(pd.DataFrame(cells), found).to_dict("records")
    assert (shown["C1"], shown["C8"], shown["neurons a community"]) == ("9", "–", "3.5")
    assert (shown["PCC"], shown["own - swapped"]) == ("0.20", "-0.200")


def test_series_are_shown_where_they_are_published():
    full = pd.DataFrame({"run": ["mine", "other"], "iteration": 1, "entropy_bits": 2500.0})
    for name in ("running_accuracy", "test_accuracy"):
        full[name], full[f"published_{name}"] = 0.95, 0.9
    assert series(full).empty  # no run is beside a published series
    (found,) = series(full.assign(published_entropy_bits=[2400.0, NAN])).to_dict("records")
    assert list(found.values())[:5] == ["mine", 1, "2400", "2500", "+100"]
    assert found["testing, %: difference"] == "+5.00"


def test_iterations_put_split_and_method_side_by_side():
    cells = [
        {"run": run, "iteration": i, "split": split, "column": name, "percent": 90 + i, "published_percent": known}
        for run in ("mine", "other")
        for i in (1, 2)
        for split in ("test", "train")
        for name, known in (("base", 89.5), ("control", NAN), ("pattern", NAN))
    ]
    found = iterations(pd.DataFrame(cells), "mine", ("base", "control"))
    assert list(found) == ["iteration", "train base", "train control", "test base", "test control"]
    assert found.iloc[1].tolist() == [2, "92.00 (89.5, +2.50)", "92.00", "92.00 (89.5, +2.50)", "92.00"]


@pytest.fixture
def improved(tmp_path):
    path = tmp_path / "mine/auxiliary/improvement.csv"
    path.parent.mkdir(parents=True)
    cells = [
        {"layers": layers, "split": split, "auxiliary_points": 1.5, "control_points": 1.0, "difference": 0.5}
        | {
            f"{name}_{end}": NAN
            for name in ("auxiliary_points", "control_points", "difference")
            for end in ("low", "high")
        }
        for layers in ("all", "last1")
        for split in ("train", "test")
    ]
    pd.DataFrame(cells).to_csv(path, index=False)
    return tmp_path


def test_improvements_stand_beside_the_published_and_the_control(improved):
    def run(name, published):
        return Run(name, ("auxiliary",), published, "fcnn", "8", "adam", "given", (0,), 20, 1, "toy")

    printed = [
        {"table": 2, "dataset": "toy", "model": "fcnn", "layers": "all", "train_points": 2.0, "test_points": 1.0},
        {"table": 3, "dataset": "toy", "model": "vgg16", "layers": "all", "train_points": 3.0, "test_points": 3.0},
    ]
    found = improvements(pd.DataFrame(printed), [run("mine", "toy"), run("new", "own")], improved)
    assert found["ours"].tolist() == ["+1.50"] * 2 + ["not run"] * 4
    assert found["data"].tolist() == ["toy"] * 4 + ["own"] * 2 and found["published"].tolist()[-1] == "–"
    first = found.iloc[1]
    assert (first["split"], first["published"], first["difference"]) == ("test", "+1.0", "+0.50")
    assert (first["control"], first["ours less control"]) == ("+1.00", "+0.500")


def test_figures_and_communities_of_the_coactivation_study():
    full = pd.DataFrame(
        [
            {
                "run": "a",
                "figure": np.nan,
                "quantity": "test accuracy",
                "value": 0.99,
                "published": NAN,
                "difference": NAN,
            },
            {"run": "a", "figure": "Figure 2", "quantity": "k", "value": 3, "published": 7, "difference": -4},
        ]
    )
    assert figures(full).iloc[0].tolist() == ["a", "", "test accuracy", "–", "0.99", "–"]
    assert figures(full).iloc[1].tolist() == ["a", "Figure 2", "k", "7", "3", "-4"]
    full = {"dataset": "d", "source": "ours", "community": "C1", "classes": "0; 1", "modularity": 0.41}
    full |= {"modularity_mean": NAN}
    assert class_communities(pd.DataFrame([full])).iloc[0].tolist() == ["d", "ours", "C1", "0; 1", "0.410", "–"]
