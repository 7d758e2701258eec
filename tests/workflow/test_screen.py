"""What a run shows on a terminal: bars of progress, and a failing job's one line."""

import os
import pty
import re
import select
import struct
import subprocess
import termios
from fcntl import ioctl

WIDTH = 100


def on_a_terminal(place, config, *arguments) -> tuple[int, str]:
    """Run Snakemake with a terminal of 40 lines of `WIDTH` for its screen; return the exit code and what it showed."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, WIDTH, 0, 0))
    environment = place.environment | {"TERM": "xterm"}
    command = place.command(config, *arguments)
    process = subprocess.Popen(command, cwd=place.folder, env=environment, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 600)[0]:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    return process.wait(), re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())


def test_a_terminal_shows_progress_by_rule_and_no_walls(place, tiny):
    table = "results/tiny/communities/table1.csv"
    code, shown = on_a_terminal(place, tiny, table)
    assert code == 0, shown
    assert (place / table).exists()
    assert "Total Progress" in shown and re.search(r"train model 3 .* 100%", shown) and "Complete Log" in shown
    plain = [line for line in re.split(r"[\r\n]+", shown) if "─" not in line and "│" not in line]
    assert len(plain) < 40 and max(map(len, plain)) < 4 * WIDTH

    (place / "results/tiny/seed-0/history.csv").write_text("")
    (place / table).unlink()
    code, shown = on_a_terminal(place, tiny, table)
    assert code == 1
    assert re.search(r"error: \S+history\.csv: .*delete\s+it\s+and\s+run\s+again", shown, re.DOTALL), shown


def test_a_file_gets_plain_lines(place, tiny):
    outcome = place.make(tiny, "results/tiny/communities/table1.csv")
    assert "Total Progress" not in outcome.screen and "\x1b" not in outcome.screen
