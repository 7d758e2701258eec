"""What jobs cost, against sums by hand and against files that the library writes."""

from dataclasses import replace
from math import ceil

import h5py
import pytest
import torch

from neurons.activations import dump
from neurons.models import build
from neurons.patterns import write_patterns
from neurons.plan_costs import (
    LIGHT,
    RATES,
    TORCH,
    Work,
    auxiliary_networks,
    conversion_seconds,
    data_bytes,
    dump_bytes,
    job_seconds,
    pattern_bytes,
    snapshot_bytes,
    stage,
    training_seconds,
)
from neurons.plan_data import Data
from neurons.plan_network import Network, count
from neurons.training import save

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


def test_training_is_epochs_of_products_and_steps_and_evaluations():
    epoch = 300 * (1000 / RATES["dense"] + 500 / RATES["trained_convolution"])
    epoch += 4 * (RATES["step"] + 200 * RATES["weight"] + 100 * RATES["large_weight"])
    evaluation = 130 * (1000 / RATES["dense"] + 500 / RATES["convolution"])
    assert training_seconds(WORK) == pytest.approx(TORCH + 10 * epoch + 5 * evaluation)


@pytest.mark.parametrize("rule", ["train_model_20", "dump_activations", "build_graphs", "measure_entropy"])
def test_more_samples_take_longer_in_proportion(rule):
    """Twice the samples, twice the time beyond start-up; half the samples alike."""
    start, large = (LIGHT if rule[0] in "bm" else TORCH), replace(WORK, data=replace(WORK.data, train=32_000, test=0))
    twice = replace(WORK, data=replace(large.data, train=64_000))
    assert job_seconds(rule, twice) - start == pytest.approx(2 * (job_seconds(rule, large) - start))


def test_communities_cost_pairs_of_vertices_and_starts():
    """Graphs hold at most 10 neurons for each of 3 classes: of 40 and 20 neurons no more than 30 and 20."""
    wide = replace(WORK, network=replace(NETWORK, widths=(3000, 20)))
    assert job_seconds("measure_modularity", wide) == job_seconds("measure_modularity", WORK)
    more = job_seconds("measure_modularity", changed("modularity", starts=8))
    base = job_seconds("measure_modularity", WORK)
    assert more - base == pytest.approx(4 * 0.55**2 * (30**2 + 20**2) * RATES["pair"])


@pytest.mark.parametrize(
    "widths, layers, networks",
    [
        ((4, 4), ["all", "last2", "last1"], 3),
        ((4, 4, 4), ["all", "last2", "last1"], 4),
        ((4,), ["all", "last2", "last1"], 2),
        ((4, 4), [["dense_1"], "last1"], 3),
    ],
)
def test_layer_choices_that_are_the_same_share_a_network(widths, layers, networks):
    work = replace(changed("auxiliary", layers=layers), network=replace(NETWORK, widths=widths))
    assert auxiliary_networks(work) == networks


def test_auxiliary_networks_are_trained_in_steps():
    steps = 5 * 3 * 3 * ceil(100 / 10)  # iterations, networks, epochs, batches
    products = 3 * 10 * (2 * 3 * 2 * 3 + 2 * 3 * 3)
    expected = TORCH + steps * (RATES["auxiliary"] + products / RATES["dense"])
    assert job_seconds("train_auxiliary_5", WORK) == pytest.approx(expected)


def test_silencing_is_forward_passes_over_the_test_samples():
    more = job_seconds("silence_neurons", replace(WORK, data=replace(WORK.data, test=1030)))
    passes = 1 + 2 * (2 + 3 * 3)
    each = 1000 / RATES["dense"] + 500 / RATES["convolution"]
    assert more - job_seconds("silence_neurons", WORK) == pytest.approx(passes * 1000 * each)


def test_rules_are_known_without_their_number():
    assert stage("train_model_20") == "train_model" and stage("measure_entropy") == "measure_entropy"
    assert job_seconds("train_model_5", WORK) == training_seconds(WORK) != job_seconds("tabulate_accuracy", WORK)


def test_images_in_files_of_their_own_take_longer():
    assert conversion_seconds(WORK.data, files=True) > conversion_seconds(WORK.data, files=False)


@pytest.fixture
def real(tmp_path, small_data):
    """A data set, a snapshot, its dump and its patterns, written by the library; and the work they stand for."""
    path, _ = small_data
    model = build(MODEL, (4, 5), 3)
    save({"model": model.state_dict(), "run": "toy", "seed": 0, "iteration": 1, "epoch": 1}, tmp_path / "01.pt")
    work = Work(SETTINGS, Data((4, 5), 3, 41, 23, "by hand"), count(MODEL, (4, 5), 3))
    return tmp_path, path, work


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_dump_before_compression_is_counted_to_the_byte(real, dtype):
    folder, data, work = real
    settings = SETTINGS | {"dumps": {"dtype": dtype}}
    dump(folder / "01.pt", data, settings, "", folder / "01.h5", torch.device("cpu"))
    sizes = []
    with h5py.File(folder / "01.h5") as file:
        file.visititems(lambda name, item: sizes.append(item.nbytes) if isinstance(item, h5py.Dataset) else None)
    stored, raw = dump_bytes(replace(work, settings=settings))
    assert raw == sum(sizes) and stored < raw


def test_filters_are_stored_nearly_whole():
    stored, raw = dump_bytes(replace(WORK, network=replace(NETWORK, maps=60)))
    assert 0.85 * raw < stored < raw
    assert stored > 2 * dump_bytes(WORK)[0]


def test_a_pattern_file_is_counted(real):
    folder, data, work = real
    dump(folder / "01.pt", data, SETTINGS, "", folder / "01.h5", torch.device("cpu"))
    write_patterns(folder / "01.h5", folder / "patterns.h5", SETTINGS["auxiliary"]["layers"])
    sizes = []
    with h5py.File(folder / "patterns.h5") as file:
        file.visititems(lambda name, item: sizes.append(item.nbytes) if isinstance(item, h5py.Dataset) else None)
    assert pattern_bytes(work) == sum(sizes)


def test_a_converted_data_set_is_counted(real):
    _, data, work = real
    with h5py.File(data) as file:
        assert data_bytes(work.data) == sum(
            file[f"{s}/{a}"].nbytes for s in ("train", "test") for a in ("images", "labels")
        )


def test_snapshots_and_the_state_of_a_training_are_counted():
    assert snapshot_bytes(WORK) == (4 * 310 * 6, 3 * 4 * 300)
