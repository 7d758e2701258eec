"""Snapshots: writing and importing them, and reading weights without running code from the file."""

import io
import pickle
import zipfile
from pathlib import Path

import h5py
import torch
from torch import nn

from neurons.core.errors import InputError
from neurons.core.files import atomic
from neurons.core.hdf5 import open_hdf5
from neurons.networks.build import build

OLD_FORM = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19"  # first bytes of torch.save before version 1.6
REMAKE = "delete it and run again"
SAVE_WEIGHTS = "save it with torch.save(model.state_dict(), path)"


def save(state: dict, path) -> None:
    """Write a state with torch.save, whole or not at all; equal states give equal bytes."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    with atomic(path) as part, open(part, "wb") as stream:
        stream.write(buffer.getbuffer())


def _is_torch_file(stream) -> bool:
    """Tell whether a file begins as those of torch.save do, in its present or its old form."""
    return zipfile.is_zipfile(stream) or stream.seek(0) == 0 and stream.read(len(OLD_FORM)) == OLD_FORM


def _read(path, remedy: str):
    """Read what torch.save wrote, tensors and plain values only.

    Raises
    ------
    InputError
        If it cannot be read, or holds code; the line ends with the remedy.
    """
    if not Path(path).is_file():  # a named pipe would be waited for
        raise InputError(f"{path}: {'not a regular file' if Path(path).exists() else 'no such file'}; {remedy}")
    with open(path, "rb") as stream:
        if not _is_torch_file(stream):
            raise InputError(f"{path}: not a readable snapshot (not a file of torch.save, or cut short); {remedy}")
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise InputError(
            f"{path}: refused: it holds pickled code, not just weights (see torch.load, weights_only); {remedy}"
        ) from None
    except PermissionError:
        raise
    except Exception as error:  # a damaged file can fail anywhere in the reader
        reason = str(error).partition("\n")[0]
        raise InputError(f"{path}: not a readable snapshot ({reason}); {remedy}") from None


def read_snapshot(path) -> dict:
    """Read a snapshot without running code from it.

    Raises
    ------
    InputError
        If it is damaged, or holds anything but tensors and plain values.
    """
    snapshot = _read(path, REMAKE)
    if not isinstance(snapshot, dict) or "model" not in snapshot:
        raise InputError(f"{path}: not a snapshot of this workflow (the entry 'model' is missing); {REMAKE}")
    return snapshot


def read_weights(path) -> dict[str, torch.Tensor]:
    """Read an imported state dict, without running code: plain or under `model`, `state_dict`, `model_state_dict`.

    Raises
    ------
    InputError
        If it is missing or damaged, or holds anything but tensors and plain values.
    """
    weights = _read(path, SAVE_WEIGHTS)
    for key in ("model", "state_dict", "model_state_dict"):
        if isinstance(weights, dict) and isinstance(weights.get(key), dict):
            weights = weights[key]
            break
    if not isinstance(weights, dict):
        raise InputError(f"{path}: not a state dict but {type(weights).__name__}; {SAVE_WEIGHTS}")
    if not weights:
        raise InputError(f"{path}: not a state dict: it holds no parameters; {SAVE_WEIGHTS}")
    for name, value in weights.items():
        if not isinstance(name, str) or not torch.is_tensor(value):
            raise InputError(f"{path}: not a state dict: its entry {name!r} is no parameter; {SAVE_WEIGHTS}")
    return {name.removeprefix("module."): tensor for name, tensor in weights.items()}  # DataParallel's prefix


def _model_for(file: h5py.File, settings: dict) -> nn.Module:
    """Return the untrained model of a run's settings for the images and classes of a converted data set."""
    return build(settings["model"], tuple(file["train/images"].shape[1:]), len(file.attrs["classes"]))


def load_snapshot(path, file, settings: dict, device: torch.device) -> tuple[nn.Module, dict]:
    """Return a snapshot's model on the device, in evaluation mode, and the snapshot (see `read_snapshot`).

    Parameters
    ----------
    file : the converted data set, opened; its image shape and classes size the model.
    settings : the run's; `model` is used.

    Raises
    ------
    InputError
        If the snapshot is damaged or of another architecture.
    """
    state = read_snapshot(path)
    model = _model_for(file, settings)
    load_weights(model, state["model"], path)
    return model.to(device).eval(), state


def import_snapshot(folder, data, run: str, seed: int, iteration: int, settings: dict, output) -> None:
    """Check the state dict `folder/{iteration}.pt` against the run's model and write it as a snapshot, in place of training.

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
        model = _model_for(file, settings)
    load_weights(model, weights, source, "the run's 'model' settings or its 'snapshots' folder")
    state = {name: tensor.detach() for name, tensor in model.state_dict().items()}
    if not all(torch.isfinite(tensor).all() for tensor in state.values()):
        raise InputError(f"{source}: a weight is not finite; fix the snapshot")
    epoch = iteration * settings["training"]["epochs_per_iteration"]
    save({"model": state, "run": run, "seed": seed, "iteration": iteration, "epoch": epoch}, output)


def load_pretrained(model: nn.Module, path) -> None:
    """Load a local weight file as initial weights; an output layer for other classes keeps its random ones.

    Raises
    ------
    InputError
        If the file cannot be read, or belongs to another architecture.
    """
    expected = model.state_dict()
    # Heads that only help the training of Inception-v3 and GoogLeNet are not built.
    weights = {
        name: tensor
        for name, tensor in read_weights(path).items()
        if name in expected or not name.startswith(("AuxLogits.", "aux"))
    }
    output = [name.rsplit(".", 1)[0] for name, tensor in expected.items() if tensor.ndim == 2][-1:]
    for name in (f"{layer}.{part}" for layer in output for part in ("weight", "bias")):
        if name in expected and name in weights and expected[name].shape != weights[name].shape:
            print(f"{path}: {name} is for other classes; it starts from random weights")
            weights[name] = expected[name]
    load_weights(model, weights, path, "the weight file or the run's 'model' settings")


def load_weights(
    model: nn.Module,
    weights: dict,
    path: Path | str,
    remedy: str = "the run's 'model' settings or delete its snapshots",
) -> None:
    """Load a state dict into `model`.

    Raises
    ------
    InputError
        If it belongs to another architecture; the line names the first parameter that does not fit.
    """
    expected = model.state_dict()
    for name in {**expected, **weights}:
        given, wanted = (
            tuple(state[name].shape) if torch.is_tensor(state.get(name)) else "none" for state in (weights, expected)
        )
        if given != wanted:
            raise InputError(
                f"{path}: a snapshot of another architecture: {name} is {given} there and {wanted} in the configured "
                f"model; fix {remedy}"
            )
    try:
        model.load_state_dict(weights)
    except (RuntimeError, NotImplementedError) as error:  # tensors without values, sparse ones, ...
        reason = str(error).splitlines()[-1].strip()
        raise InputError(f"{path}: its weights cannot be taken over ({reason}); fix {remedy}") from None
