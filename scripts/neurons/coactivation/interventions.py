"""Setting neurons by hand and running the network: activating a class's neurons (Figure 2), silencing central ones."""

import numpy as np
import pandas as pd
import torch
from torch import nn

from neurons.coactivation.graph import CoactivationGraph
from neurons.core.errors import InputError
from neurons.core.hdf5 import open_hdf5
from neurons.networks.snapshots import load_snapshot
from neurons.training.evaluation import Split, evaluate, read_split

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


def modules_of_layers(model: nn.Module) -> dict[str, nn.Module]:
    """Return the convolution or linear map before each hidden ReLU, by layer name in order.

    Raises
    ------
    InputError
        If the model is not built of `model.filters` and `model.hidden`.
    """
    head = getattr(model, "head", model)
    if not isinstance(getattr(head, "hidden", None), nn.ModuleList):
        raise InputError("neurons can be set by hand in models of model.filters and model.hidden only")
    return dict(zip(model.layer_widths(), [*getattr(model, "convolutions", []), *head.hidden]))


def rest_of_network(model: nn.Module) -> nn.Module:
    """Return the network after its first dense hidden layer: activations (B, n) of that layer to logits (B, C)."""
    modules_of_layers(model)
    head = getattr(model, "head", model)
    steps = [step for layer in head.hidden[1:] for step in (layer, nn.ReLU())]
    return nn.Sequential(*steps, head.output).eval()


def first_dense(graph: CoactivationGraph) -> np.ndarray:
    """Return the nodes of the first dense hidden layer, (n,).

    Raises
    ------
    InputError
        If there is none.
    """
    units = graph.kind == "unit"
    if not units.any():
        raise InputError("no dense hidden layer, so no top-k neurons to activate")
    return np.flatnonzero(graph.layer == graph.layer[units][0])


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
def predictions_by_k(
    graph: CoactivationGraph, rest: nn.Module, top_k: int, device
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Activate each class's k most correlated neurons of the first dense layer and run the rest, k = 1 .. top_k.

    Returns a row for each k and class (what was predicted, and its probability), and a row for each k: how many
    classes are right, and whether this is the smallest k at which every class is.
    """
    nodes = first_dense(graph)
    ranked, maximum, n_classes = top_neurons(graph, nodes), graph.maximum[nodes], len(graph.classes)
    rows, shares = [], []
    for k in range(1, min(top_k, len(nodes)) + 1):
        values = torch.from_numpy(top_k_inputs(maximum, ranked, k)).to(device)
        chances = rest(values).softmax(1).cpu().numpy()
        predicted = chances.argmax(axis=1)
        for c, (name, best) in enumerate(zip(graph.classes, predicted)):
            rows.append((k, c, name, best, graph.classes[best], chances[c, best], int(best == c)))
        right = int((predicted == np.arange(n_classes)).sum())
        shares.append((k, right, right / n_classes, int(right == n_classes)))
    summary = pd.DataFrame(shares, columns=["k", "classes_right", "share_right", "all_right"])
    summary["smallest"] = (summary["all_right"].cumsum() == 1).astype(int) * summary["all_right"]
    summary.insert(0, "layer", graph.layer[nodes[0]])
    return pd.DataFrame(rows, columns=TOP_K_COLUMNS), summary


@torch.inference_mode()
def silenced_accuracy(model: nn.Module, test: Split, neurons: list[tuple[str, int]]) -> float:
    """Return the test accuracy with some hidden neurons, (layer, number) each, held at 0; the model is put back.

    A neuron whose incoming weights and bias are 0 gives 0 after its ReLU, whatever the input; a filter does so all
    over its map.
    """
    modules, saved = modules_of_layers(model), {}
    for layer in {layer for layer, _ in neurons}:
        module, chosen = modules[layer], [number for name, number in neurons if name == layer]
        saved[layer] = module.weight.clone(), module.bias.clone()
        module.weight[chosen] = 0
        module.bias[chosen] = 0
    try:
        return evaluate(model, test)[1].double().mean().item()
    finally:
        for layer, (weight, bias) in saved.items():
            modules[layer].weight.copy_(weight)
            modules[layer].bias.copy_(bias)


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
