"""Locks of processes that live, die by SIGKILL, or ran elsewhere."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from neurons.errors import InputError
from neurons.locks import join_folder, sole_writer

JOIN = "from neurons.locks import join_folder; mark = join_folder('.snakemake'); print('joined', flush=True); input()"
WRITE = """
from neurons.locks import sole_writer
with sole_writer('a.lock', 'waiting'):
    print('writing', flush=True)
    input()
"""


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


@pytest.fixture
def lock(tmp_path):
    """The lock of a Snakemake at work in the folder."""
    path = tmp_path / ".snakemake/locks/0.input.lock"
    path.parent.mkdir(parents=True)
    path.write_text("results/a.csv\n")
    return path


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


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
    kill(start(WRITE, "writing"))
    assert (tmp_path / "a.lock").exists()
    with sole_writer(tmp_path / "a.lock", "waiting"):
        pass
    assert not (tmp_path / "a.lock").exists()
    assert capfd.readouterr().err == ""


def test_a_writer_that_fails_lets_go(tmp_path):
    with pytest.raises(ValueError), sole_writer(tmp_path / "a.lock", "waiting"):
        raise ValueError
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_killed_snakemake_is_removed(tmp_path, start, lock, capfd):
    (lock.parents[1] / "alive").write_text(socket.gethostname() + "\n")
    kill(start(JOIN, "joined"))
    lock.write_text("results/a.csv\n")
    mark = join_folder(tmp_path / ".snakemake")
    assert not lock.exists() and "lock is removed" in capfd.readouterr().err
    mark.close()


def test_the_lock_of_a_living_one_stays_also_beside_a_dead_one(tmp_path, start, lock):
    lock.unlink()
    start(JOIN, "joined")
    kill(start(JOIN, "joined"))
    lock.write_text("results/a.csv\n")
    join_folder(tmp_path / ".snakemake").close()
    assert lock.exists()


@pytest.mark.parametrize("hosts", ["elsewhere\n", f"elsewhere\n{socket.gethostname()}\n", ""])
def test_the_lock_of_another_host_or_of_nobody_known_stays_however_often_one_asks(tmp_path, lock, hosts):
    (lock.parents[1] / "alive").write_text(hosts)
    for _ in range(3):
        join_folder(tmp_path / ".snakemake").close()
        assert lock.exists()
    lock.unlink()  # as --unlock does
    join_folder(tmp_path / ".snakemake").close()
    assert (lock.parents[1] / "alive").read_text() == socket.gethostname() + "\n"


@pytest.mark.parametrize("code", [95, 38, 37], ids=["EOPNOTSUPP", "ENOSYS", "ENOLCK"])
def test_a_file_system_without_locks_stops_no_writer_and_proves_no_death(tmp_path, lock, monkeypatch, code):
    def unknown(stream, how):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", unknown)
    (lock.parents[1] / "alive").write_text(socket.gethostname() + "\n")
    join_folder(tmp_path / ".snakemake").close()
    assert lock.exists()
    with sole_writer(tmp_path / "a.lock", "waiting"):
        pass


def test_a_folder_that_cannot_be_written_is_left_to_snakemake(tmp_path):
    (tmp_path / ".snakemake").write_text("in the way")
    assert join_folder(tmp_path / ".snakemake") is None


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="not a directory; run in a folder that you can write to"):
        join_folder(tmp_path / "file" / ".snakemake")
