import errno
import os
import subprocess
import sys

import pytest
from samples import files_in
from threadpoolctl import threadpool_info

from neurons.core.errors import InputError
from neurons.workflow.jobs import explain, job

FULL_DISK = """
import resource, sys
import h5py, numpy as np
from pathlib import Path
from neurons.core.files import atomic
from neurons.workflow.jobs import job
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
with job("job.log"):
    with atomic("result") as part:
        {write}
"""
WRITES = {
    "plain": "part.write_bytes(bytes(10**6))",
    "hdf5": "h5py.File(part, 'w').create_dataset('x', data=np.ones(10**6))",
    "closed hdf5": """with h5py.File(part, 'w') as file:
            file['x'] = np.ones(10**6)""",
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_full_disk_is_one_line_and_leaves_no_file(tmp_path, root, write):
    """A file-size limit stands for a full disk: the kernel refuses the write with an errno of its kind."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK.format(write=write)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root / "scripts")},
        capture_output=True,
        timeout=60,
    )
    log = (tmp_path / "job.log").read_text()
    assert done.returncode == 1, done.stderr
    assert log.startswith("error: no space left on the disk") and log.count("\n") == 1, log
    assert files_in(tmp_path) == ["job.log"]


def test_a_log_that_cannot_be_written_is_one_line_on_the_screen(tmp_path):
    (tmp_path / "job.log").symlink_to("/dev/full")  # it refuses every write as a full disk does
    with pytest.raises(SystemExit) as end, job(tmp_path / "job.log"):
        print("working")
    line = "error: no space left on the disk: free some space and run the same command again"
    assert str(end.value.code) == line


def run_and_fail(log, error) -> str:
    with pytest.raises(SystemExit) as end, job(log):
        print("working")
        raise error
    assert end.value.code == 1
    return log.read_text()


@pytest.mark.parametrize(
    "error, line",
    [
        (InputError("a.h5: damaged;\n  delete it"), "error: a.h5: damaged; delete it\n"),
        (
            PermissionError(errno.EACCES, "Permission denied", "data/a.h5"),
            "error: data/a.h5: permission denied; make it readable and writable and run again\n",
        ),
        (
            OSError(errno.EROFS, "Read-only file system", "results/a.h5"),
            "error: results/a.h5: read-only file system; make it readable and writable and run again\n",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "a.h5"),
            "error: no space left on the disk while writing a.h5: free some space and run the same command again\n",
        ),
        (
            OSError("Can't write data (errno = 28, error message = 'No space left on device')"),
            "error: no space left on the disk: free some space and run the same command again\n",
        ),
    ],
)
def test_what_a_user_can_mend_is_one_line(tmp_path, error, line):
    assert run_and_fail(tmp_path / "job.log", error) == "working\n" + line


@pytest.mark.parametrize("error", [ValueError("a bug"), OSError(errno.EIO, "Input/output error"), KeyError("x")])
def test_any_other_error_is_a_traceback(tmp_path, error):
    log = run_and_fail(tmp_path / "job.log", error)
    assert "Traceback" in log and type(error).__name__ in log and "test_jobs.py" in log
    assert explain(error) is None


def test_output_goes_to_the_log_with_at_most_so_many_threads(tmp_path, capsys):
    with job(tmp_path / "job.log", threads=1):
        print("to the log")
        print("errors too", file=sys.stderr)
        assert all(pool["num_threads"] == 1 for pool in threadpool_info())
    assert (tmp_path / "job.log").read_text() == "to the log\nerrors too\n"
    assert capsys.readouterr() == ("", "")
