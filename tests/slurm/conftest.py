"""The tests of this folder run on a real Slurm, and are skipped where none is installed."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cluster import HOW_TO_INSTALL, INSTALLED, running_slurm

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items):
    if not INSTALLED:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=HOW_TO_INSTALL))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Two daemons that run for the session."""
    with running_slurm(tmp_path_factory.mktemp("slurm") / "cluster") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """A function that makes a folder like a new clone, with a configuration in `own.yaml`."""

    def make(name: str, config: dict | None = None) -> Path:
        folder = tmp_path_factory.mktemp(name) / "clone"
        folder.mkdir()
        for part in ("Snakefile", "rules", "scripts", "config", "profiles", "resources", "envs", "slurm"):
            (folder / part).symlink_to(ROOT / part)
        if config:
            (folder / "own.yaml").write_text(yaml.safe_dump(config))
        return folder

    return make


@pytest.fixture(scope="session")
def start():
    """A function that starts Snakemake in a folder; its screen is on `stdout`."""

    def snakemake(folder: Path, environment: dict | None, *arguments) -> subprocess.Popen:
        command = [sys.executable, "-m", "snakemake", *arguments]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **options)

    return snakemake
