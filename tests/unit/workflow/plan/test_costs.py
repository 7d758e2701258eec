"""What jobs cost, against sums by hand and against files that the library writes."""

import json
from dataclasses import replace
from math import ceil

import h5py
import pytest
import torch

from neurons.auxiliary.probabilities import write_patterns
from neurons.data.size import Data
from neurons.dumps.write import dump
from neurons.networks.build import build
from neurons.networks.snapshots import save
from neurons.workflow.plan import costs
from neurons.workflow.plan.costs import OPERATIONS, Work, disk_bytes, job_seconds
from neurons.workflow.plan.network import Network, count

MODEL = {"filters": [], "hidden": [8, 6], "dropout": 0.0, "stem": "standard", "normalize": "none"}
SETTINGS = {
    "model": MODEL,
    "labels": "given",
    "training": {"batch_size": 32, "iterations": 5, "epochs_per_iteration": 2},
    "dumps": {"dtype": "float32"},
    "graph": {"top_neurons": 10},
    "modularity": {"starts": 4},
    "auxiliary": {"layers": ["all", "last2", "last1"], "epochs": 3, "batch_size": 10},
    "coactivation": {"silenced_shares": [0.1, 0.2], "silencing_repeats": 3},
}
NETWORK = Network(dense=1000, convolution=500, weights=300, large_weights=100, kept=310, widths=(40, 20), maps=0)
WORK = Work(SETTINGS, Data((4, 5), 3, 100, 30, "by hand"), NETWORK)


def changed(section: str, **settings) -> Work:
    return replace(WORK, settings=SETTINGS | {section: SETTINGS[section] | settings})


@pytest.fixture
def of() -> dict[str, float]:
    """Rates of the reference machine by operation, in seconds."""
    known = json.loads(costs.RATES.read_text())
    return known["products"] | known["others"]


def test_training_is_epochs_of_products_and_steps_and_evaluations(of):
    epoch = 300 * (1000 * of["dense"] + 500 * of["trained_convolution"])
    epoch += 4 * (of["step"] + 200 * of["weight"] + 100 * of["large_weight"])
    evaluation = 130 * (1000 * of["dense"] + 500 * of["convolution"])
    assert job_seconds("train_model", WORK, of) == pytest.approx(of["torch"] + 10 * epoch + 5 * evaluation)
    stopped = job_seconds("train_model", changed("training", stop_at_loss=0.3), of)
    assert stopped == pytest.approx(of["torch"] + 2.5 * epoch + 5 * evaluation)


@pytest.mark.parametrize(
    "rule, start",
    [
        ("train_model", "torch"),
        ("dump_activations", "torch"),
        ("build_graphs", "light"),
        ("measure_entropy", "light"),
        ("measure_patterns", "light"),
        ("train_auxiliary", "torch"),
    ],
)
def test_more_samples_take_longer_in_proportion(of, rule, start):
    """Twice the samples, twice the time beyond start-up."""
    once, twice = (replace(WORK, data=replace(WORK.data, train=n, test=0)) for n in (32_000, 64_000))
    seconds = job_seconds(rule, twice, of) - of[start]
    assert seconds == pytest.approx(2 * (job_seconds(rule, once, of) - of[start])) and seconds > 0


@pytest.mark.parametrize(
    "rule, start",
    [
        ("dump_activations", "torch"),
        ("build_graphs", "light"),
        ("measure_entropy", "light"),
        ("measure_patterns", "light"),
        ("measure_modularity", "search"),
    ],
)
def test_five_iterations_in_a_job_pay_one_start(of, rule, start):
    one, five = (job_seconds(rule, replace(WORK, iterations=n), of) for n in (1, 5))
    assert five == pytest.approx(5 * one - 4 * of[start])


@pytest.mark.parametrize("rule", ["dump_activations", "build_graphs", "measure_entropy", "measure_patterns"])
def test_a_subset_costs_what_a_data_set_of_its_size_does(of, rule):
    """Six samples of three classes: 18 of 100, and 18 of 30."""
    subset, small = changed("dumps", samples_per_class=6), replace(WORK, data=replace(WORK.data, train=18, test=18))
    assert job_seconds(rule, subset, of) == pytest.approx(job_seconds(rule, small, of))
    assert disk_bytes(rule, subset) == disk_bytes(rule, small)
    assert job_seconds(rule, changed("dumps", samples_per_class=100), of) == job_seconds(rule, WORK, of)


