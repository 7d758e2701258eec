"""The frame around every script: log file, thread limit, one-line errors."""

import errno
import sys
import traceback
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from threadpoolctl import threadpool_limits

from neurons.core.errors import InputError
from neurons.workflow.locks import sole_writer

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def _is_full(error: OSError) -> bool:
    """Tell whether the disk (or quota, or file-size limit) is full; HDF5 puts the errno in its text."""
    return error.errno in _FULL or any(f"errno = {code}," in str(error) for code in _FULL)


def explain(error: BaseException) -> str | None:
    """Return the one line that tells a user what to do about `error`, or None for a programming error."""
    if isinstance(error, InputError):
        return str(error)
    if isinstance(error, OSError) and _is_full(error):
        where = f" while writing {error.filename}" if error.filename else ""
        return f"no space left on the disk{where}: free some space and run the same command again"
    if isinstance(error, OSError) and error.errno in _CLOSED:
        return f"{error.filename}: {error.strerror.lower()}; make it readable and writable and run again"
    return None


@contextmanager
def job(log, threads: int = 1):
    """Run a script's body with its output in `log` and at most `threads` threads in BLAS and OpenMP.

    An error that the user can fix becomes one line in the log, any other a traceback; both end the
    process with status 1. The same job of an earlier call that is still at work is waited for.
    """
    lock = Path(log).with_name(f".{Path(log).name}.lock")
    waiting = f"waiting: the same job of an earlier call still works on these files ({log})"
    try:
        with (
            sole_writer(lock, waiting),
            open(log, "w", buffering=1, encoding="utf-8", errors="backslashreplace") as stream,
            redirect_stdout(stream),
            redirect_stderr(stream),
        ):
            try:
                with threadpool_limits(threads):
                    yield
                return
            except Exception as error:
                line = explain(error)
                if line:
                    print(f"error: {line}")
                else:
                    traceback.print_exc()
    except OSError as error:  # the log itself cannot be written
        sys.exit(f"error: {explain(error) or error}")
    sys.exit(1)
