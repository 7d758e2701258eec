"""Shared by the benchmarks: the library on the path, a trained layer of MNIST, timing."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))


def arguments(description: str) -> argparse.Namespace:
    """Return the command line: where the raw data lie (torchvision's layout)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data-dir", default="data", help="folder that holds MNIST/raw")
    return parser.parse_args()


def default_settings() -> dict:
    """Return the schema's own settings of a run."""
    import yaml

    from neurons.workflow.config import resolve

    schema = yaml.safe_load((Path(__file__).parents[1] / "config/schema.yaml").read_text())
    config = {"datasets": {"mnist": {"source": "mnist"}}, "runs": {"mnist": {"dataset": "mnist"}}}
    return resolve(config, schema)["runs"]["mnist"]


def mnist(data_dir: str):
    """Return MNIST's training images uint8 (60000, 28, 28) and labels int64, sorted by class."""
    import numpy as np

    from neurons.data.convert import read_idx

    folder = Path(data_dir) / "MNIST/raw"
    images = read_idx(folder / "train-images-idx3-ubyte.gz")
    labels = read_idx(folder / "train-labels-idx1-ubyte.gz").astype(np.int64)
    order = np.argsort(labels, kind="stable")
    return images[order], labels[order]


def seconds(function, repeats: int = 1, clock=time.perf_counter) -> float:
    """Return the least time of some calls, wall time unless another clock is given."""
    times = []
    for _ in range(repeats):
        start = clock()
        function()
        times.append(clock() - start)
    return min(times)
