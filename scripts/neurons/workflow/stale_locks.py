"""DELETES FILES OF SNAKEMAKE'S: the locks that a killed Snakemake left on its working folder.

A Snakemake that is killed (SIGKILL, power, out of memory) cannot delete its locks, and every later one refuses to start
until somebody calls `snakemake --unlock`. This module does that call's work where it is certain that nobody is at work.

What it touches
    `.snakemake/locks/*.lock` of the working folder, deleted; `.snakemake/alive`, a file of our own, written. It touches
    nothing else: no result, no log, no metadata, no record of unfinished jobs, no other folder.

When
    Once, when the Snakefile is read by the main process (never in a job), before Snakemake takes or checks any lock.

Why it is safe
    1. Every Snakemake of this workflow holds a shared `flock` on `.snakemake/alive` from the reading of the Snakefile to
       its end. The kernel releases it at the end of the process, and not before.
    2. Locks are deleted only while an exclusive `flock` on that file is held: it is granted only if no process holds the
       shared one, so no marked Snakemake lives, and one that starts meanwhile waits before it gets as far as its locks.
    3. A `flock` may end at the border of a host (NFS). So each Snakemake writes its host's name into the file, and locks
       are deleted only if this host's name is the only one since the folder was last without locks.
    4. Locks in a folder where no name is written (made before that file existed) stay: it is then marked `unknown`, and
       only `snakemake --unlock` helps. So do all locks where the file system has no `flock`.

What it cannot know: a Snakemake of another workflow leaves no mark. Run no other workflow in the same folder at once.

In every case of doubt the locks stay, and Snakemake's own refusal stands.
"""

import fcntl
import socket
import sys
from pathlib import Path
from typing import TextIO

from neurons.core.errors import InputError
from neurons.workflow.locks import flock


def join_folder(folder) -> TextIO | None:
    """Mark this process as at work in Snakemake's `folder` while it lives, and delete the locks that dead ones left.

    Return the open file whose lock is the mark: it lasts until the file is closed. None where nothing can be written.

    Raises
    ------
    InputError
        If the folder does not exist and cannot be created.
    """
    folder = Path(folder)
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        pass  # no folder: Snakemake says so
    except OSError as error:
        why = error.strerror.lower()
        raise InputError(f"{folder.absolute()}: {why}; run in a folder that you can write to (--directory)") from None
    try:
        alive = open(folder / "alive", "a+", encoding="utf-8")  # noqa: SIM115 - stays open
    except OSError:
        return None
    host = socket.gethostname()
    if flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB):  # no marked Snakemake of this host is alive
        _delete_locks(sorted(folder.glob("locks/*.lock")), alive, host)
    flock(alive, fcntl.LOCK_SH)
    print(host, file=alive, flush=True)
    return alive


def _delete_locks(locks: list[Path], alive: TextIO, host: str) -> None:
    """Delete `locks` if `alive`, locked exclusively, says that all who worked here ran on `host`; then forget them."""
    alive.seek(0)
    hosts = set(alive.read().split())
    if locks and not hosts:
        print("unknown", file=alive)  # made by a Snakemake that left no name
    if locks and hosts != {host}:
        return
    for lock in locks:
        lock.unlink()
    if locks:
        print("A killed Snakemake left its lock on this folder; it is dead, so the lock is removed.", file=sys.stderr)
    alive.truncate(0)
