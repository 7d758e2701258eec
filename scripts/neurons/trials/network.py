"""Trials: networks that are trained and measured at once, many in a job, of which only the figures are kept."""

import shutil
from pathlib import Path

from tqdm import tqdm

from neurons.communities.entropy import write_entropy
from neurons.communities.modularity import write_modularity
from neurons.core.files import write_csv
from neurons.dumps.write import dump
from neurons.graphs.pattern_graph import write_graphs
from neurons.measures.iteration import Files, history_row, measure_iteration
from neurons.measures.panel import Measure
from neurons.training.loop import train

FIGURES = ("epoch", "train_accuracy", "test_accuracy", "train_loss")
COLUMNS = ("seed", *FIGURES, "reached", "layer", "measure", "value")


def _files(folder: Path, data, settings: dict, inputs: set[str], device, threads: int) -> Files:
    """Return the files of a trained network's last iteration; the ones that measures of these inputs need are made."""
    last = settings["training"]["iterations"]
    made = {name: folder / name for name in ("dump", "graphs", "entropy", "modularity")}
    snapshot = folder / f"snapshots/{last:02d}.pt"
    dump(snapshot, data, settings, "", made["dump"], device, threads)
    if inputs & {"graph", "modularity"}:
        write_graphs(made["dump"], made["graphs"], settings["graph"]["top_neurons"], settings["graph"]["select_by"])
    if "modularity" in inputs:
        write_modularity(made["graphs"], made["modularity"], **settings["modularity"])
    if "entropy" in inputs:
        write_entropy(made["dump"], made["entropy"], settings["entropy"]["bins"])
    first = folder / "snapshots/00.pt"
    return Files(snapshot=snapshot, first_snapshot=first, data=data, history=folder / "history.csv", **made)


def measure_network(
    folder: Path, data, run: str, settings: dict, seed: int, panel: list[Measure], device, threads: int
) -> list[tuple]:
    """Train a network and measure its last iteration with the panel; return rows of `COLUMNS`.

    `reached` is false where `training.stop_at_loss` was not reached.

    Parameters
    ----------
    folder : for the files of the way, which stay there.
    data : path of the converted data set.
    settings : the network's, complete.
    """
    last, bound = settings["training"]["iterations"], settings["training"].get("stop_at_loss")
    snapshots = [folder / f"snapshots/{iteration:02d}.pt" for iteration in range(last + 1)]
    history = folder / "history.csv"
    train(data, run, settings, seed, snapshots, history, folder / "class_accuracy.csv", "", device)
    figures = history_row(history, last)
    files = _files(folder, data, settings, {measure.inputs for measure in panel}, device, threads)
    rows, _ = measure_iteration(files, last, panel, settings)
    reached = bound is None or figures["train_loss"] <= bound
    known = (seed, int(figures["epoch"]), *(figures[name] for name in FIGURES[1:]), reached)
    return [(*known, *row) for row in rows]


def write_networks(
    output, data, run: str, networks: list[dict], panel: list[Measure], device, threads: int = 1
) -> None:
    """Train and measure networks one after another; write a row for each measure of each.

    The columns are the hyper-parameters that the networks differ in, then `COLUMNS`.

    Parameters
    ----------
    networks : each with `columns` (value by hyper-parameter), `settings` (complete) and `seed`.
    """
    rows, folder = [], Path(output).with_name(f".{Path(output).stem}.work")
    for network in tqdm(networks, desc=run, unit="network"):
        shutil.rmtree(folder, ignore_errors=True)
        print(network["columns"], "seed", network["seed"])
        measured = measure_network(folder, data, run, network["settings"], network["seed"], panel, device, threads)
        rows += [(*network["columns"].values(), *row) for row in measured]
    shutil.rmtree(folder, ignore_errors=True)
    write_csv(output, (*networks[0]["columns"], *COLUMNS), rows)
