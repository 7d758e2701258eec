import h5py
import numpy as np
import pytest
import torch
from layers import class_values, write_layers
from samples import read_rows

from neurons.core.errors import InputError
from neurons.dumps.format import Dump
from neurons.dumps.write import dump
from neurons.graphs.overlap_modularity import MODULARITIES, STANDARDISED
from neurons.graphs.pattern_graph import write_graphs
from neurons.measures import activity, landscape, null, probe, selectivity, weights
from neurons.measures.iteration import Files, measure_iteration, write_measures
from neurons.measures.layer import Layer
from neurons.measures.network import opened_network, snapshot_arrays
from neurons.measures.panel import PANEL, Measure, chosen
from neurons.networks.build import build
from neurons.networks.plain import initialise
from neurons.networks.snapshots import save

HISTORY = "iteration,epoch,running_accuracy,train_accuracy,test_accuracy,train_loss,test_loss\n2,2,0.5,0.75,0.5,0.25,\n"
ENTROPY = "layer,class,entropy_bits,neurons,live_neurons\ndense_1,all,12.5,8,7\ndense_1,0,11,8,7\n"
MODULARITY = "layer,metric,value,sd\n" + "".join(
    f"dense_1,{name},{value},\n" for name, value in zip((*MODULARITIES, *STANDARDISED), (0.1, 0.2, 0.3, 0.4, "", 7))
)


@pytest.fixture(params=["given", "mixed"])
def run(request, tmp_path, small_data):
    """A run's files at iteration 2, of a network of 8 and 5 neurons."""
    data, _ = small_data
    settings = {"model": {"filters": [], "hidden": [8, 5], "dropout": 0.2}, "labels": request.param}
    settings |= {"dumps": {"dtype": "float32"}}
    for iteration in (0, 2):
        model = build(settings["model"], (4, 5), 3)
        initialise(model, iteration)
        state = {"model": model.state_dict(), "run": "r", "seed": 3, "iteration": iteration, "epoch": iteration}
        save(state, tmp_path / f"{iteration:02d}.pt")
    texts = {"history": HISTORY, "entropy": ENTROPY, "modularity": MODULARITY}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    dump(tmp_path / "02.pt", data, settings, "", tmp_path / "02.h5", torch.device("cpu"))
    write_graphs(tmp_path / "02.h5", tmp_path / "graphs.h5", 4, "mean")
    files = Files(
        tmp_path / "02.h5",
        tmp_path / "graphs.h5",
        tmp_path / "02.pt",
        tmp_path / "00.pt",
        data,
        *(tmp_path / f"{name}.csv" for name in texts),
    )
    return files, settings


def values_of(rows):
    return {(layer, name): value for layer, name, value in rows}


def test_the_whole_panel_is_measured_each_by_its_function(run):
    files, settings = run
    rows, left_out = measure_iteration(files, 2, list(PANEL.values()), settings)
    values = values_of(rows)
    assert not left_out and len(values) == len(rows)
    names = {name.partition(".")[0] for _, name in values}
    assert names == set(PANEL)
    assert all(isinstance(value, float) for value in values.values())
    with Dump(files.dump) as opened:
        layer = Layer(opened, "dense_2")
        assert values["dense_2", "live_units"] == activity.live_units(layer)
        assert values["dense_2", "selectivity"] == selectivity.selectivity(layer)
        assert values["dense_2", "linear_probe"] == probe.linear_probe(layer)
    with opened_network(files.snapshot, files.data, settings) as network:
        assert values["all", "margin"] == landscape.margin(network)
    arrays = snapshot_arrays(files.snapshot), snapshot_arrays(files.first_snapshot)
    assert values["all", "distance_from_start"] == weights.distance_from_start(*arrays) > 0
    assert (values["all", "train_loss"], values["all", "train_accuracy"]) == (0.25, 0.75)
    assert values["dense_1", "entropy"] == 12.5 and values["dense_1", "modularity.weighted_overlap"] == 0.4
    assert values["dense_1", "modularity_z.weighted_overlap"] == 7


def test_mixed_labels_are_those_of_the_dump(run):
    files, settings = run
    with Dump(files.dump) as opened, opened_network(files.snapshot, files.data, settings) as network:
        np.testing.assert_array_equal(network.labels[opened.index("train")], opened.labels("train"))


