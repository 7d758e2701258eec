"""A training that is killed goes on where it was and ends with the bytes of an undisturbed one."""

import signal
import time

import psutil
import pytest

TARGET = "results/tiny/seed-0/snapshots/03.pt"
UNFINISHED = "results/tiny/seed-0/unfinished/last.pt"


@pytest.fixture
def slow(tiny) -> dict:
    """A training of 24 short epochs, long enough to be killed on the way."""
    tiny["defaults"]["training"] = {"iterations": 3, "epochs_per_iteration": 8, "batch_size": 8}
    return tiny


def trainings(snakemake: psutil.Process) -> list[psutil.Process]:
    """The child processes that run the training script."""
    found = []
    for child in snakemake.children(recursive=True):
        try:
            if any("train_model" in word for word in child.cmdline()[1:3]):
                found.append(child)
        except psutil.NoSuchProcess:
            pass
    return found


def kill_on_the_way(place, config, snakemake_too: bool) -> None:
    """Start the training, wait until epochs are done, and SIGKILL it (and Snakemake before it, if asked)."""
    process = place.start(config, TARGET)
    parent = psutil.Process(process.pid)
    deadline = time.monotonic() + 120
    while not ((place / UNFINISHED).exists() and trainings(parent)):
        assert process.poll() is None and time.monotonic() < deadline, "the training was not seen at work"
        time.sleep(0.01)
    training = trainings(parent)
    if snakemake_too:
        process.send_signal(signal.SIGKILL)
    for child in training:
        child.send_signal(signal.SIGKILL)
    psutil.wait_procs(training, timeout=10)
    screen, _ = process.communicate(timeout=120)
    assert process.returncode != 0, screen


def trained(place) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in place.files("results/tiny").items()}


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, bytes]:
    """The files of the first undisturbed training of this module."""
    return {}


@pytest.mark.parametrize("snakemake_too", [False, True], ids=["training", "training and Snakemake"])
def test_goes_on_after_sigkill_with_the_same_bytes(place, new_place, slow, undisturbed, snakemake_too):
    if not undisturbed:
        outcome = place.run(slow, TARGET)
        assert outcome.code == 0, outcome.screen
        undisturbed.update(trained(place))
    assert len(undisturbed) == 6  # four snapshots, history and class accuracies

    killed = new_place("killed")
    kill_on_the_way(killed, slow, snakemake_too)
    assert (killed / UNFINISHED).is_file()
    assert not (killed / "results/tiny/seed-0/history.csv").exists()
    assert not (killed / TARGET).exists()

    if snakemake_too:  # a killed Snakemake leaves its lock on the folder, and says how to take it off
        assert "--unlock" in killed.run(slow, TARGET).screen
        assert killed.run(slow, TARGET, "--unlock").code == 0
    outcome = killed.run(slow, TARGET)
    assert outcome.code == 0, outcome.screen
    log = (killed / "logs/train_model/tiny/seed-0.log").read_text()
    assert int(log.split("going on from epoch ")[1].split()[0]) > 0
    assert trained(killed) == undisturbed
