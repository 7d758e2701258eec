"""Seconds of an operation on this machine: those that `benchmarks/rates.py` wrote, scaled by what is measured here."""

import json
import time
import timeit
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

FILE = Path(__file__).parents[4] / "resources/rates.json"


def measure() -> tuple[float, float]:
    """Return the seconds of a multiply-add of a matrix product and of copying a byte (read and written), on one core."""
    left, right, block = torch.rand(1024, 784), torch.rand(784, 512), torch.rand(2**24)
    copy = torch.empty_like(block)
    with threadpool_limits(1):
        product, copied = (
            min(timeit.repeat(function, timer=time.process_time, number=10, repeat=5)) / 10
            for function in (lambda: left @ right, lambda: copy.copy_(block))
        )
    return product / (1024 * 784 * 512), copied / (8 * len(block))


def rates_here() -> tuple[dict[str, float], str]:
    """Return the seconds of every operation on this machine, and how they were found, in one line."""
    known, (product, copied) = json.loads(FILE.read_text(encoding="utf-8")), measure()
    slower, other = product / known["products"]["dense"], copied / known["copy"]
    rates = {name: rate * slower for name, rate in known["products"].items()}
    return rates | {name: rate * other for name, rate in known["others"].items()}, (
        f"Rates: those of {known['machine']}, products times {slower:.2f}, all others times {other:.2f}, by what is "
        f"measured here: {1e-9 / product:.0f} G multiply-adds and {1e-9 / copied:.0f} GB copied a second on one core"
    )
