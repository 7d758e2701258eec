"""Doing harm: trainings to kill, and mounts without root."""

import subprocess
import time

import pytest

from running import PATIENCE, Outcome
from victims import scripts_at_work

TRAINED = "results/tiny/seed-0/snapshots/03.pt"
TABLE = "results/tiny/communities/table5.csv"
SMALL = {
    "iterations_per_job": 1,
    "datasets": {"digits": {"source": "digits"}},
    "runs": {
        "tiny": {
            "dataset": "digits",
            "model": {"hidden": [12, 8]},
            "training": {"iterations": 2},
            "graph": {"top_neurons": 4},
        }
    },
}
SMALL_TARGETS = (TABLE, "results/tiny/seed-0/graphs/02.h5")


def bytes_of(folder) -> dict[str, bytes]:
    """Return the content of every file in a folder by relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def trained(place) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in place.files("results/tiny").items()}


def started_training(place, config):
    """Start the slow training; return Snakemake and the training's own process once epochs are done."""
    snakemake = place.start(config, TRAINED)
    deadline = time.monotonic() + PATIENCE
    while True:
        found = [victim.process for victim in scripts_at_work(place.folder) if victim.kind == "training"]
        if found and (place / "results/tiny/seed-0/unfinished/last.pt").exists():
            return snakemake, found[0]
        assert snakemake.poll() is None and time.monotonic() < deadline, "the training was not seen at work"
        time.sleep(0.01)


def unshared(script: str, folder) -> Outcome:
    """Run a shell script in a folder, in a namespace of its own, where anyone may mount; skip where that is barred."""
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True).returncode != 0:
        pytest.skip("user namespaces are barred here (unshare -Urm)")
    command = ["unshare", "-Urm", "bash", "-c", script]
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE
    )
    return Outcome(done.returncode, done.stdout)
