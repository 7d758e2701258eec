"""Files in MNIST's format. Nothing in here uses the library."""

import numpy as np

TYPES = {"|u1": b"\x08", ">i4": b"\x0c"}


def idx(array: np.ndarray) -> bytes:
    """Encode bytes or big-endian 32-bit integers in MNIST's format."""
    header = b"\0\0" + TYPES[array.dtype.str] + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.tobytes()
