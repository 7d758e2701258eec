"""Opening HDF5 files that may be damaged, and writing them where the disk may be full."""

import io
from contextlib import contextmanager

import h5py

from neurons.core.errors import InputError
from neurons.core.files import atomic


def open_hdf5(path) -> h5py.File:
    """Open an HDF5 file for reading.

    Raises
    ------
    InputError
        If it is missing, locked, cut short, or not HDF5.
    """
    try:
        return h5py.File(path)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except PermissionError:
        raise
    except OSError as error:
        if "unable to lock" in str(error):
            raise InputError(
                f"{path}: HDF5 cannot lock it; wait if another program writes it, else, where the file system knows no "
                "locks, set HDF5_USE_FILE_LOCKING=FALSE and run again"
            ) from None
        raise InputError(f"{path}: not a readable HDF5 file ({error}); delete it and run again") from None


class _Sink(io.FileIO):
    """A file that HDF5 writes to; a failed write is kept and all later ones are dropped.

    HDF5 flushes when objects are freed, where h5py can raise nothing: on a full disk it would crash the process.
    """

    failure: OSError | None = None

    def write(self, data):
        if self.failure is None:
            try:
                view, done = memoryview(data).cast("B"), 0
                while done < len(view):
                    done += super().write(view[done:])
            except OSError as error:
                self.failure = error
        return len(data)

    def truncate(self, size=None):
        if self.failure is None:
            try:
                return super().truncate(size)
            except OSError as error:
                self.failure = error
        return size

    def readinto(self, buffer):
        read, view = super().readinto(buffer), memoryview(buffer).cast("B")
        view[read:] = bytes(len(view) - read)  # what was dropped reads as zeros
        return len(view)


@contextmanager
def create_hdf5(path):
    """Yield a new HDF5 file that takes the name `path` once it is whole.

    Raises
    ------
    OSError
        With the errno of the first write that failed, such as ENOSPC.
    """
    with atomic(path) as part, _Sink(part, "w+") as sink:
        try:
            with h5py.File(sink, "w") as file:
                yield file
        except Exception:
            if sink.failure is None:
                raise
        if sink.failure is not None:
            raise OSError(sink.failure.errno, sink.failure.strerror, str(path))
