"""Measure the rates that `make plan` counts with, on one thread, and write them to `resources/rates.json`.

python benchmarks/rates.py --data-dir DIR

Times are CPU seconds of the least of some calls, so that a busy machine disturbs them little. `machine`, `byte`, `image`
and `small` are kept as they stand in the file: write the machine's name yourself.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np
import torch
from threadpoolctl import threadpool_limits

from common import arguments, default_settings, seconds
from neurons.auxiliary.model import train_networks
from neurons.auxiliary.probabilities import write_patterns
from neurons.communities.entropy import write_entropy
from neurons.communities.modularity import write_modularity
from neurons.core.files import atomic
from neurons.data.convert import convert
from neurons.dumps.write import dump
from neurons.graphs.pattern_graph import write_graphs
from neurons.networks.build import build
from neurons.networks.device import use_device
from neurons.networks.plain import initialise
from neurons.networks.snapshots import save
from neurons.training.evaluation import evaluate, read_split
from neurons.training.loop import train_epoch
from neurons.training.optimisers import make_optimizer
from neurons.workflow.plan import costs
from neurons.workflow.plan.network import count

IMPORTS = {
    "light": "numpy, h5py",
    "search": "igraph, networkx",
    "torch": "torch",
}  # of jobs that do next to nothing else
SETTINGS = default_settings()
MODEL, TRAINING = SETTINGS["model"], SETTINGS["training"]


def cpu_seconds(function, repeats: int = 3) -> float:
    """Return the least CPU time of some calls."""
    return seconds(function, repeats, time.process_time)


def part(data, samples: int):
    """Return the first samples of a split."""
    return type(data)(data.images[:samples], data.labels[:samples])


def epoch(model: dict, data, batch_size: int) -> tuple[float, int]:
    """Return the CPU seconds of an epoch over MNIST's images `data`, and its steps."""
    network = build(MODEL | model, tuple(data.images.shape[1:]), 10)
    initialise(network, 0)
    optimizer = make_optimizer(TRAINING, network.parameters())
    train_epoch(
        network, optimizer, part(data, 2 * batch_size), batch_size
    )  # Adam's averages are made at the first step
    return cpu_seconds(lambda: train_epoch(network, optimizer, data, batch_size)), -(-len(data) // batch_size)


def training_rates(train) -> dict[str, float]:
    """Return the rates of training and of forward passes."""
    left, right = torch.rand(1024, 784), torch.rand(784, 512)
    dense = 100 * 1024 * 784 * 512 / cpu_seconds(lambda: [left @ right for _ in range(100)])
    took, steps = epoch({"hidden": [8, 8]}, part(train, 16_000), 32)
    step = took / steps
    rates = {"dense": dense, "step": step}
    for name, hidden, samples in (("weight", [512, 512], 16_000), ("large_weight", [16384, 4096], 160)):
        network = count(MODEL | {"hidden": hidden}, (28, 28), 10)
        took, steps = epoch({"hidden": hidden}, part(train, samples), 32)
        known = step + 3 * 32 * network.dense / dense
        small = network.weights - network.large_weights
        rest = took / steps - known - (rates["weight"] * small if name == "large_weight" else 0)
        rates[name] = rest / (network.large_weights or network.weights)
    settings = MODEL | {"filters": [32, 64, 64], "hidden": [256, 128]}
    network = build(settings, (28, 28), 10)
    initialise(network, 0)
    size = count(settings, (28, 28), 10)
    took = cpu_seconds(lambda: evaluate(network, part(train, 4000)))
    rates["convolution"] = 4000 * size.convolution / (took - 4000 * size.dense / dense)
    took, steps = epoch(settings, part(train, 3200), 64)
    known = steps * (step + size.weights * rates["weight"] + 3 * 64 * size.dense / dense)
    rates["trained_convolution"] = 3 * 3200 * size.convolution / (took - known)
    return rates


def measure_rates(folder: Path, data: Path, device) -> dict[str, float]:
    """Return the seconds a value (a sample's output of one neuron) of the steps that read dumps, and of the others."""
    snapshot, dumped, graphs, other = (folder / name for name in ("01.pt", "dump.h5", "graphs.h5", "other"))
    with h5py.File(data) as file:
        train = read_split(file, "train", "given", 0, device)
    network = build(MODEL, (28, 28), 10)
    initialise(network, 0)
    train_epoch(network, make_optimizer(TRAINING, network.parameters()), train, 32)
    save({"model": network.state_dict(), "run": "mnist", "seed": 0, "iteration": 1, "epoch": 1}, snapshot)
    both, values = 70_000 * 1024, 60_000 * 1024
    rates = training_rates(train)
    forward = 70_000 * count(MODEL, (28, 28), 10).dense / rates["dense"]
    rates["dump"] = (cpu_seconds(lambda: dump(snapshot, data, SETTINGS, "", dumped, device), 2) - forward) / both
    rates["graph"] = cpu_seconds(lambda: write_graphs(dumped, graphs, 50, "mean"), 2) / values
    rates["entropy"] = cpu_seconds(lambda: write_entropy(dumped, other, 10), 2) / values
    rates["pattern"] = cpu_seconds(lambda: write_patterns(dumped, other, ["all", "last2", "last1"]), 2) / both
    with h5py.File(graphs) as file:
        pairs = sum(len(layer["neurons"]) ** 2 for layer in file.values())
        rates["vertices"] = sum(len(layer["neurons"]) for layer in file.values()) / 1000
    rates["pair"] = cpu_seconds(lambda: write_modularity(graphs, other, 10, 2.0, 100), 2) / (10 * pairs)
    inputs, labels = np.random.default_rng(0).random((12_800, 12, 20), np.float32), np.zeros((12, 12_800), np.int64)
    options = {"epochs": 1, "batch_size": 128, "learning_rate": 1e-3, "dropout": 0.0}
    rates["auxiliary"] = cpu_seconds(lambda: train_networks(inputs, labels, options, 0, device)) / (12 * 100)
    rates["stored"] = dumped.stat().st_size / (4 * both)
    return rates


def import_seconds(modules: str) -> float:
    """Return the CPU seconds until a new Python has imported some modules."""
    command = [sys.executable, "-c", f"import {modules}"]
    return seconds(lambda: subprocess.run(command, check=True), 3, lambda: sum(os.times()[2:4]))  # those of children


def main(data_dir: str, folder: Path) -> None:
    device, data = use_device(1), folder / "mnist.h5"
    convert("mnist", {"source": "mnist"}, data_dir, data)
    measured = measure_rates(folder, data, device) | {name: import_seconds(of) for name, of in IMPORTS.items()}
    known, (_, copied) = json.loads(costs.RATES.read_text()), costs.measure()
    # Those of products are multiply-adds a second.
    products = {name: float(f"{1 / measured[name]:.2g}") for name in known["products"]}
    others = {name: float(f"{measured.get(name, rate):.2g}") for name, rate in known["others"].items()}
    rates = known | {"copy": float(f"{copied:.2g}"), "products": products, "others": others}
    with atomic(costs.RATES) as part:
        part.write_text(json.dumps(rates, indent=2) + "\n")
    for name in ("vertices", "stored"):  # constants of neurons.workflow.plan.costs
        print(f"{name} {measured[name]:.3g}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        main(arguments(__doc__).data_dir, Path(name))
