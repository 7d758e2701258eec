"""A network that is trained and measured at once has the figures that its own files give when they are made one by one."""

import copy

import numpy as np
import pytest
import torch
from samples import files_in, read_rows

from neurons.measures.panel import chosen
from neurons.trials.network import COLUMNS, measure_network, write_networks

SETTINGS = {
    "model": {"filters": [], "hidden": [7, 5], "dropout": 0.1},
    "training": {
        **{"optimizer": "adam", "learning_rate": 0.01, "epsilon": 1e-7, "momentum": 0.0, "weight_decay": 0.0},
        **{"schedule": "constant", "flip": False, "crop": 0, "mixed_precision": False, "batch_size": 8},
        **{"iterations": 1, "epochs_per_iteration": 3},
    },
    "labels": "given",
    "dumps": {"dtype": "float32"},
    "graph": {"top_neurons": 4, "select_by": "mean"},
    "modularity": {"starts": 2, "resolution": 2.0, "null_draws": 4},
    "entropy": {"bins": 10},
    "measures": {
        "panel": ["all"],
        "modules": [],
        "options": {"sharpness": {"draws": 2}, "modularity_z_mixed": {"draws": 4}},
    },
}
CPU = torch.device("cpu")


def settings_with(**options) -> dict:
    settings = copy.deepcopy(SETTINGS)
    settings["training"] |= options
    return settings


def test_every_measure_of_the_panel_is_there_and_some_are_counted_by_hand(small_data, tmp_path):
    path, arrays = small_data
    rows = measure_network(tmp_path, path, "toy", SETTINGS, 5, chosen(["all"]), CPU, 1)
    (history,) = read_rows(tmp_path / "history.csv")
    for row in rows:
        assert row[:2] == (5, 3) and row[-4] is True
        assert row[2:5] == tuple(float(history[name]) for name in ("train_accuracy", "test_accuracy", "train_loss"))
    values = {(layer, name): value for *_, layer, name, value in rows}
    assert {name.split(".")[0] for _, name in values} == {measure.name for measure in chosen(["all"])}
    state = torch.load(tmp_path / "snapshots/01.pt", weights_only=True)["model"]
    weights = {name: value.double().numpy() for name, value in state.items()}
    hidden = arrays["train/images"].reshape(41, -1) / 255
    for i in range(2):
        hidden = np.maximum(hidden @ weights[f"hidden.{i}.weight"].T + weights[f"hidden.{i}.bias"], 0)
        assert values[f"dense_{i + 1}", "sparsity"] == pytest.approx(np.mean(hidden == 0))
        assert values[f"dense_{i + 1}", "live_units"] == (hidden > 0).any(0).sum()
    norm = np.sqrt(sum((value**2).sum() for name, value in weights.items() if "weight" in name))
    assert values["all", "weight_norm"] == pytest.approx(norm)
    entropy = [float(row["entropy_bits"]) for row in read_rows(tmp_path / "entropy") if row["class"] == "all"]
    assert [values[f"dense_{i}", "entropy"] for i in (1, 2)] == entropy


@pytest.mark.parametrize("names, made", [(["nc1"], {"dump"}), (["entropy"], {"dump", "entropy"})])
def test_only_what_the_panel_needs_is_made(small_data, tmp_path, names, made):
    measure_network(tmp_path, small_data[0], "toy", SETTINGS, 5, chosen(names), CPU, 1)
    assert {"dump", "graphs", "entropy", "modularity"} & {*files_in(tmp_path)} == made


def test_networks_stand_one_below_the_other_and_nothing_else_is_left(small_data, tmp_path):
    networks = [
        {"columns": {"batch_size": size, "odd": size == 8}, "settings": settings_with(batch_size=size, stop_at_loss=bound),
         "seed": seed}
        for size, seed, bound in ((8, 1, 9.0), (16, 1, 1e-9), (16, 2, 9.0))
    ]  # fmt: skip
    output = tmp_path / "out/00.csv"
    write_networks(output, small_data[0], "toy", networks, chosen(["nc1", "train_loss"]), CPU)
    rows = read_rows(output)
    assert files_in(tmp_path / "out") == [".00.csv.sha256", "00.csv"] and tuple(rows[0]) == (
        "batch_size",
        "odd",
        *COLUMNS,
    )
    keys = list(dict.fromkeys((row["batch_size"], row["seed"], row["epoch"], row["reached"]) for row in rows))
    assert keys == [("8", "1", "1", "True"), ("16", "1", "3", "False"), ("16", "2", "1", "True")]
    assert [(row["layer"], row["measure"]) for row in rows] == 3 * [
        ("dense_1", "nc1"), ("dense_2", "nc1"), ("all", "train_loss")
    ]  # fmt: skip
    first = output.read_bytes()
    write_networks(output, small_data[0], "toy", networks, chosen(["nc1", "train_loss"]), CPU)
    assert output.read_bytes() == first
