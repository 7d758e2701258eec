"""A training that is not done yet: its finished epochs on disk, so that a killed one goes on from there."""

import os
import shutil
from pathlib import Path

from neurons.networks.snapshots import load_weights, read_snapshot, save


def _publish(source: Path, target: Path) -> None:
    """Put a finished file in its place and leave the original: a hard link, or a copy where links are not known."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    os.utime(target)


class Unfinished:
    """The folder of a training's snapshots so far and of the state after its last finished epoch.

    Parameters
    ----------
    folder : kept until the training is done.
    fingerprint : tells this very training (settings, seed, data, code) from any other that left its state there.
    run, seed : written into the snapshots.
    """

    def __init__(self, folder: Path, fingerprint: str, run: str, seed: int):
        self.folder, self.last = folder, folder / "last.pt"
        self.fingerprint, self.run, self.seed = fingerprint, run, seed

    def resume(self, model, optimizer) -> dict | None:
        """Load the last state into model and optimiser and return it (`epoch`, `history`, `classes`).

        None, and an empty folder, if there is no state of this very training.
        """
        if self.last.exists():
            state = read_snapshot(self.last)
            if state["fingerprint"] == self.fingerprint:
                load_weights(model, state["model"], self.last)
                optimizer.load_state_dict(state["optimizer"])
                print(f"going on from epoch {state['epoch']}")
                return state
        shutil.rmtree(self.folder, ignore_errors=True)
        return None

    def keep(self, model, optimizer, epoch: int, history: list, classes: list) -> None:
        """Write the state after a finished epoch."""
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}
        save({**state, "fingerprint": self.fingerprint, "history": history, "classes": classes}, self.last)

    def add_snapshot(self, model, iteration: int, epoch: int) -> None:
        """Write the snapshot of an iteration."""
        weights = {name: tensor.cpu() for name, tensor in model.state_dict().items()}
        state = {"model": weights, "run": self.run, "seed": self.seed, "iteration": iteration, "epoch": epoch}
        save(state, self.folder / f"{iteration:02d}.pt")

    def publish(self, snapshots: list) -> None:
        """Put the snapshots of iterations 0, 1, ... at these paths."""
        for iteration, path in enumerate(snapshots):
            _publish(self.folder / f"{iteration:02d}.pt", Path(path))

    def remove(self) -> None:
        """Delete the folder of a training that is done."""
        self.last.unlink()  # first, so that a kill in here cannot leave a state without its snapshots
        shutil.rmtree(self.folder)
