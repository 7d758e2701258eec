"""Opening HDF5 files that may be damaged."""

import h5py

from neurons.errors import InputError


def open_hdf5(path) -> h5py.File:
    """Open an HDF5 file for reading.

    Raises
    ------
    InputError
        If it is missing, cut short, or not HDF5.
    """
    try:
        return h5py.File(path)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except PermissionError:
        raise
    except OSError as error:
        raise InputError(f"{path}: not a readable HDF5 file ({error}); delete it and run again") from None
