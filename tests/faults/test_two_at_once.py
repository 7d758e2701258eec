"""Two Snakemakes in one folder, and locks that no living one holds."""

import signal

from harm import SMALL, SMALL_TARGETS, TRAINED, bytes_of, started_training, trained
from running import PATIENCE


def test_a_second_snakemake_is_refused_and_the_first_is_unharmed(place, slow, undisturbed):
    first, training = started_training(place, slow)
    training.send_signal(signal.SIGSTOP)  # so that the first is at work for as long as this needs
    second = place.run(slow, TRAINED)
    training.send_signal(signal.SIGCONT)
    assert second.code == 1
    assert "Directory cannot be locked" in second.screen and "the lock is removed" not in second.screen
    screen, _ = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0, screen
    assert trained(place) == undisturbed


def test_a_lock_of_another_host_stays_until_the_user_takes_it_off(made_copy, made):
    (made_copy / SMALL_TARGETS[0]).unlink()
    lock = made_copy / ".snakemake/locks/0.output.lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(SMALL_TARGETS[0] + "\n")
    (made_copy / ".snakemake/alive").write_text("elsewhere\n")
    refused = made_copy.run(SMALL, *SMALL_TARGETS)
    assert refused.code == 1 and "--unlock" in refused.screen and lock.exists()
    made_copy.make(SMALL, *SMALL_TARGETS, "--unlock")
    made_copy.make(SMALL, *SMALL_TARGETS)
    assert bytes_of(made_copy / "results") == bytes_of(made / "results")
