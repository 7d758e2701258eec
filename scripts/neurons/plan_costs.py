"""What a job costs, from the configuration alone: seconds on one core, bytes on the disk.

The model counts the operations that bound a step (benchmarks/README.md): multiply-adds of the network and passes over its
weights in training, values of a dump (a sample's output of one neuron) in the steps that make or read one, pairs of
vertices in the search for communities. `RATES` turns counts into seconds; they were measured on one core of the machine
that benchmarks/README.md names, by `benchmarks/rates.py`.
"""

import re
from dataclasses import dataclass
from math import ceil

from neurons.plan_data import Data
from neurons.plan_network import Network

# Multiply-adds a second; all others are seconds.
RATES = {
    "dense": 8.7e10,
    "convolution": 1.5e10,  # forward, in blocks
    "trained_convolution": 4.2e10,  # forward and backward, in batches
    "step": 4.2e-4,  # a training step of a network of next to no size
    "weight": 1.1e-9,  # a step's pass over one weight: its gradient and Adam's averages
    "large_weight": 3.4e-9,  # the same in a tensor of more than 32 MiB
    "dump": 1.6e-8,  # a value
    "graph": 1.0e-8,
    "entropy": 1.4e-8,
    "pattern": 1.2e-8,
    "pair": 5.5e-7,  # a pair of vertices and a start
    "auxiliary": 6.7e-5,  # a step of one auxiliary network
    "byte": 1e-8,  # of a converted data set
    "image": 1e-3,  # read from a file of its own
}
TORCH, LIGHT, SEARCH, DRAWING = 1.6, 0.15, 0.6, 1.0  # seconds of a job's imports; a drawing's first figure with them
VERTICES = 0.55  # vertices of a graph, of those that no two classes would share: MNIST's
STORED = 0.22  # bytes of a dump's dense layers on the disk, of those in memory: MNIST's mean over twenty iterations
STORED_MAPS = 0.89  # the same for filters averaged over space, which are seldom zero
ADAM_STATE = 3  # weights and two averages of each, in the state that an unfinished training keeps


@dataclass(frozen=True)
class Work:
    """What a run's jobs work on: its resolved settings, the size of its data set and of its network."""

    settings: dict
    data: Data
    network: Network

    @property
    def values(self) -> int:
        """Values of one dump, both splits."""
        return self.data.samples * self.network.neurons

    @property
    def trained_values(self) -> int:
        """Values of one dump, the training split."""
        return self.data.train * self.network.neurons


def forward_seconds(network: Network, samples: int) -> float:
    """Return the seconds of a forward pass in blocks."""
    return samples * (network.dense / RATES["dense"] + network.convolution / RATES["convolution"])


def training_seconds(work: Work) -> float:
    """Return the seconds of a whole training: its epochs, and after each iteration an evaluation of both splits.

    An epoch takes three forward passes' products (forward, and the gradients of inputs and weights) and a pass over the
    weights in each step.
    """
    network, options = work.network, work.settings["training"]
    steps = ceil(work.data.train / options["batch_size"])
    products = 3 * work.data.train
    small = network.weights - network.large_weights
    epoch = products * (network.dense / RATES["dense"] + network.convolution / RATES["trained_convolution"]) + steps * (
        RATES["step"] + small * RATES["weight"] + network.large_weights * RATES["large_weight"]
    )
    evaluation = forward_seconds(network, work.data.samples)
    return TORCH + options["iterations"] * (options["epochs_per_iteration"] * epoch + evaluation)


def dump_seconds(work: Work) -> float:
    """Return the seconds of one dump: a forward pass of all samples, and the compression of every value."""
    return TORCH + forward_seconds(work.network, work.data.samples) + work.values * RATES["dump"]


def modularity_seconds(work: Work) -> float:
    """Return the seconds of all layers' searches for communities: so many starts, each over the pairs of vertices."""
    most = work.settings["graph"]["top_neurons"] * work.data.classes
    pairs = sum((VERTICES * min(width, most)) ** 2 for width in work.network.widths)
    return SEARCH + work.settings["modularity"]["starts"] * pairs * RATES["pair"]


