"""What the dump of a large network costs beside its forward pass, on the CPU.

python benchmarks/large.py [--model resnet50] [--images 1024] [--threads 1 2] [--rounds 3]

Random images of 32 x 32 pixels in colour, untrained weights: as many values to compute and to write as with trained ones,
fewer of them zero. Given are wall and processor seconds of the forward pass alone, of the pass with every hidden unit's output
taken (averaged over its map), and of the dump: the least of the rounds, in which they alternate, and the median of the rounds'
ratios to the first, so that a machine whose speed drifts does not decide.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

import h5py
import numpy as np
import torch

from common import default_settings
from neurons.dumps.write import dump
from neurons.networks.build import build
from neurons.networks.device import pixels
from neurons.networks.plain import initialise
from neurons.networks.snapshots import save


def write_data(path: Path, images: int) -> None:
    """Write a converted data set of random images, a sixth of them for the test split."""
    rng = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        file.attrs["classes"] = [str(c) for c in range(10)]
        for split, n in (("train", images - images // 6), ("test", images // 6)):
            file[f"{split}/images"] = rng.integers(0, 256, (n, 32, 32, 3), dtype=np.uint8)
            file[f"{split}/labels"] = np.arange(n) % 10


def timed(function) -> tuple[float, float]:
    """Return wall and processor seconds of a call."""
    wall, processor = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - wall, time.process_time() - processor


def main(name: str, images: int, threads: list[int], rounds: int, folder: Path) -> None:
    """Print the table."""
    settings = default_settings()
    settings["model"] = {"name": name, "options": {}, "stem": "standard", "input_size": None, "normalize": "none"}
    write_data(folder / "data.h5", images)
    model = build(settings["model"], (32, 32, 3), 10)
    initialise(model, 0)
    save({"model": model.state_dict(), "run": "r", "seed": 0, "iteration": 1, "epoch": 1}, folder / "01.pt")
    model.eval()
    print(f"{name}: {sum(model.layer_widths().values()):,} neurons, {images} images\n")
    print("| threads | step | wall s | processor s | ratio of wall time |\n| ---: | --- | ---: | ---: | ---: |")
    for count in threads:
        torch.set_num_threads(count)
        with h5py.File(folder / "data.h5") as file:
            blocks = [
                block
                for split in ("train", "test")
                for block in torch.from_numpy(file[f"{split}/images"][:]).split(model.block)
            ]

        def forward(blocks=blocks):
            with torch.inference_mode():
                for block in blocks:
                    model(pixels(block))

        def taken(blocks=blocks):
            with torch.inference_mode():
                for block in blocks:
                    model.activations(pixels(block))

        def dumped(count=count):
            dump(folder / "01.pt", folder / "data.h5", settings, "", folder / "dump.h5", torch.device("cpu"), count)

        forward()
        steps = {"forward pass": forward, "outputs taken": taken, "dump": dumped}
        times = {step: [] for step in steps}
        for _ in range(rounds):
            for step, act in steps.items():
                times[step].append(timed(act))
        for step, measured in times.items():
            ratio = median(wall / base for (wall, _), (base, _) in zip(measured, times["forward pass"]))
            wall, processor = min(measured)
            print(f"| {count} | {step} | {wall:.1f} | {processor:.1f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="resnet50", help="a classifier of torchvision's")
    parser.add_argument("--images", type=int, default=1024)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        main(given.model, given.images, given.threads, given.rounds, Path(name))