def test_an_imported_dump_leaves_the_network_out_and_says_so(run, tmp_path, capsys):
    files, settings = run
    panel = chosen(["nc1", "margin", "weight_norm", "modularity_z", "train_loss"])
    write_measures(tmp_path / "out.csv", Files(files.dump), 2, panel, settings)
    rows = read_rows(tmp_path / "out.csv")
    assert {row["measure"] for row in rows} == {"nc1"} and [row["layer"] for row in rows] == ["dense_1", "dense_2"]
    with Dump(files.dump) as opened:
        assert {int(row["samples"]) for row in rows} == {opened.counts("train").sum()}
    printed = capsys.readouterr().out.splitlines()
    assert "left out: margin needs snapshot and data, which this run does not have" in printed and len(printed) == 4


def test_options_reach_the_measure(run):
    files, settings = run
    settings = settings | {"measures": {"options": {"modularity_z_mixed": {"draws": 7, "seed": 5}}}}
    values = values_of(measure_iteration(files, 2, chosen(["modularity_z_mixed"]), settings)[0])
    from neurons.graphs.pattern_graph import read_graphs

    with Dump(files.dump) as opened:
        graph = read_graphs(files.graphs)["dense_1"]
        expected = null.modularity_z_mixed(graph, Layer(opened, "dense_1"), draws=7, seed=5)
    assert values["dense_1", "modularity_z_mixed.weighted_overlap"] == expected["weighted_overlap"]


def test_own_measures_are_measured_beside_the_panel(run, tmp_path):
    files, settings = run
    own = tmp_path / "own.py"
    own.write_text(
        "def largest(layer):\n    return max(block.max() for _, block in layer.blocks())\n"
        "def parameters(network):\n    return sum(p.numel() for p in network.model.parameters())\n"
        "parameters.inputs = 'network'\n"
    )
    panel = chosen(["sparsity"], [f"{own}:largest", f"{own}:parameters"])
    values = values_of(measure_iteration(files, 2, panel, settings)[0])
    with h5py.File(files.dump) as file:
        assert values["dense_1", "largest"] == file["train/layers/dense_1"][:].max()
    assert values["all", "parameters"] == 20 * 8 + 8 + 8 * 5 + 5 + 5 * 3 + 3


@pytest.mark.parametrize("result", ["text", None, np.ones(3), {"part": [1]}])
def test_a_measure_that_gives_no_number_is_named(tmp_path, rng, result):
    path = write_layers(tmp_path / "d.h5", {"dense_1": class_values(rng, [5, 5], 3)[0]}, np.repeat([0, 1], 5))
    with pytest.raises(InputError, match="own.py: measure 'odd.*return a number"):
        measure_iteration(Files(path), 1, [Measure("odd", "dump", lambda layer: result, "own.py")], {})


def test_an_iteration_without_a_row_in_the_history_has_no_loss(run):
    files, settings = run
    values = values_of(measure_iteration(files, 0, chosen(["train_loss"]), settings)[0])
    assert np.isnan(values["all", "train_loss"])


def test_what_is_not_defined_is_an_empty_cell(tmp_path):
    path = write_layers(tmp_path / "d.h5", {"dense_1": np.zeros((6, 3))}, np.repeat([0, 1], 3))
    write_measures(tmp_path / "out.csv", Files(path), 1, chosen(["effective_rank"]), {})
    assert read_rows(tmp_path / "out.csv") == [
        {"layer": "dense_1", "measure": "effective_rank", "value": "", "samples": "6"}
    ]


def test_same_files_give_the_same_bytes(run, tmp_path):
    files, settings = run
    for name in ("one.csv", "two.csv"):
        write_measures(tmp_path / name, files, 2, list(PANEL.values()), settings)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_every_measure_says_on_how_many_samples_it_rests(run, tmp_path):
    files, settings = run
    settings = settings | {"measures": {"options": {"sharpness": {"samples": 3, "draws": 2}}}}
    panel = chosen(["nc1", "entropy", "margin", "sharpness", "weight_norm", "train_loss"])
    write_measures(tmp_path / "out.csv", files, 2, panel, settings)
    samples = {row["measure"]: row["samples"] for row in read_rows(tmp_path / "out.csv")}
    with Dump(files.dump) as opened:
        every = str(opened.counts("train").sum())
    assert samples == {
        **dict.fromkeys(("nc1", "entropy", "margin"), every),
        **{"sharpness": "3", "weight_norm": "", "train_loss": ""},
    }
