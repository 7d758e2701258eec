import resource

import pytest

from neurons.core.errors import InputError
from neurons.core.memory import LEAST_ADDRESSES, check_fits, check_limit, machine_memory


def test_the_memory_is_the_machines():
    with open("/proc/meminfo") as stream:
        told = int(stream.readline().split()[1]) * 1024
    assert machine_memory() == pytest.approx(told, rel=0.05)


def test_what_does_not_fit_is_refused_with_both_sizes():
    check_fits(machine_memory(), "the arrays", "keep fewer")
    with pytest.raises(
        InputError, match=r"the arrays take \d+.\d GB, more than this machine's memory of .* GB; keep fewer, or"
    ):
        check_fits(2 * machine_memory(), "the arrays", "keep fewer")


def test_a_limit_that_torch_does_not_fit_in_is_refused():
    for enough in (LEAST_ADDRESSES, resource.RLIM_INFINITY):
        check_limit(enough)
    with pytest.raises(
        InputError, match=r"this shell allows 2.0 GB of addresses \(ulimit -v\), and torch .* raise the limit"
    ):
        check_limit(2_000_000_000)
