"""What a job costs, from the configuration alone: operations, their rates in seconds on one core, and bytes.

Counted is what bounds a step (benchmarks/README.md): multiply-adds of the network and passes over its weights in
training, values of a dump (a sample's output of one neuron) where one is written or read, pairs of vertices in the search
for communities. Rates are those that `benchmarks/rates.py` wrote, scaled by what is measured on this machine.
"""

import json
import time
import timeit
from collections import Counter
from dataclasses import dataclass
from math import ceil, inf
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

from neurons.data.dataset import SPLITS
from neurons.data.size import Data
from neurons.workflow.plan.network import Network
from neurons.workflow.sweep import NETWORKS_PER_JOB

RATES = Path(__file__).parents[4] / "resources/rates.json"
# First words of rules whose jobs are small whatever the run: a table, a figure, an export, a page, a link to a file.
SMALL_WORK = ("assemble", "compare", "correlate", "draw", "export", "fetch", "import", "lay", "preview", "repeat")
SMALL_WORK += ("rank", "stack", "summarise", "tabulate", "write")
VERTICES = 0.55  # vertices of a graph, of those that no two classes would share: MNIST's
STORED = 0.22  # bytes of a dump's dense layers on the disk, of those in memory: MNIST's mean over twenty iterations
STORED_MAPS = 0.89  # the same for filters averaged over space, which are seldom zero
STOPPED = 0.25  # of the cap's epochs, a training with `stop_at_loss`: 144 networks of Fashion-MNIST took 9.9 of 40


@dataclass(frozen=True)
class Work:
    """What a job works on: settings, and the sizes of data and network."""

    settings: dict  # of the run or data set, resolved
    data: Data
    network: Network | None = None
    iterations: int = 1  # that it dumps or measures

    def dumped(self, *splits: str) -> int:
        """Return the samples in the job's dumps, of some splits or of both."""
        most = self.data.classes * self.settings["dumps"].get("samples_per_class", inf)
        return self.iterations * sum(min(getattr(self.data, split), most) for split in splits or SPLITS)

    def values(self, *splits: str) -> int:
        """Return the values in the job's dumps, of some splits or of both."""
        return self.dumped(*splits) * self.network.neurons

    def forward(self, samples: int) -> dict[str, float]:
        """Return the operations of a forward pass of so many samples."""
        return {"dense": samples * self.network.dense, "convolution": samples * self.network.convolution}


def _training(work: Work) -> dict[str, float]:
    """Three forward passes' products in an epoch (forward, gradients of inputs and weights), a pass over the weights in
    each step, and after each iteration an evaluation of both splits.
    """
    network, options = work.network, work.settings["training"]
    epochs = options["iterations"] * options["epochs_per_iteration"] * (STOPPED if "stop_at_loss" in options else 1)
    steps, trained = epochs * ceil(work.data.train / options["batch_size"]), 3 * epochs * work.data.train
    evaluation = work.forward(options["iterations"] * work.data.samples)
    return evaluation | {
        "torch": 1,
        "step": steps,
        "weight": steps * (network.weights - network.large_weights),
        "large_weight": steps * network.large_weights,
        "dense": evaluation["dense"] + trained * network.dense,
        "trained_convolution": trained * network.convolution,
    }


def _modularity(work: Work) -> dict[str, float]:
    """So many starts in each layer, each over the pairs of vertices."""
    most = work.settings["graph"]["top_neurons"] * work.data.classes
    pairs = sum((VERTICES * min(width, most)) ** 2 for width in work.network.widths)
    return {"search": 1, "pair": work.iterations * work.settings["modularity"]["starts"] * pairs}


def _networks(work: Work) -> dict[str, float]:
    """A full job of networks, as those of the base run: trained to the cap, dumped and measured. An upper bound, since
    most stop at their loss before.
    """
    values = work.data.train * work.network.neurons
    counted = Counter(entropy=9 * values, dump=work.data.samples * work.network.neurons, graph=values)
    counted.update(_training(work))
    counted.update(_modularity(work))
    return {name: NETWORKS_PER_JOB * number for name, number in counted.items()} | {"torch": 1, "search": 1}


def _auxiliary(work: Work) -> dict[str, float]:
    """Steps of all networks of a seed: in each iteration one for every distinct choice of layers, and the control."""
    options, layers = work.settings["auxiliary"], len(work.network.widths)
    counts = {"all": layers, "last2": min(2, layers), "last1": 1}
    choices = {counts[choice] if isinstance(choice, str) else tuple(choice) for choice in options["layers"]}
    steps = work.settings["training"]["iterations"] * options["epochs"] * ceil(work.data.train / options["batch_size"])
    steps *= len(choices) + 1
    return {"torch": 1, "auxiliary": steps, "dense": steps * 3 * options["batch_size"] * 6 * work.data.classes**2}


