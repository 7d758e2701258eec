"""Measuring one iteration of a training with the panel: `layer, measure, value, samples`."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from numbers import Real

from neurons.core.errors import InputError
from neurons.core.files import write_csv
from neurons.core.hdf5 import open_hdf5
from neurons.dumps.format import Dump
from neurons.graphs.pattern_graph import read_graphs
from neurons.measures.layer import Layer
from neurons.measures.names import NETWORK
from neurons.measures.panel import INPUTS, Measure, files_read
from neurons.training.history import HISTORY

COLUMNS = ("layer", "measure", "value", "samples")


@dataclass(frozen=True)
class Files:
    """What an iteration can be measured on; paths, None where a run does not have it.

    Attributes
    ----------
    dump : activations.
    graphs : activation pattern graphs.
    snapshot, first_snapshot : weights, and those of iteration 00.
    data : the converted data set that the network was trained on.
    history : losses and accuracies of all iterations.
    entropy, modularity : tables of this iteration.
    """

    dump: str
    graphs: str | None = None
    snapshot: str | None = None
    first_snapshot: str | None = None
    data: str | None = None
    history: str | None = None
    entropy: str | None = None
    modularity: str | None = None

    def missing(self, inputs: str) -> list[str]:
        """Return the names of the files that measures of these inputs need and that there are none of."""
        return [name for name in files_read(inputs) if getattr(self, name) is None]


def _read_rows(path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    from neurons.core.tables import read_csv_table  # pandas is imported only where a table is read

    return read_csv_table(path, columns, dtype=str, keep_default_na=False).to_dict("records")


def history_row(path, iteration: int) -> dict[str, float]:
    """Return an iteration's row of `history.csv`; NaN for an empty cell, and for an iteration without a row (00)."""
    rows = {int(row["iteration"]): row for row in _read_rows(path, HISTORY)}
    return {name: float(rows.get(iteration, {}).get(name) or "nan") for name in HISTORY}


def entropy_rows(path) -> dict[str, dict[str, float]]:
    """Return by layer the row of `entropy/{iteration}.csv` for all samples."""
    rows = (row for row in _read_rows(path, ("layer", "class", "entropy_bits")) if row.pop("class") == "all")
    return {row.pop("layer"): {name: float(text or "nan") for name, text in row.items()} for row in rows}


def modularity_rows(path) -> dict[str, dict[str, float]]:
    """Return by layer the values of `modularity/{iteration}.csv` by metric."""
    layers = {}
    for row in _read_rows(path, ("layer", "metric", "value")):
        layers.setdefault(row["layer"], {})[row["metric"]] = float(row["value"] or "nan")
    return layers


class Inputs:
    """Opens what measures are called with, each thing once and only when a measure needs it."""

    def __init__(self, files: Files, iteration: int, settings: dict, stack: ExitStack):
        self.files, self.iteration, self.settings, self.stack = files, iteration, settings, stack
        self.dump = stack.enter_context(Dump(files.dump))
        self.layers = {name: Layer(self.dump, name) for name in self.dump.layers}

    @cached_property
    def graphs(self) -> dict:
        """The graphs by layer."""
        return read_graphs(self.files.graphs)

    @cached_property
    def network(self):
        """The network on its training images."""
        from neurons.measures.network import opened_network  # torch costs seconds to import

        return self.stack.enter_context(opened_network(self.files.snapshot, self.files.data, self.settings))

    @cached_property
    def weights(self) -> tuple[dict, dict]:
        """The weights and the initial weights."""
        from neurons.measures.network import snapshot_arrays

        return snapshot_arrays(self.files.snapshot), snapshot_arrays(self.files.first_snapshot)

    def arguments(self, inputs: str) -> dict[str, tuple]:
        """Return by layer the arguments of a call of a measure of these inputs."""
        match inputs:
            case "dump":
                return {name: (layer,) for name, layer in self.layers.items()}
            case "graph":
                return {name: (graph, self.layers[name]) for name, graph in self.graphs.items()}
            case "entropy":
                return {name: (row,) for name, row in entropy_rows(self.files.entropy).items()}
            case "modularity":
                return {name: (values,) for name, values in modularity_rows(self.files.modularity).items()}
            case "network":
                return {NETWORK: (self.network,)}
            case "snapshot":
                return {NETWORK: self.weights}
            case "history":
                return {NETWORK: (history_row(self.files.history, self.iteration),)}


def _values(measure: Measure, result) -> list[tuple[str, float]]:
    """Return (name in the table, value) of what a measure's function returned, one number or several by name."""
    if isinstance(result, dict):
        named = {f"{measure.name}.{key}": value for key, value in result.items()}
    else:
        named = {measure.name: result}
    for name, value in named.items():
        if not isinstance(value, Real):
            where = f"{measure.source}: " if measure.source else ""
            raise InputError(f"{where}measure '{name}' returned {type(value).__name__}; return a number")
    return [(name, float(value)) for name, value in named.items()]


def measure_iteration(
    files: Files, iteration: int, panel: list[Measure], settings: dict
) -> tuple[list[tuple[str, str, float]], dict[str, list[str]]]:
    """Return the rows (layer, measure, value), NaN where not defined, and the measures left out with what they lack.

    Parameters
    ----------
    iteration : number of the iteration, for the history.
    panel : measures, of `panel.chosen`.
    settings : the run's; `model` and `labels` build the network, `measures.options` holds keywords by measure.
    """
    options = settings.get("measures", {}).get("options", {})
    rows, left_out = [], {}
    with ExitStack() as stack:
        inputs = Inputs(files, iteration, settings, stack)
        for measure in sorted(panel, key=lambda m: INPUTS.index(m.inputs)):
            if missing := files.missing(measure.inputs):
                left_out[measure.name] = missing
                continue
            for layer, arguments in inputs.arguments(measure.inputs).items():
                result = measure.function(*arguments, **options.get(measure.name, {}))
                rows += [(layer, name, value) for name, value in _values(measure, result)]
    return rows, left_out


def samples_of(panel: list[Measure], files: Files, options: dict[str, dict]) -> dict[str, int | None]:
    """Return on how many training samples each measure of a panel rests; None for what needs none.

    `options` are the keywords by measure.
    """
    with Dump(files.dump) as dump:
        known = dict.fromkeys(("dump", "graph", "entropy", "modularity"), int(dump.counts("train").sum()))
    if any(measure.inputs == "network" for measure in panel):
        with open_hdf5(files.data) as file:
            known["network"] = len(file["train/labels"])
    samples = {measure.name: known.get(measure.inputs) for measure in panel}
    for measure in panel:
        if drawn := signature(measure.function).parameters.get("samples"):
            asked = options.get(measure.name, {}).get("samples", drawn.default)
            samples[measure.name] = min(samples[measure.name], asked)
    return samples


def write_measures(output, files: Files, iteration: int, panel: list[Measure], settings: dict) -> None:
    """Write the measures of one iteration, and on how many samples each rests; print what is left out and why."""
    rows, left_out = measure_iteration(files, iteration, panel, settings)
    for name, missing in left_out.items():
        print(f"left out: {name} needs {' and '.join(missing)}, which this run does not have")
    kept = [measure for measure in panel if measure.name not in left_out]
    samples = samples_of(kept, files, settings.get("measures", {}).get("options", {}))
    write_csv(output, COLUMNS, [(*row, samples[row[1].partition(".")[0]]) for row in rows])
