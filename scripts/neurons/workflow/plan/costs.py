"""What a job costs, from the configuration alone: operations, which rates turn into seconds on one core, and bytes.

Counted is what bounds a step (benchmarks/README.md): multiply-adds of the network and passes over its weights in
training, values of a dump (a sample's output of one neuron) where one is written or read, pairs of vertices in the search
for communities.
"""

import re
from dataclasses import dataclass
from math import ceil

from neurons.data.size import Data
from neurons.workflow.plan.network import Network
from neurons.workflow.sweep import NETWORKS_PER_JOB

# First words of rules whose jobs are small whatever the run: a table, a figure, an export, a page, a link to a file.
SMALL_WORK = ("assemble", "compare", "correlate", "draw", "export", "fetch", "import", "lay", "preview", "repeat")
SMALL_WORK += ("rank", "stack", "summarise", "tabulate", "write")
VERTICES = 0.55  # vertices of a graph, of those that no two classes would share: MNIST's
STORED = 0.22  # bytes of a dump's dense layers on the disk, of those in memory: MNIST's mean over twenty iterations
STORED_MAPS = 0.89  # the same for filters averaged over space, which are seldom zero


@dataclass(frozen=True)
class Work:
    """What a job works on: the resolved settings of its run or data set, the sizes of its data and its network, and the
    iterations that it dumps or measures.
    """

    settings: dict
    data: Data
    network: Network | None = None
    iterations: int = 1


STOPPED = 0.25  # of the cap's epochs, a training with `stop_at_loss`: 144 networks of Fashion-MNIST took 9.9 of 40


def _forward(work: Work, samples: int) -> dict[str, float]:
    return {"dense": samples * work.network.dense, "convolution": samples * work.network.convolution}


def _dumped(work: Work, samples: int) -> int:
    """Of so many samples of a split, those that a dump holds."""
    per_class = work.settings["dumps"].get("samples_per_class")
    return samples if per_class is None else min(samples, per_class * work.data.classes)


def _both(work: Work) -> int:
    return _dumped(work, work.data.train) + _dumped(work, work.data.test)


def _values(work: Work, samples: int) -> int:
    """Values of so many samples in a job's dumps."""
    return work.iterations * samples * work.network.neurons


def _training(work: Work) -> dict[str, float]:
    """Three forward passes' products in an epoch (forward, gradients of inputs and weights), a pass over the weights in
    each step, and after each iteration an evaluation of both splits.
    """
    network, options = work.network, work.settings["training"]
    epochs = options["iterations"] * options["epochs_per_iteration"]
    if options.get("stop_at_loss") is not None:
        epochs *= STOPPED
    steps, trained = epochs * ceil(work.data.train / options["batch_size"]), 3 * epochs * work.data.train
    evaluation = _forward(work, options["iterations"] * work.data.samples)
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


def _auxiliary(work: Work) -> dict[str, float]:
    """Steps of all networks of a seed: in each iteration one for every distinct choice of layers, and the control."""
    options, layers = work.settings["auxiliary"], len(work.network.widths)
    counts = {"all": layers, "last2": min(2, layers), "last1": 1}
    choices = {counts[choice] if isinstance(choice, str) else tuple(choice) for choice in options["layers"]}
    batches = (
        work.settings["training"]["iterations"] * options["epochs"] * ceil(work.data.train / options["batch_size"])
    )
    steps = (len(choices) + 1) * batches
    return {"torch": 1, "auxiliary": steps, "dense": steps * 3 * options["batch_size"] * 6 * work.data.classes**2}


def _correlation(work: Work) -> dict[str, float]:
    """Products of all neurons with all neurons and pixels."""
    nodes = work.network.neurons + work.data.classes
    return {"search": 1, "dense": work.data.test * nodes * (nodes + work.data.pixels)}


def _silencing(work: Work) -> dict[str, float]:
    """Forward passes: for every share two measures, and three kinds of random choices, repeated."""
    options = work.settings["coactivation"]
    passes = 1 + len(options["silenced_shares"]) * (2 + 3 * options["silencing_repeats"])
    return {"torch": 1, "small": 1} | _forward(work, passes * work.data.test)


def _networks(work: Work) -> dict[str, float]:
    """A full job of networks, as those of the base run: trained to the cap, dumped and measured. An upper bound, since
    most stop at their loss before.
    """
    counted = {"entropy": 9 * work.data.train * work.network.neurons, "dump": work.data.samples * work.network.neurons}
    counted |= {"graph": work.data.train * work.network.neurons}
    for some in (_training(work), _modularity(work)):
        counted |= {name: counted.get(name, 0) + number for name, number in some.items()}
    return {name: NETWORKS_PER_JOB * number for name, number in counted.items()} | {"torch": 1, "search": 1}


def _conversion(work: Work) -> dict[str, float]:
    files, samples = work.settings["source"] == "image_folder", work.data.samples
    return {"light": 1, "image": samples} if files else {"light": 1, "byte": samples * work.data.pixels}


OPERATIONS = {
    "convert_dataset": _conversion,
    "train_model": _training,
    "dump_activations": lambda work: (
        {"torch": 1, "dump": _values(work, _both(work))} | _forward(work, work.iterations * _both(work))
    ),
    "build_graphs": lambda work: {"light": 1, "graph": _values(work, _dumped(work, work.data.train))},
    "measure_modularity": _modularity,
    "measure_entropy": lambda work: {"light": 1, "entropy": _values(work, _dumped(work, work.data.train))},
    # The whole panel takes about seven times as long as the entropy (measured on MNIST's two layers of 512).
    "measure_panel": lambda work: {"torch": 1, "entropy": 7 * _values(work, _dumped(work, work.data.train))},
    "measure_networks": _networks,
    "measure_patterns": lambda work: {"light": 1, "pattern": _values(work, _both(work))},
    "train_auxiliary": _auxiliary,
    "correlate_neurons": _correlation,
    "measure_centrality": lambda work: {"small": 1},
    "activate_top_neurons": lambda work: {"torch": 1, "small": 1} | _forward(work, work.data.test),
    "silence_neurons": _silencing,
    # For each seed the correlations of neurons and classes over all test samples and over both halves.
    "test_similarity": lambda work: {
        "small": 1,
        "dense": 2 * len(work.settings["seeds"]) * work.data.test * (work.network.neurons + work.data.classes) ** 2,
    },
}


def stage(rule: str) -> str:
    """Return a rule's name without the numbers of iterations that some carry."""
    return re.sub(r"(_\d+)+$", "", rule)


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
        return round(work.iterations * _both(work) * (value * stored + 4 * data.classes + 16))
    if rule == "train_model":
        return 4 * network.kept * (settings["training"]["iterations"] + 1)
    if rule == "measure_patterns":  # outputs and scores of every choice per sample, and the test's likelihoods
        samples, test = _both(work), _dumped(work, data.test)
        scores = samples + (samples + test) * len(settings["auxiliary"]["layers"])
        return work.iterations * (4 * data.classes * scores + 16 * samples + 8 * data.classes * network.neurons)
    return data.samples * (data.pixels + 8) if rule == "convert_dataset" else 0
