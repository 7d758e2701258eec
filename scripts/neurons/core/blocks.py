"""Counting over the rows of a block."""

import numpy as np

STRIP = 255  # rows whose hits fit into a byte


def count_rows(mask: np.ndarray) -> np.ndarray:
    """Return the number of true rows per column of a bool (B, n) array; summed in bytes, strip by strip."""
    strips = mask.view(np.uint8)
    total = np.zeros(mask.shape[1], np.int64)
    for start in range(0, len(mask), STRIP):
        total += np.add.reduce(strips[start : start + STRIP], axis=0, dtype=np.uint8)
    return total
