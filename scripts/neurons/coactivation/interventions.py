"""Setting neurons by hand and running the network: activating a class's neurons (Figure 2), silencing central ones."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd
import torch
from torch import nn

from neurons.coactivation.graph import CoactivationGraph
from neurons.core.hdf5 import open_hdf5
from neurons.networks.device import pixels
from neurons.networks.setting import ChangedNetwork, fill, spatial_layers
from neurons.networks.snapshots import load_snapshot
from neurons.training.evaluation import EVALUATION_BLOCK, Split, evaluate, read_split

TOP_K_COLUMNS = ["k", "class", "name", "predicted", "predicted_name", "probability", "right"]
MEASURES = ("strength", "betweenness")  # columns of the table of centrality
SILENCING_COLUMNS = ["choice", "share", "neurons", "repeat", "accuracy", "accuracy_lost"]


def load(snapshot, data, settings: dict, device) -> tuple[nn.Module, Split]:
    """Return a snapshot's network in evaluation mode and the test samples, both on the device.

    `settings` are the run's; `model` and `labels` are used.
    """
    with open_hdf5(data) as file:
        model, state = load_snapshot(snapshot, file, settings, device)
        return model, read_split(file, "test", settings["labels"], state["seed"], device)


@torch.inference_mode()
def logits_of(model: nn.Module, test: Split, index: np.ndarray) -> np.ndarray:
    """Return the network's output before the softmax for the test samples numbered `index` (N,), (N, C) float32."""
    block = getattr(model, "block", EVALUATION_BLOCK)
    parts = torch.from_numpy(index).to(test.images.device).split(block)
    return torch.cat([model(pixels(test.images[part])) for part in parts]).float().cpu().numpy()


def layer_to_set(graph: CoactivationGraph, model: nn.Module, x: torch.Tensor) -> str:
    """Return the hidden layer whose neurons Figure 2 sets: the first dense one, or the last where all give maps.

    `x` are pixels (B, H, W[, 3]), on which the model is tried.
    """
    maps = spatial_layers(model, x)
    layers = list(dict.fromkeys(graph.layer[graph.hidden]))
    return next((layer for layer in layers if layer not in maps), layers[-1])


