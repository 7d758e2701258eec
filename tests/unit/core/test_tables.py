import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from neurons.core.errors import InputError, MissingTable
from neurons.core.tables import (
    copy_table,
    read_csv_table,
    read_iterations,
    read_seeds,
    write_markdown,
    write_table,
)

FRAME = pd.DataFrame(
    {"run": ["mnist", "a<b & c|d"], "pearson": [-2 / 3, float("nan")], "note": ["", "x, y"], "seeds": [3, 1]}
)


def test_csv(tmp_path):
    write_table(FRAME, tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text().splitlines()
    assert lines == ["run,pearson,note,seeds", "mnist,-0.666667,,3", 'a<b & c|d,,"x, y",1']


def test_markdown(tmp_path):
    write_markdown(FRAME, tmp_path / "t.md", "Title", "Notes.")
    assert (tmp_path / "t.md").read_text() == (
        "# Title\n\nNotes.\n\n| run | pearson | note | seeds |\n| --- | --- | --- | --- |\n"
        "| mnist | -0.666667 |  | 3 |\n| a<b & c\\|d |  | x, y | 1 |\n"
    )


@pytest.mark.parametrize(
    "content, fault",
    [
        (b"", "an empty file"),
        (b"\x89HDF\r\n\x1a\n\0\0\0\n", "no table of text"),
        (b"\xff\xfe\xfa\n", "codec can't decode"),
        (b"iteration,epo", "ends in the middle of a line"),
        (b"iteration,epoch\n1,2\n2", "ends in the middle of a line"),
        (b"iteration\n1\n", "no column 'epoch'"),
        (b"iteration,epoch\n1,2\n1,2,3\n", "Expected 2 fields in line 3"),
    ],
)
def test_a_damaged_table_is_told_in_one_line(tmp_path, content, fault):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"t\.csv: .*; delete it and run again, it is rebuilt") as error:
        read_csv_table(path, ("iteration", "epoch"))
    assert fault in str(error.value) and "\n" not in str(error.value)
    with pytest.raises(InputError, match="; put it back$"):
        read_csv_table(path, ("epoch",), remedy="put it back")


def test_a_missing_table_is_told_apart_from_a_damaged_one(tmp_path):
    with pytest.raises(MissingTable, match=r"none\.csv: not found; run again") as error:
        read_csv_table(tmp_path / "none.csv")
    assert error.value.path == tmp_path / "none.csv" and isinstance(error.value, InputError)


def test_a_written_table_is_read_back(tmp_path):
    write_table(FRAME, tmp_path / "t.csv")
    table = read_csv_table(tmp_path / "t.csv", ("run", "seeds"), dtype={"seeds": str})
    assert table["run"].tolist() == ["mnist", "a<b & c|d"] and table["seeds"].tolist() == ["3", "1"]
    assert table["pearson"][0] == -0.666667 and np.isnan(table["pearson"][1])


@pytest.fixture
def csv_of(tmp_path):
    def write(name, value):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"value\n{value}\n")
        return str(path)

    return write


def test_read_seeds(csv_of):
    frame = read_seeds([4, 9], [csv_of("a.csv", 1), csv_of("b.csv", 2)])
    assert frame.to_dict("list") == {"value": [1, 2], "seed": [4, 9]}


def test_read_iterations(csv_of):
    paths = [csv_of(f"seed-{seed}/{i:02d}.csv", 10 * seed + i) for seed in (4, 9) for i in (1, 2, 10)]
    frame = read_iterations([4, 9], paths)
    assert frame["value"].tolist() == (10 * frame["seed"] + frame["iteration"]).tolist()
    assert frame["iteration"].tolist() == [1, 2, 10] * 2


@pytest.mark.parametrize("read", [read_seeds, read_iterations])
def test_a_damaged_table_among_several_is_named(csv_of, read):
    paths = [csv_of("seed-4/01.csv", 1), csv_of("seed-9/01.csv", 2)]
    with pytest.raises(InputError, match=r"seed-4/01\.csv: no column 'epoch'"):
        read([4, 9], paths, ("value", "epoch"))
    Path(paths[1]).write_bytes(b"val")
    with pytest.raises(InputError, match=r"seed-9/01\.csv: ends in the middle of a line"):
        read([4, 9], paths)


def halved(content: bytes) -> bytes:
    """The first half of the lines."""
    lines = content.splitlines(keepends=True)
    return b"".join(lines[: len(lines) // 2])


def swapped(content: bytes) -> bytes:
    return content.replace(b"1", b"2")


@pytest.mark.parametrize("damage", [halved, swapped, lambda content: b"", lambda content: bytes(range(256))])
@pytest.mark.parametrize("write", ["write_table", "copy_table"])
def test_a_table_that_is_not_what_was_written_is_refused(tmp_path, damage, write):
    path = tmp_path / "t.csv"
    write_table(pd.DataFrame({"iteration": range(1, 9)}), path)
    if write == "copy_table":
        copy_table(path, tmp_path / "copy.csv")
        path = tmp_path / "copy.csv"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=r".csv: .*; delete it and run again"):
        read_csv_table(path)
    with pytest.raises(InputError, match=r".csv: .*; delete it and run again"):
        copy_table(path, tmp_path / "other.csv")
    assert not (tmp_path / "other.csv").exists()
    path.unlink()
    write_table(FRAME, path)
    assert len(read_csv_table(path)) == 2


CALLS = re.compile(r"pd\.read_(csv|table)|csv\.(DictReader|reader|writer)|loadtxt|genfromtxt|to_csv")


def test_all_tables_are_read_and_written_in_the_one_place_that_checks_them(root):
    """Whoever writes or reads a CSV by other means opens a way for a damaged one."""
    found = {
        str(path.relative_to(root)): sorted({match[0] for match in CALLS.finditer(path.read_text())})
        for path in (root / "scripts").rglob("*.py")
    }
    found = {path: calls for path, calls in found.items() if calls}
    assert found == {
        "scripts/neurons/core/files.py": ["csv.writer"],
        "scripts/neurons/core/tables.py": ["pd.read_csv", "to_csv"],
    }
