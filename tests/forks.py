"""Calls of Snakemake without its start-up: a process that has imported it forks for each call.

Importing Snakemake takes about a second, as much as most of the dry runs that the tests ask for. Nothing but Snakemake
itself is imported before the fork: what the workflow imports, each call imports again.
"""

import functools
import json
import os
import select
import subprocess
import sys


def _serve() -> None:
    """Run the calls that come on stdin as lines of JSON, one after the other, and answer each with its exit code."""
    import snakemake.cli
    from snakemake.workflow import Workflow

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(**json.loads(line))
            Workflow._rundir = os.getcwd()  # noted when the module was imported
            sys.exit(snakemake.cli.main())
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(arguments: list[str], folder: str, environment: dict[str, str], screen: str) -> None:
    """Make this process what `python -m snakemake` would be: its folder, arguments, variables, and where it prints."""
    output = os.open(screen, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number, opened in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output), (2, output)):
        os.dup2(opened, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["snakemake", *arguments]
    sys.path[0] = folder


@functools.cache
def _server() -> subprocess.Popen:
    """Start the process that forks; it ends with this one."""
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-u", __file__], start_new_session=True, **streams)


def snakemake(arguments: list, folder, environment: dict[str, str], screen, timeout: float) -> int:
    """Return the exit code of Snakemake, called in a folder with its screen written to a file.

    Raises
    ------
    subprocess.TimeoutExpired
        If it does not end in time (seconds).
    """
    server = _server()
    words = [*map(str, arguments)]
    call = {"arguments": words, "folder": str(folder), "environment": environment, "screen": str(screen)}
    server.stdin.write(json.dumps(call) + "\n")
    server.stdin.flush()
    if not select.select([server.stdout], [], [], timeout)[0]:
        os.killpg(server.pid, 9)
        _server.cache_clear()
        raise subprocess.TimeoutExpired(["snakemake", *words], timeout)
    return int(server.stdout.readline())


if __name__ == "__main__":
    _serve()