def _correlation(work: Work, with_pixels: bool = True) -> float:
    """Products of all neurons and classes with one another, and with the pixels."""
    nodes = work.network.neurons + work.data.classes
    return work.data.test * nodes * (nodes + with_pixels * work.data.pixels)


def _silencing(work: Work) -> dict[str, float]:
    """Forward passes: for every share two measures, and three kinds of random choices, repeated."""
    options = work.settings["coactivation"]
    passes = 1 + len(options["silenced_shares"]) * (2 + 3 * options["silencing_repeats"])
    return {"torch": 1, "small": 1} | work.forward(passes * work.data.test)


def _conversion(work: Work) -> dict[str, float]:
    of_files = work.settings["source"] == "image_folder"
    return {"light": 1} | ({"image": work.data.samples} if of_files else {"byte": work.data.samples * work.data.pixels})


OPERATIONS = {
    "convert_dataset": _conversion,
    "train_model": _training,
    "dump_activations": lambda work: {"torch": 1, "dump": work.values()} | work.forward(work.dumped()),
    "build_graphs": lambda work: {"light": 1, "graph": work.values("train")},
    "measure_modularity": _modularity,
    "measure_entropy": lambda work: {"light": 1, "entropy": work.values("train")},
    # The whole panel takes about seven times as long as the entropy (measured on MNIST's two layers of 512).
    "measure_panel": lambda work: {"torch": 1, "entropy": 7 * work.values("train")},
    "measure_networks": _networks,
    "measure_patterns": lambda work: {"light": 1, "pattern": work.values()},
    "train_auxiliary": _auxiliary,
    "correlate_neurons": lambda work: {"search": 1, "dense": _correlation(work)},
    "measure_centrality": lambda work: {"small": 1},
    "activate_top_neurons": lambda work: {"torch": 1, "small": 1} | work.forward(work.data.test),
    "silence_neurons": _silencing,
    # For each seed over all test samples, and over both halves.
    "test_similarity": lambda work: {"small": 1, "dense": 2 * len(work.settings["seeds"]) * _correlation(work, False)},
}


def measure() -> tuple[float, float]:
    """Return the seconds of a multiply-add of a matrix product and of copying a byte (read and written), on one core."""
    left, right, block = torch.rand(1024, 784), torch.rand(784, 512), torch.rand(2**24)
    copy = torch.empty_like(block)
    with threadpool_limits(1):
        product, copied = (
            min(timeit.repeat(function, timer=time.process_time, number=10, repeat=5)) / 10
            for function in (lambda: left @ right, lambda: copy.copy_(block))
        )
    return product / (1024 * 784 * 512), copied / (8 * len(block))


def rates_here() -> tuple[dict[str, float], str]:
    """Return the seconds of every operation on this machine, and how they were found, in one line."""
    known, (product, copied) = json.loads(RATES.read_text(encoding="utf-8")), measure()
    slower, other = product / known["products"]["dense"], copied / known["copy"]
    rates = {name: rate * slower for name, rate in known["products"].items()}
    return rates | {name: rate * other for name, rate in known["others"].items()}, (
        f"Rates: those of {known['machine']}, products times {slower:.2f}, all others times {other:.2f}, by what is "
        f"measured here: {1e-9 / product:.0f} G multiply-adds and {1e-9 / copied:.0f} GB copied a second on one core"
    )


def job_seconds(rule: str, work: Work | None, rates: dict[str, float]) -> float | None:
    """Return the seconds of a job of `rule` on one core, None if unknown; `work` is that of its run or data set."""
    if rule in OPERATIONS:
        return work and sum(rates[name] * number for name, number in OPERATIONS[rule](work).items())
    return rates["small"] if rule.split("_")[0] in SMALL_WORK else None


def disk_bytes(rule: str, work: Work | None) -> int:
    """Return the bytes of the large files of a job: dumps, snapshots, patterns, converted images; 0 for all others."""
    if work is None:
        return 0
    data, network, settings = work.data, work.network, work.settings
    if rule == "dump_activations":  # the layers; C float32 probabilities, label and sample number in 8 bytes each
        stored = (network.neurons - network.maps) * STORED + network.maps * STORED_MAPS
        value = {"float32": 4, "float16": 2}[settings["dumps"]["dtype"]]
        return round(work.dumped() * (value * stored + 4 * data.classes + 16))
    if rule == "train_model":
        return 4 * network.kept * (settings["training"]["iterations"] + 1)
    if rule == "measure_patterns":  # outputs and scores of every choice per sample, and the test's likelihoods
        samples, test = work.dumped(), work.dumped("test")
        scores = samples + (samples + test) * len(settings["auxiliary"]["layers"])
        return 4 * data.classes * scores + 16 * samples + 8 * work.iterations * data.classes * network.neurons
    return data.samples * (data.pixels + 8) if rule == "convert_dataset" else 0
