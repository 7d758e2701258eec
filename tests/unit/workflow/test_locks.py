"""The lock of a job's files: of writers that live, fail, or die by SIGKILL."""

import fcntl
import os
import signal
import time

import pytest

from neurons.workflow.locks import sole_writer

WRITE = """
from neurons.workflow.locks import sole_writer
with sole_writer('a.lock', 'waiting'):
    print('writing', flush=True)
    input()
"""


def test_a_second_writer_waits_for_the_first_and_the_lock_is_gone_after(tmp_path, start):
    first = start(WRITE, "writing")
    second = start(WRITE)
    assert second.stderr.readline() == "waiting\n"
    time.sleep(0.2)
    assert (tmp_path / "a.lock").exists() and second.poll() is None
    first.communicate("\n")
    assert second.stdout.readline() == "writing\n"
    second.communicate("\n")
    assert (first.returncode, second.returncode) == (0, 0)
    assert not (tmp_path / "a.lock").exists()


def test_a_killed_writer_holds_nothing(tmp_path, start, capfd):
    process = start(WRITE, "writing")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / "a.lock").exists()
    with sole_writer(tmp_path / "a.lock", "waiting"):
        pass
    assert not (tmp_path / "a.lock").exists()
    assert capfd.readouterr().err == ""


def test_a_writer_that_fails_lets_go(tmp_path):
    with pytest.raises(ValueError), sole_writer(tmp_path / "a.lock", "waiting"):
        raise ValueError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", [95, 38, 37], ids=["EOPNOTSUPP", "ENOSYS", "ENOLCK"])
def test_a_file_system_without_locks_stops_no_writer(tmp_path, monkeypatch, code):
    def unknown(stream, how):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", unknown)
    with sole_writer(tmp_path / "a.lock", "waiting"):
        assert (tmp_path / "a.lock").exists()
    assert not (tmp_path / "a.lock").exists()
