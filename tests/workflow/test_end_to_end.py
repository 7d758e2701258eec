"""The default target from an empty folder: its files, their form and their bytes."""

import re

import h5py
import hdf5plugin  # noqa: F401 - reads the dumps' compression
import numpy as np
import pytest
import torch
from samples import read_rows

RUNS = ("tiny", "tiny-mixed")
ITERATIONS = ("01", "02", "03")
LAYERS = {"dense_1": 12, "dense_2": 8}
HISTORY = ["iteration", "epoch", "running_accuracy", "train_accuracy", "test_accuracy", "train_loss", "test_loss"]
CORRELATION = ["pearson", "spearman", "pearson_low", "pearson_high", "spearman_low", "spearman_high"]
CORRELATION += ["pearson_given_epoch", "pearson_given_epoch_low", "pearson_given_epoch_high"]
CORRELATION += [
    "pearson_differences",
    "pearson_differences_low",
    "pearson_differences_high",
    "iterations",
    "seeds",
    "note",
]


def promised(run: str) -> list[str]:
    """The files of the output contract for one run."""
    seed = f"results/{run}/seed-0"
    files = [f"{seed}/{name}.csv" for name in ("history", "class_accuracy")] + [f"{seed}/snapshots/00.pt"]
    for i in ITERATIONS:
        files += [f"{seed}/{name}/{i}.h5" for name in ("activations", "graphs")]
        files += [f"{seed}/{name}/{i}.csv" for name in ("modularity", "entropy")] + [f"{seed}/snapshots/{i}.pt"]
    tables = [f"table{n}.csv" for n in range(1, 7)]
    return files + [f"results/{run}/communities/{name}" for name in (*tables, "figure1.svg")]


def test_makes_every_promised_file_and_nothing_unfinished(finished):
    wanted = ["results/data/digits.h5", "results/report.html", "results/paper/communities/figure1.svg"]
    wanted += [f"results/paper/communities/table{n}.{kind}" for n in range(1, 7) for kind in ("csv", "md")]
    wanted += [path for run in RUNS for path in promised(run)]
    assert [path for path in wanted if not (finished / path).is_file()] == []
    assert [name for name in finished.files() if name.endswith(".part") or "unfinished" in name] == []


def test_the_last_lines_say_where_the_results_are(finished_run):
    place, outcome = finished_run
    closing = outcome.screen.split("Done.", 1)[1]
    assert "results/report.html" in closing
    for path in re.findall(r"results/[\w./-]*[\w/]", closing):
        assert (place / path).exists(), path


def test_every_log_and_benchmark_lies_at_the_path_of_its_result(finished):
    assert (finished / "logs/measure_entropy/tiny/seed-0/02.log").is_file()
    assert (finished / "benchmarks/measure_entropy/tiny/seed-0/02.tsv").is_file()


@pytest.mark.parametrize("run", RUNS)
def test_columns_are_the_documented_ones(finished, run):
    seed, tables = f"results/{run}/seed-0", f"results/{run}/communities"
    columns = {
        f"{seed}/history.csv": HISTORY,
        f"{seed}/class_accuracy.csv": ["iteration", "class", "train_accuracy", "test_accuracy"],
        f"{seed}/modularity/01.csv": ["layer", "metric", "value", "sd"],
        f"{seed}/entropy/01.csv": ["layer", "class", "entropy_bits", "neurons", "live_neurons", "samples"],
        f"{tables}/table4.csv": ["layer", "layer_name", "metric", "accuracy", *CORRELATION],
        f"{tables}/table5.csv": ["accuracy", *CORRELATION],
        f"{tables}/table6.csv": ["class", "accuracy", *CORRELATION],
    }
    for path, wanted in columns.items():
        found = (finished / path).read_text().splitlines()[0].split(",")
        assert [name for name in found if name in wanted] == wanted, path


def test_tables_have_a_row_per_layer_metric_class_and_accuracy(finished):
    tables = finished / "results/tiny/communities"
    kinds = ["running", "train", "test"]
    assert [row["accuracy"] for row in read_rows(tables / "table5.csv")] == kinds
    assert [(row["class"], row["accuracy"]) for row in read_rows(tables / "table6.csv")] == [
        (str(c), kind) for c in range(10) for kind in kinds
    ]
    metrics = ["klb", "no_overlap", "unweighted_overlap", "weighted_overlap"]
    metrics += ["modularity_z.unweighted_overlap", "modularity_z.weighted_overlap"]
    assert [(row["layer"], row["metric"], row["accuracy"]) for row in read_rows(tables / "table4.csv")] == [
        (layer, metric, kind) for layer in "12" for metric in metrics for kind in kinds
    ]
    assert {row["iterations"] for row in read_rows(tables / "table4.csv")} == {"3"}
    history = read_rows(finished / "results/tiny/seed-0/history.csv")
    assert [row["iteration"] for row in history] == ["1", "2", "3"]


def test_floats_have_six_significant_digits(finished):
    for row in read_rows(finished / "results/tiny/communities/table4.csv"):
        for name in ("pearson", "spearman"):
            assert row[name] == "" or row[name] == f"{float(row[name]):.6g}"


