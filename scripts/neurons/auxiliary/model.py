"""The auxiliary model of "Leveraging Neuron Activation Patterns": a small network on top of a trained classifier.

Its inputs are Y_predicted and Y_proposed (2C values, standardised with the training split's statistics), its one
hidden layer has 2C ReLU units, its output is a softmax over the C classes. It is trained on the training split only.
The control is the same network fed Y_predicted twice: what it gains, it gains without the activations.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from neurons.auxiliary.probabilities import METHODS, Patterns, SplitPatterns, proposed, read_patterns
from neurons.core.errors import InputError
from neurons.core.files import write_csv
from neurons.core.seeds import epoch_seed
from neurons.networks.snapshots import save

COLUMNS = ("layers", "method", "split", "accuracy")
CONTROL = "control"  # its key among a run's models; it has no layers
# Networks trained side by side. Measured on one core of a busy machine, batches of 128 and 10 classes: 1.6 ms a step
# for 4 networks, 3.0 for 12, 14.6 for 60; from a dozen on nothing more is saved, and memory grows.
GROUP = 12
EVALUATION_BLOCK = 8192
WEIGHTS = ("hidden_weight", "hidden_bias", "output_weight", "output_bias")


@dataclass(frozen=True)
class Networks:
    """M auxiliary networks side by side.

    `weights`: hidden_weight (M, 2C, 2C), hidden_bias (M, 1, 2C), output_weight (M, 2C, C), output_bias (M, 1, C);
    inputs stand on the left (x @ W + b). `mean` and `sd` (M, 2C) standardise the inputs.
    """

    weights: dict[str, torch.Tensor]
    mean: torch.Tensor
    sd: torch.Tensor

    def one(self, m: int) -> dict[str, torch.Tensor]:
        """Return network m alone, a dict of tensors on the CPU without the leading axis."""
        tensors = {**self.weights, "mean": self.mean, "sd": self.sd}
        return {name: tensor[m].detach().cpu().clone() for name, tensor in tensors.items()}


def initial_weights(n_classes: int, networks: int, seed: int) -> dict[str, torch.Tensor]:
    """Return Glorot-uniform weights and zero biases; all networks start from the same ones, so that they compare."""
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, outputs in (("hidden", 2 * n_classes), ("output", n_classes)):
        weight = torch.empty(2 * n_classes, outputs)
        torch.nn.init.xavier_uniform_(weight, generator=generator)
        weights[f"{name}_weight"] = weight.repeat(networks, 1, 1)
        weights[f"{name}_bias"] = torch.zeros(networks, 1, outputs)
    return weights


def forward(weights: dict[str, torch.Tensor], x: torch.Tensor, keep: torch.Tensor | None = None) -> torch.Tensor:
    """Return the logits (M, B, C) of standardised inputs (M, B, 2C); `keep` (B, 2C) scales hidden units (dropout)."""
    hidden = torch.relu(torch.baddbmm(weights["hidden_bias"], x, weights["hidden_weight"]))
    if keep is not None:
        hidden = hidden * keep
    return torch.baddbmm(weights["output_bias"], hidden, weights["output_weight"])


def train_networks(inputs: np.ndarray, labels: np.ndarray, options: dict, seed: int, device) -> Networks:
    """Train one network per set of inputs, side by side.

    No network sees another: each has its own loss, and Adam works weight by weight, so the result of a network does
    not depend on its neighbours (beyond rounding). Order of samples and dropout depend on `seed` and epoch alone.

    Parameters
    ----------
    inputs : (N, M, 2C) float32, [Y_predicted, second input] of the training split per network.
    labels : (M, N) classes.
    options : `epochs`, `batch_size`, `learning_rate` and `dropout`.

    Raises
    ------
    InputError
        If the loss stops being finite.
    """
    n_samples, networks, width = inputs.shape
    mean, sd = inputs.mean(axis=0, dtype=np.float64), inputs.std(axis=0, dtype=np.float64)
    # A constant input carries nothing; below float32's resolution its spread is rounding.
    sd[sd <= 1e-7 * np.maximum(np.abs(mean), 1e-30)] = 1.0
    mean, sd = (torch.from_numpy(values.astype(np.float32)).to(device) for values in (mean, sd))
    data = torch.from_numpy(inputs).to(device).sub(mean).div_(sd)
    target = torch.from_numpy(np.ascontiguousarray(labels.T)).to(device)
    weights = {name: w.to(device).requires_grad_() for name, w in initial_weights(width // 2, networks, seed).items()}
    optimizer = torch.optim.Adam(weights.values(), lr=options["learning_rate"], eps=1e-7, fused=True)
    rate = options["dropout"]
    for epoch in range(1, options["epochs"] + 1):
        generator = torch.Generator().manual_seed(epoch_seed(seed, epoch))
        for rows in torch.randperm(n_samples, generator=generator).split(options["batch_size"]):
            keep = None
            if rate > 0:
                keep = (torch.rand(len(rows), width, generator=generator) >= rate).float().div_(1 - rate).to(device)
            rows = rows.to(device)
            logits = forward(weights, data[rows].transpose(0, 1), keep)
            # The sum over networks of each one's mean: no gradient depends on how many there are.
            loss = cross_entropy(logits.permute(1, 2, 0), target[rows], reduction="sum") / len(rows)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        if not torch.isfinite(loss):
            raise InputError(
                f"the loss of the auxiliary model is {loss.item()} in epoch {epoch}; lower auxiliary.learning_rate"
            )
    return Networks({name: weight.detach() for name, weight in weights.items()}, mean, sd)


@torch.inference_mode()
def predict(network: dict[str, torch.Tensor], inputs: np.ndarray | torch.Tensor) -> torch.Tensor:
    """Return the class probabilities (N, C) that one network (see `Networks.one`) gives inputs (N, 2C)."""
    weights = {name: network[name].unsqueeze(0) for name in WEIGHTS}
    rows = torch.as_tensor(inputs)
    blocks = [
        forward(weights, ((block - network["mean"]) / network["sd"]).unsqueeze(0))[0].softmax(1)
        for block in rows.split(EVALUATION_BLOCK)
    ]
    return torch.cat(blocks)


def network_inputs(split: SplitPatterns, choice: str) -> np.ndarray:
    """Return the inputs (N, 2C) float32 of the auxiliary model of a layer choice, or of the control."""
    second = split.predicted if choice == CONTROL else proposed(split.agreement[choice], split.predicted)
    return np.concatenate([split.predicted, second], axis=1).astype(np.float32)


def method_rows(patterns: Patterns, networks: dict[str, dict]) -> list[tuple]:
    """Return the accuracies of the five methods of one iteration, a row (`COLUMNS`) each.

    `base`: argmax of Y_predicted; `pattern`: of P U*; `proposed`: of Y_proposed; `auxiliary` and `control`: of their
    network's output. Base and control know no layers and are repeated for every layer choice.
    """
    rows = []
    for split, data in patterns.splits.items():
        control = predict(networks[CONTROL], network_inputs(data, CONTROL)).numpy()
        for choice, agreement in data.agreement.items():
            scores = {
                "base": data.predicted,
                "pattern": agreement,
                "proposed": proposed(agreement, data.predicted),
                "auxiliary": predict(networks[choice], network_inputs(data, choice)).numpy(),
                "control": control,
            }
            for method in METHODS:
                hits = scores[method].argmax(axis=1) == data.labels
                rows.append((choice, method, split, float(hits.mean())))
    order = list(networks)
    return sorted(rows, key=lambda row: order.index(row[0]))


def _distinct(patterns: Patterns) -> dict[str, str]:
    """Return, for every choice and the control, the choice whose network it shares: one with the very same layers."""
    first = {}
    shared = {choice: first.setdefault(tuple(layers), choice) for choice, layers in patterns.layers.items()}
    return {**shared, CONTROL: CONTROL}


def train_iterations(patterns: list[Patterns], options: dict, seed: int, device) -> list[dict[str, dict]]:
    """Return, per iteration, the networks of every layer choice and of the control, by choice.

    Raises
    ------
    InputError
        If the iterations do not hold the same samples.
    """
    shared = _distinct(patterns[0])
    choices = list(dict.fromkeys(shared.values()))
    train = [p.splits["train"] for p in patterns]
    if not all(np.array_equal(split.labels, train[0].labels) for split in train):
        raise InputError("the dumps of a run must hold the same samples at every iteration")
    inputs = np.stack([network_inputs(split, choice) for split in train for choice in choices], axis=1)
    labels = np.stack([split.labels for split in train for _ in choices])
    trained = train_networks(inputs, labels, options, seed, device)
    each = len(choices)
    return [
        {choice: trained.one(i * each + choices.index(owner)) for choice, owner in shared.items()}
        for i in range(len(patterns))
    ]


def write_auxiliary(paths: list, options: dict, seed: int, tables: list, models, device) -> None:
    """Train the auxiliary models of all iterations of a seed and write their accuracies, a CSV an iteration.

    Parameters
    ----------
    paths, tables : the pattern files and the CSVs to write, in the order of the iterations.
    models : path of the trained networks, by iteration (two digits) and layer choice; loadable with weights_only.
    """
    networks = {}
    step = max(1, GROUP // len(set(_distinct(read_patterns(paths[0])).values())))
    for start in tqdm(range(0, len(paths), step), unit="group", desc="auxiliary models"):
        patterns = [read_patterns(path) for path in paths[start : start + step]]
        trained = train_iterations(patterns, options, seed, device)
        for of_iteration, by_choice, table in zip(patterns, trained, tables[start : start + step]):
            networks[f"{of_iteration.iteration:02d}"] = by_choice
            write_csv(table, COLUMNS, method_rows(of_iteration, by_choice))
    save(networks, models)
