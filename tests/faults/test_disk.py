"""A full disk and a read-only one: one line, nothing half-written, and the same command goes on when it can."""

import re
import shlex

import pytest

from harm import SMALL, SMALL_TARGETS, TABLE, bytes_of, unshared
from running import altered, refused


def test_a_full_disk_ends_a_training_with_one_line_and_goes_on_when_there_is_space(made_copy):
    config, target = altered(SMALL, model={"hidden": [300, 8]}), "results/tiny/seed-0/snapshots/02.pt"
    outcome = made_copy.run(config, target, largest_file=100_000)  # a snapshot fits, last.pt does not
    log = "logs/train_model/tiny/seed-0.log"
    refused(made_copy, outcome, log, target, ["no space left on the disk"])
    assert not [name for name in made_copy.files("results/tiny/seed-0") if name.endswith(".part")]
    made_copy.make(config, target)


def test_a_full_disk_ends_a_dump_with_one_line_and_no_half_written_file(made_copy):
    target = made_copy / "results/tiny/seed-0/activations/02.h5"
    limit = target.stat().st_size // 2
    target.unlink()
    outcome = made_copy.run(SMALL, "results/tiny/seed-0/activations/02.h5", largest_file=limit)
    log = "logs/dump_activations/tiny/seed-0/02.log"
    refused(made_copy, outcome, log, "results/tiny/seed-0/activations/02.h5", ["no space left on the disk"])


def call(place) -> str:
    return shlex.join(place.command(SMALL, *SMALL_TARGETS))


# The disk holds all of Snakemake's own files too; it gets full while data are converted, or later.
@pytest.mark.parametrize("size", ["120k", "600k"])
def test_on_a_full_disk_all_stops_and_goes_on_when_there_is_space(place, made, tmp_path, size):
    script = f"""
        mount -t tmpfs -o size={size} none . && cd "$PWD" || exit 99
        {call(place)} && exit 98
        echo LEFT; find . -name '.*.part'; echo SPACE
        mount -o remount,size=100m . && {call(place)} && cp -r results {tmp_path}/made
    """
    outcome = unshared(script, place.folder)
    assert outcome.code == 0, outcome.screen
    screen, left = outcome.screen.split("SPACE")[0].split("LEFT")
    assert re.search("no space left on", screen, re.IGNORECASE), screen
    assert left.split() == []
    assert bytes_of(tmp_path / "made") == bytes_of(made / "results")


# Where other files of the job lie in the way, Snakemake itself says so before anything runs.
@pytest.mark.parametrize(
    "gone, says",
    [
        ("table5.csv", "Write-protected output files for rule correlate_entropy"),
        ("*", "error: results/ is read-only for you: make it writable, or work in another folder (--directory)"),
    ],
)
def test_read_only_results_are_named_and_stay_as_they_are(made_copy, gone, says):
    for path in (made_copy / TABLE).parent.glob(gone):
        path.unlink()
    before = bytes_of(made_copy / "results")
    script = f"mount --bind results results && mount -o remount,ro,bind results && {call(made_copy)}"
    outcome = unshared(script, made_copy.folder)
    assert outcome.code == 1
    assert says in outcome.screen and "Traceback" not in outcome.screen
    assert bytes_of(made_copy / "results") == before
    made_copy.make(SMALL, *SMALL_TARGETS)


def test_a_read_only_folder_is_refused_in_one_line(place):
    script = f'mount --bind . . && mount -o remount,ro,bind "$PWD" && cd "$PWD" && {call(place)}'
    outcome = unshared(script, place.folder)
    assert outcome.code == 1
    [line] = outcome.error_lines
    where, what = (
        f"{place / '.snakemake'}",
        "read-only file system; run in a folder that you can write to (--directory)",
    )
    assert line == f"error: {where}: {what}" and "Traceback" not in outcome.screen
