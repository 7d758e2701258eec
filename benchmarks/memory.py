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

from common import arguments, default_settings, mnist

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
    "patterns": "from neurons.auxiliary.probabilities import write_patterns; "
    "write_patterns(d('dump.h5'), d('patterns.h5'), ['all', 'last1'])",
    "auxiliary models": "from neurons.auxiliary.model import write_auxiliary; from neurons.networks.device import use_device; "
    "write_auxiliary([d('patterns.h5')], S['auxiliary'] | {'epochs': 1}, 0, [d('a.csv')], d('models.pt'), use_device(1))",
    "correlations": "from neurons.coactivation.graph import write_coactivation; "
    "write_coactivation(d('dump.h5'), d('data.h5'), d('c.h5'), 'pearson')",
    "panel of measures": "from neurons.measures.iteration import Files, write_measures; "
    "from neurons.measures.panel import chosen; "
    "write_measures(d('panel.csv'), Files(d('dump.h5'), d('graphs.h5'), d('run/snapshots/01.pt'), d('run/snapshots/00.pt'), "
    "d('data.h5'), d('history.csv'), d('e.csv'), d('m.csv')), 1, chosen(['all']), S)",
}
PREFACE = """
import sys; sys.path.insert(0, {library!r})
from pathlib import Path
d = lambda name: Path({folder!r}) / name
S = {settings!r}
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
    settings = default_settings()
    settings["training"] |= {"batch_size": 1024, "iterations": 1}
    peaks = {name: [] for name in STEPS}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            write_data(Path(folder) / "data.h5", images, labels, size)
            for name, step in STEPS.items():
                code = PREFACE.format(library=library, folder=folder, settings=settings, step=step)
                done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
                peaks[name].append(int(done.stdout.split()[-1]))
    print(f"| step | {' | '.join(f'{size:,} samples, MB' for size in SIZES)} |\n| --- | ---: | ---: | ---: |")
    for name, values in peaks.items():
        print(f"| {name} | {' | '.join(map(str, values))} |")