def auxiliary_networks(work: Work) -> int:
    """Return the auxiliary networks of one iteration: one for each distinct layer choice, and the control."""
    layers = len(work.network.widths)
    named = {"all": layers, "last2": min(2, layers), "last1": 1}
    choices = work.settings["auxiliary"]["layers"]
    return len({named[choice] if isinstance(choice, str) else tuple(choice) for choice in choices}) + 1


def auxiliary_seconds(work: Work) -> float:
    """Return the seconds of training all auxiliary networks of one seed."""
    options, classes = work.settings["auxiliary"], work.data.classes
    steps = options["epochs"] * ceil(work.data.train / options["batch_size"])
    step = RATES["auxiliary"] + 3 * options["batch_size"] * 6 * classes**2 / RATES["dense"]
    return TORCH + work.settings["training"]["iterations"] * auxiliary_networks(work) * steps * step


def correlation_seconds(work: Work) -> float:
    """Return the seconds of a co-activation graph: products of all neurons with all neurons and pixels."""
    nodes = work.network.neurons + work.data.classes
    return SEARCH + work.data.test * nodes * (nodes + work.data.pixels) / RATES["dense"]


def silencing_seconds(work: Work) -> float:
    """Return the seconds of silencing: for every share two measures, and three kinds of random choices, repeated."""
    options = work.settings["coactivation"]
    passes = 1 + len(options["silenced_shares"]) * (2 + 3 * options["silencing_repeats"])
    return TORCH + DRAWING + passes * forward_seconds(work.network, work.data.test)


# A rule's seconds; a rule that is not here makes a table, a figure or an export.
COSTS = {
    "train_model": training_seconds,
    "dump_activations": dump_seconds,
    "build_graphs": lambda work: LIGHT + work.trained_values * RATES["graph"],
    "measure_modularity": modularity_seconds,
    "measure_entropy": lambda work: LIGHT + work.trained_values * RATES["entropy"],
    "measure_patterns": lambda work: LIGHT + work.values * RATES["pattern"],
    "train_auxiliary": auxiliary_seconds,
    "correlate_neurons": correlation_seconds,
    "silence_neurons": silencing_seconds,
}


def stage(rule: str) -> str:
    """Return a rule's name without the number of iterations that some carry."""
    return re.sub(r"_\d+$", "", rule)


def job_seconds(rule: str, work: Work | None) -> float:
    """Return the seconds of a job of `rule` on one core; `work` is its run's, None where it has none."""
    cost = COSTS.get(stage(rule))
    return cost(work) if cost and work else DRAWING


def conversion_seconds(data: Data, files: bool) -> float:
    """Return the seconds of converting a data set, read from one file per image or not."""
    return LIGHT + data.samples * (RATES["image"] if files else data.pixels * RATES["byte"])


def dump_bytes(work: Work) -> tuple[int, int]:
    """Return the bytes of one dump: as stored, by MNIST's share, and before compression, which it cannot exceed.

    The latter is exact: a value each sample and neuron, C float32 probabilities, and label and sample number in 8 bytes.
    """
    size = {"float32": 4, "float16": 2}[work.settings["dumps"]["dtype"]]
    network, samples = work.network, work.data.samples
    rest = samples * (4 * work.data.classes + 16)
    layers = size * samples * ((network.neurons - network.maps) * STORED + network.maps * STORED_MAPS)
    return round(layers) + rest, size * work.values + rest


def snapshot_bytes(work: Work) -> tuple[int, int]:
    """Return the bytes of a training's snapshots (with that of the initial weights), and of its state meanwhile."""
    return 4 * work.network.kept * (work.settings["training"]["iterations"] + 1), 4 * ADAM_STATE * work.network.weights


def pattern_bytes(work: Work) -> int:
    """Return the bytes of one pattern file: outputs and scores of every choice per sample, and the test's likelihoods."""
    data, choices = work.data, len(work.settings["auxiliary"]["layers"])
    scores = data.samples * (1 + choices) + data.test * choices
    return 4 * data.classes * scores + 16 * data.samples + 8 * data.classes * work.network.neurons


def data_bytes(data: Data) -> int:
    """Return the bytes of a converted data set."""
    return data.samples * (data.pixels + 8)