def test_snapshots_hold_plain_weights_and_their_origin(finished):
    for number, name in enumerate(("00", *ITERATIONS)):
        state = torch.load(finished / f"results/tiny-mixed/seed-0/snapshots/{name}.pt", weights_only=True)
        assert (state["run"], state["seed"], state["iteration"], state["epoch"]) == ("tiny-mixed", 0, number, number)
        shapes = [tuple(weight.shape) for weight in state["model"].values()]
        assert shapes == [(12, 64), (12,), (8, 12), (8,), (10, 8), (10,)]


def test_dumps_have_the_documented_form(finished):
    with (
        h5py.File(finished / "results/tiny/seed-0/activations/02.h5") as dump,
        h5py.File(finished / "results/data/digits.h5") as data,
    ):
        attributes = dump.attrs
        origin = {"run": "tiny", "seed": 0, "iteration": 2, "epoch": 2}
        assert {key: attributes[key] for key in origin} == origin
        assert list(attributes["layers"]) == list(LAYERS)
        assert list(attributes["classes"]) == [str(c) for c in range(10)]
        assert attributes["config_digest"]
        for split in ("train", "test"):
            group, labels = dump[split], dump[f"{split}/labels"][:]
            n = len(data[f"{split}/labels"])
            assert np.all(np.diff(labels) >= 0)
            assert sorted(group["index"][:]) == list(range(n))
            assert np.array_equal(data[f"{split}/labels"][:][group["index"][:]], labels)
            assert (group["probabilities"].shape, group["probabilities"].dtype) == ((n, 10), np.float32)
            assert np.allclose(group["probabilities"][:].sum(axis=1), 1, atol=1e-5)
            assert {name: layer.shape for name, layer in group["layers"].items()} == {
                name: (n, width) for name, width in LAYERS.items()
            }
            assert all(layer.dtype == np.float32 for layer in group["layers"].values())


def test_graphs_have_the_documented_form(finished):
    with h5py.File(finished / "results/tiny/seed-0/graphs/03.h5") as graphs:
        for name, width in LAYERS.items():
            group = graphs[name]
            assert (group.attrs["top_neurons"], group.attrs["n_neurons"]) == (4, width)
            v = len(group["neurons"])
            adjacency, membership = group["adjacency"][:], group["membership"][:]
            assert adjacency.shape == (v, v) and adjacency.dtype == np.float64
            assert np.array_equal(adjacency, adjacency.T) and not adjacency.diagonal().any()
            assert membership.shape == group["mean_activation"].shape == (10, v)
            assert membership.dtype == bool and np.all(membership.sum(axis=1) == 4)


def test_mixed_labels_keep_the_classes_sizes(finished):
    with (
        h5py.File(finished / "results/tiny/seed-0/activations/01.h5") as given,
        h5py.File(finished / "results/tiny-mixed/seed-0/activations/01.h5") as mixed,
    ):
        assert np.array_equal(given["train/labels"], mixed["train/labels"])
        assert not np.array_equal(given["train/index"], mixed["train/index"])


def times(place) -> dict[str, int]:
    return {name: path.stat().st_mtime_ns for name, path in place.files().items()}


def test_a_second_call_does_nothing(finished_copy, tiny):
    assert finished_copy.dry_run(tiny) == {}
    before = times(finished_copy)
    outcome = finished_copy.run(tiny)
    assert outcome.code == 0 and outcome.jobs == {}
    assert times(finished_copy) == before


@pytest.mark.long
def test_cores_do_not_change_a_byte(finished, place, tiny):
    """The finished tree was made with two cores; here one of its runs is made with one, in another folder."""
    place.make({**tiny, "runs": {"tiny-mixed": tiny["runs"]["tiny-mixed"]}}, "--cores", "1")
    there, compared = finished.files(), set()
    for name, path in place.files().items():
        if name.startswith(("tiny-mixed/", "data/")):
            assert path.read_bytes() == there[name].read_bytes(), name
            compared.add(path.suffix)
    assert compared >= {".csv", ".h5", ".svg", ".png", ".gexf", ".pt", ".json"}
    assert {name for name in there if name.startswith(("tiny-mixed/", "data/"))} <= set(place.files())


def test_three_seeds_fill_the_intervals_and_keep_the_first_seed(finished_copy, tiny, alter):
    config = alter(tiny, seeds=[0, 1, 2])
    tables = [f"results/tiny/communities/table{n}.csv" for n in (4, 5)]
    outcome = finished_copy.make(config, *tables)
    assert (outcome.jobs["train_model_3"], outcome.jobs["dump_activations"]) == (2, 6)
    for path in tables:
        rows = read_rows(finished_copy / path)
        assert {row["seeds"] for row in rows} == {"3"}
        for row in rows:
            for name in ("pearson", "spearman"):
                assert row["note"] or -1 <= float(row[f"{name}_low"]) <= float(row[f"{name}_high"]) <= 1, row
    assert any(row["pearson_low"] for row in rows)
