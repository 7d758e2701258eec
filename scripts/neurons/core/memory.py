"""How much can be held in memory."""

import os
import resource

from neurons.core.errors import InputError


def machine_memory() -> int:
    """Return the bytes of memory of this machine."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


# Bytes of address space that torch, BLAS and a small network map; measured on two cores.
LEAST_ADDRESSES = 3_500_000_000


def check_limit(limit: int = resource.getrlimit(resource.RLIMIT_AS)[0]) -> None:
    """Refuse a limit of this process's address space (`ulimit -v`) below which torch cannot be loaded.

    BLAS ends a process without a word that Python could change, so this is asked beforehand.

    Raises
    ------
    InputError
        With both sizes.
    """
    if limit != resource.RLIM_INFINITY and limit < LEAST_ADDRESSES:
        raise InputError(
            f"memory: this shell allows {limit / 1e9:.1f} GB of addresses (ulimit -v), and torch alone needs "
            f"{LEAST_ADDRESSES / 1e9:.1f} GB; raise the limit, as in `ulimit -v unlimited`"
        )


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
