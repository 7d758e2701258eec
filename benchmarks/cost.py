"""What one iteration of the communities study costs on MNIST, each step beside the least it could cost, on one thread.

python benchmarks/cost.py --data-dir DIR

The least is the larger of bytes over the measured disk or memory rate and multiply-adds over the measured matrix rate.
"""

import ast
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np
import torch
from threadpoolctl import threadpool_limits

from common import arguments, default_settings, seconds
from neurons.communities.entropy import write_entropy
from neurons.communities.modularity import write_modularity
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

SETTINGS = default_settings()
WEIGHTS = 784 * 512 + 512 * 512 + 512 * 10
SCRIPTS = (
    "train_model",
    "dump_activations",
    "build_graphs",
    "measure_modularity",
    "measure_entropy",
    "correlate_entropy",
)


def rates(folder: Path) -> dict[str, float]:
    """Return multiply-adds a second of a matrix product, and bytes a second of memory, disk (write) and cache (read)."""
    a, b = torch.rand(1024, 784), torch.rand(784, 512)
    block, path = np.ones(2**25), folder / "rate"
    copy = np.empty_like(block)
    return {
        "matrix": 1024 * 784 * 512 / seconds(lambda: a @ b, 50),
        "memory": 2 * block.nbytes / seconds(lambda: np.copyto(copy, block), 5),
        "write": block.nbytes / seconds(lambda: block.tofile(path), 3),
        "read": block.nbytes / seconds(path.read_bytes, 3),
    }


def start_up(script: str) -> float:
    """Return the seconds that a job's imports take in a new process."""
    source = (Path(__file__).parents[1] / "scripts" / f"{script}.py").read_text()
    imports = "\n".join(
        ast.unparse(node) for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)
    )
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, 'scripts')\n{imports}"]
    return seconds(lambda: subprocess.run(command, check=True, cwd=Path(__file__).parents[1]), 3)


def main(data_dir: str, folder: Path) -> None:
    device = use_device(1)
    rate = rates(folder)
    matrix = rate["matrix"]
    print(f"matrix product {matrix / 1e9:.0f} G multiply-adds/s", end="")
    print("".join(f", {name} {rate[name] / 1e9:.1f} GB/s" for name in ("memory", "write", "read")) + "\n")
    data, snapshot, dumped, graphs = (folder / name for name in ("mnist.h5", "01.pt", "dump.h5", "graphs.h5"))
    convert("mnist", {"source": "mnist"}, data_dir, data)
    with h5py.File(data) as file:
        train, test = (read_split(file, split, "given", 0, device) for split in ("train", "test"))
    model = build(SETTINGS["model"], (28, 28), 10)
    initialise(model, 0)
    optimizer = make_optimizer(SETTINGS["training"], model.parameters())
    epoch = seconds(lambda: train_epoch(model, optimizer, train, 32))
    check = seconds(lambda: (evaluate(model, train), evaluate(model, test)))
    save({"model": model.state_dict(), "run": "mnist", "seed": 0, "iteration": 1, "epoch": 1}, snapshot)
    times = {
        "dump": seconds(lambda: dump(snapshot, data, SETTINGS, "", dumped, device)),
        "graph": seconds(lambda: write_graphs(dumped, graphs, 50, "mean")),
        "modularity": seconds(lambda: write_modularity(graphs, folder / "modularity.csv", 10, 2.0, 100)),
        "entropy": seconds(lambda: write_entropy(dumped, folder / "entropy.csv", 10)),
    }
    adam = 1875 * 7 * 4 * WEIGHTS  # bytes: read weight, gradient and two averages, write all but the gradient
    stored, raw = dumped.stat().st_size, 60_000 * 1024 * 4
    rows = [
        (
            "training epoch",
            epoch,
            3 * 60_000 * WEIGHTS / matrix + adam / rate["memory"],
            "multiply-adds, Adam's passes over the weights",
        ),
        ("evaluation of train and test", check, 70_000 * WEIGHTS / matrix, "forward multiply-adds"),
        (
            "dump",
            times["dump"],
            70_000 * WEIGHTS / matrix + stored / rate["write"],
            f"forward multiply-adds, {stored / 1e6:.0f} MB written",
        ),
        (
            "graph",
            times["graph"],
            2 * raw / rate["read"] + 2 * 60_000 * 50**2 / matrix,
            "two passes over the dump, co-activation products",
        ),
        ("modularity", times["modularity"], 0.0, "no bound by bytes: 20 Kernighan-Lin and 20 Louvain searches"),
        ("entropy", times["entropy"], 2 * raw / rate["read"], "two passes over the dump"),
    ]
    print("| step | seconds | least | what bounds it |\n| --- | ---: | ---: | --- |")
    for name, measured, least, what in rows:
        print(f"| {name} | {measured:.2f} | {least:.2f} | {what} |")
    print("\n| job | start-up s |\n| --- | ---: |")
    for script in SCRIPTS:
        print(f"| {script} | {start_up(script):.2f} |")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        main(arguments(__doc__).data_dir, Path(name))
