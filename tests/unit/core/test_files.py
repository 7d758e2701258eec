import pytest
from samples import files_in

from neurons.core.files import atomic, write_csv


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
