"""Snakemake's locks on a folder: of processes that live, died by SIGKILL, or ran elsewhere."""

import fcntl
import os
import signal
import socket

import pytest

from neurons.core.errors import InputError
from neurons.workflow.stale_locks import join_folder

JOIN = """
from neurons.workflow.stale_locks import join_folder
mark = join_folder('.snakemake')
print('joined', flush=True)
input()
"""


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


def test_a_folder_that_cannot_be_written_is_left_to_snakemake(tmp_path):
    (tmp_path / ".snakemake").write_text("in the way")
    assert join_folder(tmp_path / ".snakemake") is None


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="not a directory; run in a folder that you can write to"):
        join_folder(tmp_path / "file" / ".snakemake")


@pytest.mark.parametrize("code", [95, 38, 37], ids=["EOPNOTSUPP", "ENOSYS", "ENOLCK"])
def test_a_file_system_without_locks_proves_no_death(tmp_path, lock, monkeypatch, code):
    def unknown(stream, how):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", unknown)
    (lock.parents[1] / "alive").write_text(socket.gethostname() + "\n")
    join_folder(tmp_path / ".snakemake").close()
    assert lock.exists()


def test_nothing_but_locks_is_deleted(tmp_path, lock):
    """Not the record of unfinished jobs, nor metadata, nor a file in the locks' folder that is none."""
    others = [tmp_path / ".snakemake" / name for name in ("incomplete/a", "metadata/b", "locks/notes", "c.lock")]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_text("kept")
    (tmp_path / "results.lock").write_text("kept")
    (lock.parents[1] / "alive").write_text(socket.gethostname() + "\n")
    join_folder(tmp_path / ".snakemake").close()
    assert not lock.exists()
    assert all(path.read_text() == "kept" for path in [*others, tmp_path / "results.lock"])