def rest_of_network(model: nn.Module, layer: str, x: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the network after a hidden layer: activations of that layer (B, n), or one value a map, to logits (B, C).

    The network runs on blank images of the shape of `x` (1, H, W[, 3]), whose activations in that layer are overwritten.
    Where a path leads around the layer, the blank image goes along it; a line on standard output says so.
    """

    def rest(values: torch.Tensor, background: float = 0.0) -> torch.Tensor:
        blank = torch.full((len(values), *x.shape[1:]), background, device=x.device)
        return ChangedNetwork(model, {layer: lambda output: fill(values, output)})(blank)

    with torch.inference_mode():
        values = torch.zeros(1, model.layer_widths()[layer], device=x.device)
        if not torch.allclose(rest(values), rest(values, 1.0), rtol=1e-4, atol=1e-4):
            print(f"paths lead around layer {layer}: what they carry is that of a blank image")
    return rest


def top_neurons(graph: CoactivationGraph, nodes: np.ndarray) -> list[np.ndarray]:
    """Return for each class the positions among `nodes` (n,) of live neurons, most correlated first (ties: lower)."""
    order = np.argsort(-graph.weights[nodes][:, ~graph.hidden], axis=0, kind="stable")
    live = graph.live[nodes]
    return [column[live[column]] for column in order.T]


def top_k_inputs(maximum: np.ndarray, ranked: list[np.ndarray], k: int) -> np.ndarray:
    """Return a layer's activations, one row a class: its `k` first neurons at their maximum, all others 0; (C, n)."""
    values = np.zeros((len(ranked), len(maximum)), np.float32)
    for row, order in zip(values, ranked):
        row[order[:k]] = maximum[order[:k]]
    return values


@torch.inference_mode()
def chances_by_k(
    maximum: np.ndarray, ranked: list[np.ndarray], rest: Callable, top_k: int, device
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield k = 1 .. top_k (at most all neurons) with the probabilities (C, C): row c, class c's k first neurons active."""
    counts = range(1, min(top_k, len(maximum)) + 1)
    values = torch.from_numpy(np.concatenate([top_k_inputs(maximum, ranked, k) for k in counts])).to(device)
    chances = torch.cat([rest(block).softmax(1) for block in values.split(EVALUATION_BLOCK)])
    yield from zip(counts, chances.cpu().numpy().reshape(len(counts), len(ranked), -1))


def share_by_k(chances: Iterable[tuple[int, np.ndarray]]) -> np.ndarray:
    """Return the share of classes predicted for each k, (K,)."""
    return np.array([(of_k.argmax(axis=1) == np.arange(len(of_k))).mean() for _, of_k in chances])


def predictions_by_k(
    graph: CoactivationGraph, layer: str, rest: Callable, top_k: int, device
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Activate each class's k most correlated neurons of a layer and run the rest of the network, k = 1 .. top_k.

    Returns a row for each k and class (what was predicted, and its probability), and a row for each k: how many
    classes are right, and whether this is the smallest k at which every class is.
    """
    nodes = np.flatnonzero(graph.layer == layer)
    ranked, maximum, n_classes = top_neurons(graph, nodes), graph.maximum[nodes], len(graph.classes)
    rows, shares = [], []
    for k, chances in chances_by_k(maximum, ranked, rest, top_k, device):
        predicted = chances.argmax(axis=1)
        for c, (name, best) in enumerate(zip(graph.classes, predicted)):
            rows.append((k, c, name, best, graph.classes[best], chances[c, best], int(best == c)))
        right = int((predicted == np.arange(n_classes)).sum())
        shares.append((k, right, right / n_classes, int(right == n_classes)))
    summary = pd.DataFrame(shares, columns=["k", "classes_right", "share_right", "all_right"])
    summary["smallest"] = (summary["all_right"].cumsum() == 1).astype(int) * summary["all_right"]
    summary.insert(0, "layer", layer)
    return pd.DataFrame(rows, columns=TOP_K_COLUMNS), summary


def silenced_accuracy(model: nn.Module, test: Split, neurons: list[tuple[str, int]]) -> float:
    """Return the test accuracy with some hidden neurons, (layer, number) each, held at 0: a filter all over its map."""
    widths, kept = model.layer_widths(), {}
    for layer, number in neurons:
        kept.setdefault(layer, torch.ones(1, widths[layer], device=test.images.device))[0, number] = 0
    changes = {layer: lambda output, on=on: output * fill(on, output) for layer, on in kept.items()}
    return evaluate(ChangedNetwork(model, changes), test)[1].double().mean().item()


def random_like(layers: np.ndarray, chosen: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return random rows of `layers` (H,) with as many in each layer as `chosen` has, ascending."""
    picked = []
    for layer in dict.fromkeys(layers):
        rows = np.flatnonzero(layers == layer)
        picked.append(generator.choice(rows, int((layers[chosen] == layer).sum()), replace=False))
    return np.sort(np.concatenate(picked))


def silencing_table(
    centrality: pd.DataFrame, measures: tuple, shares: list[float], repeats: int, accuracy
) -> pd.DataFrame:
    """Return the accuracy lost when the most central hidden neurons are silenced, and when random ones are.

    Parameters
    ----------
    centrality : a row for each hidden neuron: layer, neuron, live and the `measures`. Only live ones are chosen: to
        silence a neuron that never varies costs little, and random choices would look harmless by it.
    shares : shares of the live hidden neurons to silence.
    repeats : random choices per share: anywhere (`random`), and with as many in each layer as the most central have
        (`random_like_{measure}`), since a layer's place in the network matters by itself.
    accuracy : function of a list of (layer, number) that returns the accuracy without them.
    """
    centrality = centrality[centrality["live"] == 1]
    layers, numbers = centrality["layer"].to_numpy(), centrality["neuron"].to_numpy()
    if not len(layers):
        print("no hidden neuron varies: there is none to silence, and the table has no row")
        return pd.DataFrame(columns=SILENCING_COLUMNS)
    base = accuracy([])
    rows = []

    def measure(choice: str, share: float, repeat: int, chosen: np.ndarray) -> None:
        value = accuracy([(layers[row], int(numbers[row])) for row in chosen])
        rows.append((choice, share, len(chosen), repeat, value, base - value))

    for share in shares:
        count = max(1, round(share * len(layers)))
        for number, name in enumerate(measures, start=1):
            central = np.argsort(-centrality[name].to_numpy(), kind="stable")[:count]
            measure(name, share, 0, central)
            for repeat in range(repeats):
                alike = random_like(layers, central, np.random.default_rng([repeat, count, number]))
                measure(f"random_like_{name}", share, repeat, alike)
        for repeat in range(repeats):
            anywhere = np.random.default_rng([repeat, count]).choice(len(layers), count, replace=False)
            measure("random", share, repeat, np.sort(anywhere))
        print(f"silenced {share:.0%} of the live hidden neurons ({count})")
    return pd.DataFrame(rows, columns=SILENCING_COLUMNS)