@pytest.mark.parametrize("rule", ["dump_activations", "measure_patterns"])
def test_five_iterations_take_the_disk_of_five(rule):
    assert disk_bytes(rule, replace(WORK, iterations=5)) == pytest.approx(5 * disk_bytes(rule, WORK), abs=5)


def test_communities_cost_pairs_of_vertices_and_starts(of):
    """Graphs hold at most 10 neurons for each of 3 classes: of 40 and 20 neurons no more than 30 and 20."""
    base = job_seconds("measure_modularity", WORK, of)
    wide = replace(WORK, network=replace(NETWORK, widths=(3000, 20)))
    assert job_seconds("measure_modularity", wide, of) == base
    more = job_seconds("measure_modularity", changed("modularity", starts=8), of)
    assert more - base == pytest.approx(4 * 0.55**2 * (30**2 + 20**2) * of["pair"])


@pytest.mark.parametrize(
    "widths, layers, networks",
    [
        ((4, 4), ["all", "last2", "last1"], 3),
        ((4, 4, 4), ["all", "last2", "last1"], 4),
        ((4,), ["all", "last2", "last1"], 2),
        ((4, 4), [["dense_1"], "last1"], 3),
    ],
)
def test_layer_choices_that_are_the_same_share_an_auxiliary_network(of, widths, layers, networks):
    work = replace(changed("auxiliary", layers=layers), network=replace(NETWORK, widths=widths))
    steps = 5 * networks * 3 * ceil(100 / 10)  # iterations, networks, epochs, batches
    products = 3 * 10 * (2 * 3 * 2 * 3 + 2 * 3 * 3)
    expected = of["torch"] + steps * (of["auxiliary"] + products * of["dense"])
    assert job_seconds("train_auxiliary", work, of) == pytest.approx(expected)


def test_a_job_of_networks_trains_and_measures_twelve(of):
    """Twelve times as many trainings, dumps, graphs and measures as in a run of one iteration, one start-up."""
    work = changed("training", batch_size=32, iterations=1, epochs_per_iteration=7)
    alone = (
        "train_model",
        "dump_activations",
        "build_graphs",
        "measure_modularity",
        "measure_entropy",
        "measure_panel",
    )
    products = work.data.samples * (work.network.dense * of["dense"] + work.network.convolution * of["convolution"])
    starts = 3 * of["torch"] + 2 * of["light"] + of["search"]
    each = sum(job_seconds(rule, work, of) for rule in alone) - starts - products  # a dump's pass is in its rate there
    entropy = (
        of["entropy"] * work.data.train * work.network.neurons
    )  # the panel's share is counted as 9, with the table's
    total = 12 * (each + entropy) + of["torch"] + of["search"]
    assert job_seconds("measure_networks", work, of) == pytest.approx(total, rel=0.01)


def test_silencing_is_forward_passes_over_the_test_samples(of):
    more = job_seconds("silence_neurons", replace(WORK, data=replace(WORK.data, test=1030)), of)
    passes = 1 + 2 * (2 + 3 * 3)
    each = 1000 * of["dense"] + 500 * of["convolution"]
    assert more - job_seconds("silence_neurons", WORK, of) == pytest.approx(passes * 1000 * each)


def test_correlations_are_products_of_neurons_with_neurons_and_pixels(of):
    products = 30 * (60 + 3) * (60 + 3 + 20)
    assert job_seconds("correlate_neurons", WORK, of) == pytest.approx(of["search"] + products * of["dense"])


def test_small_jobs_are_known_by_their_first_word(of):
    for rule in ("draw_figure", "tabulate_series", "export_anything", "compare_all", "write_page", "correlate_seeds"):
        assert job_seconds(rule, WORK, of) == job_seconds(rule, None, of) == of["small"]


def test_what_is_unknown_has_no_seconds(of):
    """Neither a rule of another kind nor one whose run has no network that could be counted."""
    assert job_seconds("measure_dimension", WORK, of) is None
    assert job_seconds("train_model", None, of) is job_seconds("correlate_neurons", None, of) is None


