import hashlib
import subprocess

import pytest
from samples import files_in

from neurons.core.files import atomic, checksum, checksum_file, read_recorded, recorded, write_csv


def test_atomic_puts_the_file_in_place_at_the_end(tmp_path):
    target = tmp_path / "new" / "folder" / "a.txt"
    with atomic(target) as part:
        part.write_text("done")
        assert not target.exists() and part.parent == target.parent
    assert target.read_text() == "done" and files_in(tmp_path) == ["new/folder/a.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_atomic_leaves_nothing_on_failure(tmp_path, error):
    with pytest.raises(error), atomic(tmp_path / "a.txt") as part:
        part.write_text("half")
        raise error
    assert files_in(tmp_path) == []


def test_atomic_keeps_the_old_file_on_failure(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(ValueError), atomic(tmp_path / "a.txt") as part:
        part.write_text("half")
        raise ValueError
    assert (tmp_path / "a.txt").read_text() == "old" and files_in(tmp_path) == ["a.txt"]


def test_atomic_takes_over_what_a_killed_job_left(tmp_path):
    for content in ("killed", "whole"):
        with atomic(tmp_path / "a.txt") as part:
            assert not part.exists() or part.read_text() == "left by a kill"
            part.write_text(content)
        part.write_text("left by a kill")
    assert (tmp_path / "a.txt").read_text() == "whole"


def test_write_csv(tmp_path):
    write_csv(tmp_path / "a.csv", ("name", "value"), [("x, y", 2 / 3), ("z", None), ("w", float("nan"))])
    assert (tmp_path / "a.csv").read_bytes() == b'name,value\n"x, y",0.666667\nz,\nw,\n'


def test_a_recorded_file_is_read_back_and_sha256sum_agrees(tmp_path):
    for content in ("first", "second"):
        with recorded(tmp_path / "a b.txt") as part:
            part.write_text(content)
        assert read_recorded(tmp_path / "a b.txt") == content.encode()
    assert files_in(tmp_path) == [".a b.txt.sha256", "a b.txt"]
    subprocess.run(["sha256sum", "--check", "--strict", ".a b.txt.sha256"], cwd=tmp_path, check=True)


@pytest.mark.parametrize("damaged", [b"", b"whol", b"wholf", b"whole\n", b"\0"])
def test_a_file_that_is_not_what_was_recorded_is_refused(tmp_path, damaged):
    with recorded(tmp_path / "a.txt") as part:
        part.write_text("whole")
    (tmp_path / "a.txt").write_bytes(damaged)
    with pytest.raises(ValueError, match="damaged or changed"):
        read_recorded(tmp_path / "a.txt")


@pytest.mark.parametrize("record", [None, b"", b"half a line", b"\xff", b"0" * 64 + b"  other.txt\n"])
def test_a_file_without_a_record_of_its_own_is_taken_as_it_is(tmp_path, record):
    (tmp_path / "a.txt").write_text("copied")
    if record is not None:
        checksum_file(tmp_path / "a.txt").write_bytes(record)
    assert read_recorded(tmp_path / "a.txt") == b"copied"


def test_recorded_leaves_nothing_on_failure(tmp_path):
    with pytest.raises(KeyError), recorded(tmp_path / "a.txt") as part:
        part.write_text("half")
        raise KeyError
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_checksum(tmp_path, algorithm):
    content = bytes(range(256)) * 5000
    (tmp_path / "a").write_bytes(content)
    assert checksum(tmp_path / "a", algorithm) == hashlib.new(algorithm, content).hexdigest()
