"""Programs that the tests of locks start beside themselves."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def start(tmp_path, root):
    """A function that starts a program that takes a lock, and returns once it says so."""
    started = []

    def run(program: str, says: str | None = None) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(root / "scripts")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        if says:
            assert process.stdout.readline().strip() == says
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()
