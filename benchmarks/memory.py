"""Peak memory of each step at 10,000, 60,000 and 240,000 samples: MNIST, cut or repeated, an MLP of 512 and 512.

python benchmarks/memory.py --data-dir DIR

Each step runs in a process of its own; the figure is that process's largest resident set.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

from common import arguments, mnist

SIZES = (10_000, 60_000, 240_000)
STEPS = {
    "start-up with torch": "import torch",
    "train": "from neurons.training.loop import train; from neurons.networks.device import use_device; "
    "train(d('data.h5'), 'memory', S, 0, [d('run/snapshots/00.pt'), d('run/snapshots/01.pt')], "
    "d('history.csv'), d('classes.csv'), '', use_device(1))",
    "dump": "from neurons.dumps.write import dump; from neurons.networks.device import use_device; "
    "dump(d('run/snapshots/01.pt'), d('data.h5'), S, '', d('dump.h5'), use_device(1))",
    "graph": "from neurons.graphs.pattern_graph import write_graphs; write_graphs(d('dump.h5'), d('graphs.h5'), 50, 'mean')",
    "modularity": "from neurons.communities.modularity import write_modularity; "
    "write_modularity(d('graphs.h5'), d('m.csv'), 10, 2.0, 100)",
    "entropy": "from neurons.communities.entropy import write_entropy; write_entropy(d('dump.h5'), d('e.csv'), 10)",
}
PREFACE = """
import sys; sys.path.insert(0, {library!r})
from pathlib import Path
d = lambda name: Path({folder!r}) / name
S = {{"model": {{"filters": [], "hidden": [512, 512], "dropout": 0.02}}, "labels": "given", "dumps": {{"dtype": "float32"}},
     "training": {{"optimizer": "adam", "learning_rate": 1e-3, "epsilon": 1e-7, "batch_size": 1024, "iterations": 1,
                  "epochs_per_iteration": 1}}}}
{step}
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def write_data(path: Path, images: np.ndarray, labels: np.ndarray, size: int) -> None:
    """Write a converted data set of `size` samples, repeating MNIST in its shuffled order."""
    rows = np.random.default_rng(0).permutation(len(images))
    rows = np.sort(np.resize(rows, size))
    with h5py.File(path, "w") as file:
        file.attrs["classes"] = [str(c) for c in range(10)]
        for split, chosen in (("train", rows), ("test", rows[:: max(1, size // 1000)])):
            file[f"{split}/images"], file[f"{split}/labels"] = images[chosen], labels[chosen]


if __name__ == "__main__":
    library = str(Path(__file__).parents[1] / "scripts")
    images, labels = mnist(arguments(__doc__).data_dir)
    peaks = {name: [] for name in STEPS}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            write_data(Path(folder) / "data.h5", images, labels, size)
            for name, step in STEPS.items():
                code = PREFACE.format(library=library, folder=folder, step=step)
                done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
                peaks[name].append(int(done.stdout.split()[-1]))
    print(f"| step | {' | '.join(f'{size:,} samples, MB' for size in SIZES)} |\n| --- | ---: | ---: | ---: |")
    for name, values in peaks.items():
        print(f"| {name} | {' | '.join(map(str, values))} |")
