"""How much can be held in memory."""

import os

from neurons.core.errors import InputError


def machine_memory() -> int:
    """Return the bytes of memory of this machine."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def check_fits(size: int, what: str, remedy: str) -> None:
    """Refuse `size` bytes, which `what` take, if they are more than this machine's memory.

    Raises
    ------
    InputError
        With both sizes and the remedy.
    """
    if size > machine_memory():
        raise InputError(
            f"{what} take {size / 1e9:.1f} GB, more than this machine's memory of {machine_memory() / 1e9:.1f} GB; "
            f"{remedy}, or use a machine with more memory"
        )
