"""The co-activation graph beside numpy.corrcoef on the same data: time, memory, and growth with samples.

python benchmarks/correlation.py --data-dir DIR

MNIST's images (repeated where more are asked for) through two random ReLU layers of 1000 neurons and 10 softmax
outputs, dumped; then, each in a process of its own on one thread, the graph of all 2010 neurons and 784 pixels, and
numpy.corrcoef of the same columns, both from the files. CPU seconds are without imports; memory is the process's
largest resident set.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

from common import arguments, mnist

SIZES = (10_000, 20_000, 40_000)
WIDTHS = {"dense_1": 1000, "dense_2": 1000}
PREFACE = """
import os, sys, time
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, {library!r})
import h5py, numpy as np
from neurons.coactivation.graph import write_coactivation
from neurons.dumps.format import Dump
start, wall = time.process_time(), time.perf_counter()
{step}
spent = time.process_time() - start, time.perf_counter() - wall
peak = next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
{check}
print(*spent, peak)
"""
GRAPH = "write_coactivation('dump.h5', 'data.h5', 'graph.h5')"
NUMPY = """
with Dump('dump.h5') as dump, h5py.File('data.h5') as file:
    order = dump.index('test')
    columns = [file['test/images'][:].reshape(len(order), -1)[order] / np.float32(255)]
    columns += [np.concatenate([b for _, b in dump.blocks('test', layer)]) for layer in dump.layers]
    columns += [np.concatenate([b for _, b in dump.probabilities('test')])]
    with np.errstate(all='ignore'):
        result = np.corrcoef(np.concatenate(columns, axis=1), rowvar=False)
"""
CHECK = """
bounds, names = [0, 784, 1784, 2784, 2794], ['input', 'dense_1', 'dense_2', 'output']
with h5py.File('graph.h5') as file:
    for i, a in enumerate(names):
        for j in range(max(i, 1), 4):
            expected = result[bounds[i]:bounds[i + 1], bounds[j]:bounds[j + 1]]
            print(np.nanmax(np.abs(file[f'correlation/{a}/{names[j]}'][:] - expected)))
"""


def write_files(folder: Path, images: np.ndarray, labels: np.ndarray, size: int) -> None:
    """Write a converted data set and a dump of `size` test samples."""
    from neurons.dumps.format import BLOCK_ROWS, create

    rng = np.random.default_rng(0)
    rows = np.resize(rng.permutation(len(images)), size)
    images, labels = images[rows], labels[rows]
    with h5py.File(folder / "data.h5", "w") as file:
        file["test/images"], file["test/labels"] = images, labels
    weights = [rng.normal(size=(a, b)).astype(np.float32) / a**0.5 for a, b in ((784, 1000), (1000, 1000), (1000, 10))]

    def blocks(order):
        for start in range(0, len(order), BLOCK_ROWS):
            x = images[order[start : start + BLOCK_ROWS]].reshape(-1, 784).astype(np.float32) / 255
            first = np.maximum(x @ weights[0], 0)
            second = np.maximum(first @ weights[1], 0)
            scores = np.exp(10 * second @ weights[2])
            yield [first, second], scores / scores.sum(axis=1, keepdims=True)

    order = np.argsort(labels, kind="stable")
    facts = {"run": "r", "seed": 0, "iteration": 1, "epoch": 1, "classes": list("0123456789"), "config_digest": ""}
    with create(folder / "dump.h5", facts, WIDTHS, "float32") as add:
        for split in ("train", "test"):
            chosen = order if split == "test" else order[:: size // 100]
            add(split, labels[chosen], chosen, blocks(chosen))


if __name__ == "__main__":
    library = str(Path(__file__).parents[1] / "scripts")
    images, labels = mnist(arguments(__doc__).data_dir)
    print(
        "| samples | | CPU s | wall s | memory, MB | largest difference |\n| ---: | --- | ---: | ---: | ---: | ---: |"
    )
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            write_files(Path(folder), images, labels, size)
            for name, step, check in (
                ("imports alone", "", ""),
                ("graph", GRAPH, ""),
                ("numpy.corrcoef", NUMPY, CHECK),
            ):
                code = PREFACE.format(library=library, step=step, check=check)
                command = [sys.executable, "-c", code]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=folder)
                *_, last = done.stdout.splitlines()
                cpu, wall, peak = map(float, last.split())
                differences = [float(line) for line in done.stdout.splitlines()[:-1]] if check else []
                largest = f"{max(differences):.1e}" if differences else ""
                print(f"| {size:,} | {name} | {cpu:.2f} | {wall:.2f} | {peak:.0f} | {largest} |", flush=True)
