import fcntl
import os
import subprocess
import sys

import h5py
import pytest

from neurons.core.errors import InputError
from neurons.core.hdf5 import open_hdf5
from running import REPOSITORY


def test_opens_for_reading_only(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = [1, 2]
    with open_hdf5(tmp_path / "a.h5") as file:
        assert file["x"][:].tolist() == [1, 2] and file.mode == "r"


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="a.h5: no such file"):
        open_hdf5(tmp_path / "a.h5")


@pytest.mark.parametrize("content", [b"", b"not HDF5 at all\n" * 100, b"\x89HDF\r\n\x1a\n" + bytes(50)])
def test_damaged_file(tmp_path, content):
    (tmp_path / "a.h5").write_bytes(content)
    with pytest.raises(InputError, match="a.h5: not a readable HDF5 file"):
        open_hdf5(tmp_path / "a.h5")


def test_a_lock_is_told_and_can_be_switched_off(tmp_path):
    """The lock of another program stands for a network file system where no lock can be had."""
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["x"] = [1, 2]
    with open(path, "rb+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="a.h5: HDF5 cannot lock it.*HDF5_USE_FILE_LOCKING=FALSE"):
            open_hdf5(path)
        code = f"from neurons.core.hdf5 import open_hdf5; print(open_hdf5({str(path)!r})['x'][:].tolist())"
        scripts = REPOSITORY / "scripts"
        unlocked = os.environ | {"HDF5_USE_FILE_LOCKING": "FALSE", "PYTHONPATH": str(scripts)}
        done = subprocess.run([sys.executable, "-c", code], env=unlocked, capture_output=True, text=True)
    assert done.stdout.strip() == "[1, 2]", done.stderr
