"""A training that is killed, or whose Snakemake is, goes on with the same command and ends with the undisturbed bytes."""

import re
import signal
import subprocess

import psutil
import pytest

from harm import TRAINED, started_training, trained
from running import PATIENCE


@pytest.mark.parametrize("snakemake_too", [False, True], ids=["training", "training and Snakemake"])
def test_goes_on_after_sigkill_with_the_same_bytes(place, slow, undisturbed, snakemake_too):
    snakemake, training = started_training(place, slow)
    for process in [snakemake, training] if snakemake_too else [training]:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs([training], timeout=PATIENCE)
    screen, _ = snakemake.communicate(timeout=PATIENCE)
    assert snakemake.returncode == (-signal.SIGKILL if snakemake_too else 1), screen
    assert (place / "results/tiny/seed-0/unfinished/last.pt").is_file()
    assert not (place / "results/tiny/seed-0/history.csv").exists()
    assert not (place / TRAINED).exists()

    outcome = place.make(slow, TRAINED)
    assert ("so the lock is removed" in outcome.screen) == snakemake_too
    log = (place / "logs/train_model/tiny/seed-0.log").read_text()
    assert int(log.split("going on from epoch ")[1].split()[0]) > 0
    assert trained(place) == undisturbed


def test_a_training_that_outlives_its_snakemake_is_waited_for(place, slow, undisturbed):
    snakemake, training = started_training(place, slow)
    training.send_signal(signal.SIGSTOP)  # so that it is at work for as long as this needs
    snakemake.send_signal(signal.SIGKILL)
    snakemake.wait()
    again = place.start(slow, TRAINED)
    waiting = next(line for line in again.stdout if line.startswith(("waiting: ", "Finished", "Error")))
    assert re.fullmatch(r"waiting: the same job of an earlier call .*train_model/tiny/seed-0\.log\)", waiting.strip())
    with pytest.raises(subprocess.TimeoutExpired):
        again.wait(timeout=1)
    training.send_signal(signal.SIGCONT)
    screen, _ = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0, screen
    assert not training.is_running()
    assert trained(place) == undisturbed
