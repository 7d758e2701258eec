"""HDF5 chunking and compression of ReLU outputs: size, write and read time of MNIST's first hidden layer.

python benchmarks/storage.py --data-dir DIR
"""

import tempfile
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np
import torch

from common import arguments, default_settings, mnist, seconds
from neurons.networks.device import pixels
from neurons.networks.plain import MLP, initialise
from neurons.training.evaluation import Split
from neurons.training.loop import train_epoch
from neurons.training.optimisers import make_optimizer

FILTERS = {
    "none": {},
    "zstd 1": hdf5plugin.Zstd(clevel=1),
    "zstd 3": hdf5plugin.Zstd(clevel=3),
    "zstd 3, shuffled": {"shuffle": True, **hdf5plugin.Zstd(clevel=3)},
    "lz4": hdf5plugin.LZ4(),
    "blosc lz4, bit-shuffled": hdf5plugin.Blosc(cname="lz4", shuffle=2),
    "lzf": {"compression": "lzf"},
    "gzip 1": {"compression": "gzip", "compression_opts": 1},
    "gzip 4, shuffled": {"compression": "gzip", "shuffle": True},
}


def trained_layer(data_dir: str) -> np.ndarray:
    """Return the first hidden layer's outputs (60000, 512) after one epoch."""
    torch.set_num_threads(1)
    images, labels = (torch.from_numpy(array) for array in mnist(data_dir))
    model = MLP(784, [512, 512], 10, 0.02)
    initialise(model, 0)
    train_epoch(model, make_optimizer(default_settings()["training"], model.parameters()), Split(images, labels), 32)
    model.eval()
    with torch.inference_mode():
        return torch.cat([model.activations(pixels(block))[0][0] for block in images.split(1024)]).numpy()


def trial(values: np.ndarray, rows: int, options: dict) -> tuple[float, float, float]:
    """Return megabytes, and seconds to write and to read, in blocks of `rows` rows that are the chunks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trial.h5"

        def write():
            with h5py.File(path, "w") as file:
                data = file.create_dataset("a", values.shape, values.dtype, chunks=(rows, values.shape[1]), **options)
                for start in range(0, len(values), rows):
                    data[start : start + rows] = values[start : start + rows]

        def read():
            with h5py.File(path) as file:
                for start in range(0, len(values), rows):
                    file["a"][start : start + rows]

        return seconds(write, 3), seconds(read, 3), path.stat().st_size / 1e6


if __name__ == "__main__":
    layer = trained_layer(arguments(__doc__).data_dir)
    print(f"{layer.nbytes / 1e6:.0f} MB of float32, {np.mean(layer == 0):.0%} zeros\n")
    print("| filter | rows a chunk | MB | write s | read s |\n| --- | ---: | ---: | ---: | ---: |")
    trials = [(name, 1024, layer) for name in FILTERS] + [("zstd 1", rows, layer) for rows in (256, 512, 2048, 4096)]
    for name, rows, values in [*trials, ("zstd 1", 1024, layer.astype(np.float16))]:
        write_s, read_s, size = trial(values, rows, FILTERS[name])
        label = f"{name}, float16" if values.dtype == np.float16 else name
        print(f"| {label} | {rows} | {size:.1f} | {write_s:.2f} | {read_s:.2f} |")
