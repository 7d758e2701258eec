"""Clones to call Snakemake in, on the session's Slurm; where none is installed, its fixture skips the tests."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cluster import HOW_TO_INSTALL, INSTALLED, running_slurm


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """A real Slurm that runs for the session; there is never more than one."""
    if not INSTALLED:
        pytest.skip(HOW_TO_INSTALL)
    with running_slurm(tmp_path_factory.mktemp("slurm") / "cluster") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def clone(tmp_path_factory, workflow):
    """A function that makes a folder like a new clone, with a configuration in `own.yaml`."""

    def make(name: str, config: dict | None = None) -> Path:
        folder = tmp_path_factory.mktemp(name) / "clone"
        folder.mkdir()
        for part in workflow.iterdir():
            (folder / part.name).symlink_to(part)
        (folder / "slurm").symlink_to("profiles/slurm")
        if config:
            (folder / "own.yaml").write_text(yaml.safe_dump(config))
        return folder

    return make


def _hear_ctrl_c() -> None:
    """Undo what a shell does to its background jobs, the tests perhaps among them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session")
def start():
    """A function that starts Snakemake in a folder; its screen is on `stdout`."""

    def snakemake(folder: Path, environment: dict | None, *arguments) -> subprocess.Popen:
        command = [sys.executable, "-m", "snakemake", *arguments]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "start_new_session": True}
        return subprocess.Popen(command, cwd=folder, env=environment, preexec_fn=_hear_ctrl_c, **options)

    return snakemake
