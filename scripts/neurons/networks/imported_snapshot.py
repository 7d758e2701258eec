"""Imported snapshots: state dicts checked against the configured model, in place of training."""

from pathlib import Path

import torch

from neurons.core.errors import InputError
from neurons.core.hdf5 import open_hdf5
from neurons.networks.build import build
from neurons.networks.snapshots import load_weights, read_weights, save


def import_snapshot(folder, data, run: str, seed: int, iteration: int, settings: dict, output) -> None:
    """Check the state dict `folder/{iteration}.pt` against the run's model and write it as a snapshot.

    Parameters
    ----------
    data : path of the converted data set; its image shape and classes size the model.
    settings : the run's settings; `model` and `training.epochs_per_iteration` are used.

    Raises
    ------
    InputError
        If the file is missing, damaged, holds pickled code, or belongs to another architecture.
    """
    source = Path(folder) / f"{iteration:02d}.pt"
    weights = read_weights(source)
    with open_hdf5(data) as file:
        model = build(settings["model"], tuple(file["train/images"].shape[1:]), len(file.attrs["classes"]))
    load_weights(model, weights, source, "the run's 'model' settings or its 'snapshots' folder")
    state = {name: tensor.detach() for name, tensor in model.state_dict().items()}
    if not all(torch.isfinite(tensor).all() for tensor in state.values()):
        raise InputError(f"{source}: a weight is not finite; fix the snapshot")
    epoch = iteration * settings["training"]["epochs_per_iteration"]
    save({"model": state, "run": run, "seed": seed, "iteration": iteration, "epoch": epoch}, output)
