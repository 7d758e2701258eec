"""Locks on files that the kernel releases when their holder ends, however it ends; and the lock of a job's files."""

import fcntl
import os
import sys
from contextlib import contextmanager
from pathlib import Path


def _same_file(stream, path) -> bool:
    """Tell whether `path` still names the file that `stream` has open."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def flock(stream, how: int) -> bool | None:
    """Take a lock: True if it is held now, False if another process holds it, None if the file system has no locks."""
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

    A job whose Snakemake was killed works on for a while; the same job, started again, must not write beside it.
    """
    path = Path(path)
    while True:
        with open(path, "a", encoding="utf-8") as stream:
            if flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB) is False:
                print(waiting, file=sys.stderr, flush=True)
                flock(stream, fcntl.LOCK_EX)
            if not _same_file(stream, path):
                continue  # its holder deleted it at its end
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return