def test_every_script_of_the_workflow_has_a_cost(root, of):
    unknown = [path.stem for path in (root / "scripts").glob("*.py") if job_seconds(path.stem, None, of) is None]
    assert set(unknown) <= set(OPERATIONS)


def test_images_in_files_of_their_own_take_longer(of):
    files, arrays = (replace(WORK, settings={"source": source}) for source in ("image_folder", "npz"))
    assert job_seconds("convert_dataset", files, of) > job_seconds("convert_dataset", arrays, of) > of["light"]


def test_every_rate_is_explained_in_the_benchmarks(root, of):
    text = (root / "benchmarks/README.md").read_text()
    assert [name for name in of if f"`{name}`" not in text] == []


@pytest.mark.parametrize("product, copied", [(1, 1), (2, 1), (1, 3)])
def test_rates_are_scaled_by_what_is_measured(monkeypatch, of, product, copied):
    known = json.loads(costs.RATES.read_text())
    monkeypatch.setattr(costs, "measure", lambda: (product * known["products"]["dense"], copied * known["copy"]))
    seconds, told = costs.rates_here()
    assert seconds.keys() == of.keys()
    for name, rate in seconds.items():
        assert rate == pytest.approx(of[name] * (product if name in known["products"] else copied)), name
    assert known["machine"] in told and f"{product:.2f}" in told and f"{copied:.2f}" in told


def test_what_is_measured_is_of_this_world():
    """A core does between one and a thousand G multiply-adds a second, and copies between 0.5 and 500 GB."""
    product, copied = costs.measure()
    assert 1e-12 < product < 1e-9 and 2e-12 < copied < 2e-9


@pytest.fixture
def real(tmp_path, small_data):
    """A data set, a snapshot, its dump and its patterns, written by the library; and the work they stand for."""
    path, _ = small_data
    model = build(MODEL, (4, 5), 3)
    save({"model": model.state_dict(), "run": "toy", "seed": 0, "iteration": 1, "epoch": 1}, tmp_path / "01.pt")
    work = Work(SETTINGS, Data((4, 5), 3, 41, 23, "by hand"), count(MODEL, (4, 5), 3))
    return tmp_path, path, work


@pytest.fixture
def array_bytes():
    """A function that returns the bytes of all arrays of an HDF5 file before compression."""

    def total(path) -> int:
        sizes = []
        with h5py.File(path) as file:
            file.visititems(lambda name, item: sizes.append(item.nbytes) if isinstance(item, h5py.Dataset) else None)
        return sum(sizes)

    return total


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_dump_is_counted_to_the_byte_but_for_the_share_that_is_stored(real, array_bytes, dtype):
    folder, data, work = real
    settings = SETTINGS | {"dumps": {"dtype": dtype}}
    dump(folder / "01.pt", data, settings, "", folder / "01.h5", torch.device("cpu"))
    layers = {"float32": 4, "float16": 2}[dtype] * 64 * 14
    expected = array_bytes(folder / "01.h5") - layers + 0.22 * layers
    assert disk_bytes("dump_activations", replace(work, settings=settings)) == round(expected)


def test_filters_are_stored_nearly_whole():
    maps = replace(WORK, network=replace(NETWORK, maps=60))
    more = disk_bytes("dump_activations", maps) - disk_bytes("dump_activations", WORK)
    assert more == pytest.approx(130 * 4 * 60 * (0.89 - 0.22), abs=1)


def test_a_pattern_file_is_counted(real, array_bytes):
    folder, data, work = real
    dump(folder / "01.pt", data, SETTINGS, "", folder / "01.h5", torch.device("cpu"))
    write_patterns(folder / "01.h5", folder / "patterns.h5", SETTINGS["auxiliary"]["layers"])
    assert disk_bytes("measure_patterns", work) == array_bytes(folder / "patterns.h5")


def test_a_converted_data_set_is_counted(real):
    _, data, work = real
    with h5py.File(data) as file:
        sizes = [file[f"{split}/{array}"].nbytes for split in ("train", "test") for array in ("images", "labels")]
    assert disk_bytes("convert_dataset", work) == sum(sizes)


def test_snapshots_are_counted_with_that_of_the_initial_weights():
    assert disk_bytes("train_model", WORK) == 4 * 310 * 6


def test_small_files_count_for_nothing():
    assert disk_bytes("tabulate_accuracy", WORK) == disk_bytes("dump_activations", None) == 0
