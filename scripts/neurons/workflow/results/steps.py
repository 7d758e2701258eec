"""What all studies are made from. Nothing here is asked for by itself, but for the reproduction page on request."""

from neurons.training.history import CLASS_ACCURACY, HISTORY
from neurons.workflow.results.record import Result

_SEED = "{run}/seed-{seed}"


def _step(path: str, number: str, title: str, columns: tuple[str, ...] = ()) -> Result:
    return Result(path, number, title, columns, asked=False, on_page=False)


RESULTS = [
    _step(
        "data/{dataset}.h5",
        "Data",
        "`train` and `test`, each `images` uint8 (N, H, W[, 3]) and `labels`; attribute classes",
    ),
    _step("data/{dataset}.json", "Data", "the raw files that a data set came from, with their checksums"),
    _step(
        f"{_SEED}/snapshots/{{iteration}}.pt",
        "Snapshots",
        "weights and metadata, for `torch.load(..., weights_only=True)`; 00 = initial weights",
    ),
    _step(f"{_SEED}/history.csv", "History", "accuracies and losses", HISTORY),
    _step(f"{_SEED}/class_accuracy.csv", "History", "accuracies by class", CLASS_ACCURACY),
    _step(
        f"{_SEED}/activations/{{iteration}}.h5",
        "Dump",
        "[every hidden ReLU's output](docs/dumps.md) for every sample, rows sorted by class",
    ),
    _step(
        f"{_SEED}/graphs/{{iteration}}.h5",
        "Pattern graphs",
        "a group per layer: `adjacency` (V, V), `neurons` (V,), `membership` and `mean_activation` (C, V); attribute samples",
    ),
    _step(
        f"{_SEED}/modularity/{{iteration}}.csv",
        "Modularity",
        "community measures by layer, and the samples that they rest on",
        ("layer", "metric", "value", "sd"),
    ),
    _step(
        f"{_SEED}/entropy/{{iteration}}.csv",
        "Entropy",
        "entropy by layer and class (`all`, or a class number)",
        ("layer", "class", "entropy_bits", "neurons", "live_neurons", "samples"),
    ),
    _step(
        f"{_SEED}/patterns/{{iteration}}.h5",
        "Patterns",
        "activation probabilities P by layer, and every sample's P U* and log-likelihood",
    ),
    _step(
        f"{_SEED}/auxiliary/{{iteration}}.csv",
        "Accuracies",
        "five methods by layer choice and split",
        ("layers", "method", "split", "accuracy"),
    ),
    _step(f"{_SEED}/auxiliary/models.pt", "Models", "the trained auxiliary models of all iterations"),
    _step(
        f"{_SEED}/measures/{{iteration}}.csv",
        "Measures",
        "the panel of neuron statistics by layer (or `all`, the network)",
        ("layer", "measure", "value", "samples"),
    ),
    _step(
        "{run}/{trials}/{part}.csv",
        "Networks",
        "the networks of a sweep's `grid` or `intervene`, twelve a file: how they end, and every measure of them",
        (
            *("*", "seed", "epoch", "train_accuracy", "test_accuracy", "train_loss", "reached"),
            *("layer", "measure", "value"),
        ),
    ),
    _step(
        "paper/reproduction.md",
        "Reproduction",
        "on request: every table of the papers beside ours, a verdict on each claim",
    ),
]
