"""Locks that the kernel takes off when their holder ends, however it ends: of a job's files and of a working folder."""

import fcntl
import os
import socket
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from neurons.errors import InputError


def _same_file(stream, path) -> bool:
    """Tell whether `path` still names the file that `stream` has open."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _flock(stream, how: int) -> bool | None:
    """Take a lock: True if it is held now, False if another process holds it, None if the file system knows no locks."""
    try:
        fcntl.flock(stream, how)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@contextmanager
def sole_writer(path, waiting: str):
    """Hold the lock file `path` for the block and delete it after; wait, saying `waiting`, while another one holds it.

    A job whose Snakemake was killed works on for a while; the same job, started anew, must not write beside it.
    """
    path = Path(path)
    while True:
        with open(path, "a") as stream:
            if _flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB) is False:
                print(waiting, file=sys.stderr, flush=True)
                _flock(stream, fcntl.LOCK_EX)
            if not _same_file(stream, path):
                continue  # its holder deleted it at its end
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def join_folder(folder) -> TextIO | None:
    """Mark this process as at work in Snakemake's `folder` while it lives, and remove the locks that dead ones left.

    Locks are removed only if no marked process is alive and all of them ran on this host (their names are in
    `folder/alive`): what runs elsewhere cannot be known, for a file system may keep its locks to one host.

    Return the open file, whose lock is the mark: it lasts until the file is closed. None where nothing can be written.

    Raises
    ------
    InputError
        If the folder is not there and cannot be made.
    """
    folder, host = Path(folder), socket.gethostname()
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        pass  # no folder: Snakemake says so
    except OSError as error:
        why = error.strerror.lower()
        raise InputError(f"{folder.absolute()}: {why}; run in a folder that you can write to (--directory)") from None
    try:
        alive = open(folder / "alive", "a+")  # noqa: SIM115 - stays open
    except OSError:
        return None
    if _flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB):
        alive.seek(0)
        hosts, locks = set(alive.read().split()), sorted(folder.glob("locks/*.lock"))
        if locks and hosts == {host}:
            for lock in locks:
                lock.unlink()
            print(
                "A killed Snakemake left its lock on this folder; it is dead, so the lock is removed.", file=sys.stderr
            )
        elif locks and not hosts:
            print("unknown", file=alive)  # made by a Snakemake that left no name
        if not locks or hosts == {host}:
            alive.truncate(0)
    _flock(alive, fcntl.LOCK_SH)
    print(host, file=alive, flush=True)
    return alive
