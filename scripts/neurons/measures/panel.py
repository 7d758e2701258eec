"""The panel: every measure by name. A new one is a function and a line here.

What a measure's function is called with follows from its `inputs`; options of the config come as keywords.

dump      a `Layer`, once per layer
graph     an `ActivationGraph` and the `Layer` it is of, once per layer
network   a `network.Network`, the snapshot on its training images
snapshot  the weights and the initial weights, arrays by parameter name
history   the iteration's row of `history.csv`, numbers by column
entropy   a layer's row of `entropy/{iteration}.csv` for all samples, numbers by column, once per layer
modularity  a layer's values in `modularity/{iteration}.csv` by metric, once per layer

It returns a number, or numbers by name where one computation gives several (`measure.name` in the table).
Nothing in here imports torch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from neurons.core.errors import InputError, nearest
from neurons.core.imported_code import load_function
from neurons.graphs.overlap_modularity import MODULARITIES, STANDARDISED
from neurons.measures import activity, geometry, landscape, null, probe, selectivity, topology, weights

INPUTS = ("dump", "graph", "entropy", "modularity", "network", "snapshot", "history")
NEEDS = {  # what measures of these inputs read; of all others, the one file of the input's own name
    "graph": ("graphs",),
    "network": ("snapshot", "data"),
    "snapshot": ("snapshot", "first_snapshot"),
}


@dataclass(frozen=True)
class Measure:
    """One measure: its name, what it needs (one of `INPUTS`), its function and its source."""

    name: str
    inputs: str
    function: Callable
    source: str = ""


def train_loss(row: dict) -> float:
    """Return the mean cross-entropy on the training split, dropout off, nats."""
    return row["train_loss"]


def train_accuracy(row: dict) -> float:
    """Return the accuracy on the training split, dropout off, 0 to 1."""
    return row["train_accuracy"]


def entropy(row: dict) -> float:
    """Return the activation pattern entropy summed over the layer's neurons, bits."""
    return row["entropy_bits"]


def modularities(metrics: dict) -> dict[str, float]:
    """Return the four modularities of Table 4."""
    return {name: metrics[name] for name in MODULARITIES}


def modularity_z(metrics: dict) -> dict[str, float]:
    """Return the modularities of Eqs. 3 and 4 in standard deviations above the null model."""
    return {name.removeprefix("modularity_z."): metrics[name] for name in STANDARDISED}


_MEASURES = [
    Measure("entropy", "entropy", entropy, "On the Evolution of Neuron Communities"),
    Measure("modularity", "modularity", modularities, "On the Evolution of Neuron Communities"),
    Measure("live_units", "dump", activity.live_units),
    Measure("sparsity", "dump", activity.sparsity),
    Measure("selectivity", "dump", selectivity.selectivity, "Leavitt and Morcos 2020"),
    Measure("class_information", "dump", selectivity.class_information),
    Measure("distinct_patterns", "dump", activity.distinct_patterns, "Novak et al. 2018"),
    Measure("effective_rank", "dump", geometry.effective_rank, "Roy and Vetterli 2007"),
    Measure("participation_ratio", "dump", geometry.participation_ratio),
    Measure("nc1", "dump", geometry.nc1, "Papyan et al. 2020"),
    Measure("linear_probe", "dump", probe.linear_probe, "Alain and Bengio 2016"),
    Measure("sample_modularity", "dump", probe.sample_modularity, "Lu et al. 2022"),
    Measure("persistence", "dump", topology.persistence, "Ballester et al. 2024"),
    Measure("modularity_z", "modularity", modularity_z, "after Filan et al. 2021"),
    Measure("modularity_z_mixed", "graph", null.modularity_z_mixed, "after Filan et al. 2021"),
    Measure("margin", "network", landscape.margin, "Jiang et al. 2018"),
    Measure("path_norm", "network", landscape.path_norm, "Jiang et al. 2019"),
    Measure("sharpness", "network", landscape.sharpness, "Jiang et al. 2019"),
    Measure("weight_norm", "snapshot", weights.weight_norm, "Jiang et al. 2019"),
    Measure("distance_from_start", "snapshot", weights.distance_from_start, "Jiang et al. 2019"),
    Measure("spectral_norm", "snapshot", weights.spectral_norm, "Jiang et al. 2019"),
    Measure("train_loss", "history", train_loss),
    Measure("train_accuracy", "history", train_accuracy),
]
PANEL = {measure.name: measure for measure in _MEASURES}


def files_read(inputs: str) -> tuple[str, ...]:
    """Return the files of an iteration that measures of these inputs read, by their names in `iteration.Files`."""
    return NEEDS.get(inputs, (inputs,))


def own_measure(reference: str) -> Measure:
    """Return the user's measure `reference` = `file.py:function`. The file is code and is run.

    The measure has the function's name. It is called with a `Layer` unless the function has an attribute `inputs`.

    Raises
    ------
    InputError
        If the file or the function is missing, the name is taken, or `inputs` is unknown.
    """
    file, colon, name = reference.rpartition(":")
    if not colon or not name:
        raise InputError(f"measures.modules: '{reference}': write file.py:function")
    path = Path(file)
    function = load_function(path, name, "measures.modules", "measures.modules")
    if name in PANEL:
        raise InputError(f"measures.modules: {path}: '{name}' is a measure of the panel; rename the function")
    inputs = getattr(function, "inputs", "dump")
    if inputs not in INPUTS:
        raise InputError(f"measures.modules: {reference}: inputs is '{inputs}', should be one of {', '.join(INPUTS)}")
    return Measure(name, inputs, function, str(path))


def chosen(names: list[str], modules: list[str] = ()) -> list[Measure]:
    """Return the measures of the panel by name (`all` for every one), then the user's own by file and function.

    Raises
    ------
    InputError
        If a name is not in the panel, or an own measure cannot be loaded or is given twice.
    """
    names = [name for one in names for name in (PANEL if one == "all" else [one])]
    for name in names:
        if name not in PANEL:
            raise InputError(f"measures.panel: no measure '{name}'{nearest(name, PANEL)}")
    own = [own_measure(reference) for reference in modules]
    if twice := [measure.name for i, measure in enumerate(own) if measure.name in [m.name for m in own[:i]]]:
        raise InputError(f"measures.modules: two functions are called '{twice[0]}'; rename one")
    return [PANEL[name] for name in dict.fromkeys(names)] + own
