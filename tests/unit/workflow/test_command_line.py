import os

import pytest

from neurons.core.errors import InputError
from neurons.workflow.command_line import check, find_cache, refuse_targets, values_of

T = "results/tiny/communities/table1.csv"


@pytest.mark.parametrize(
    "line, typed",
    [
        (f"--cores 2 --configfile a.yaml {T}", f"--configfile a.yaml -- {T}"),
        (f"--configfile a.yaml b.json {T} all --cores 2", f"--configfile a.yaml b.json -- {T} all"),
        ("--configfile a.yaml communities_all", "--configfile a.yaml -- communities_all"),
        (f"--configfiles a.yaml {T}", f"--configfiles a.yaml -- {T}"),
        (f"--configfile a.yaml --config data_dir=x {T}", f"--config data_dir=x -- {T}"),
    ],
)
def test_a_target_that_snakemake_takes_for_something_else_is_told(line, typed):
    with pytest.raises(InputError) as error:
        refuse_targets(line.split())
    assert str(error.value).endswith(f"type: {typed}")


@pytest.mark.parametrize(
    "line",
    [
        "",
        T,
        f"--configfile a.yaml -- {T}",
        f"--configfile a --cores 2 {T}",
        f"--configfile=a.yaml {T}",
        "--config a=b c=d -n",
    ],
)
def test_lines_that_are_fine(line):
    refuse_targets(line.split())


def test_values_of_an_option():
    words = ["x", "--configfile", "a", "b", "--cores", "2", "--configfile=c", "d"]
    assert values_of(words, ("--configfile",)) == [("--configfile", ["a", "b"]), ("--configfile", ["c"])]


def test_files_are_checked(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1")
    (tmp_path / "b.yaml").write_text("a: 1\na: 2")
    check(["--configfile", str(tmp_path / "a.yaml")])
    with pytest.raises(SystemExit, match="error: .*none.yaml: no such configuration file"):
        check(["--configfile", str(tmp_path / "a.yaml"), str(tmp_path / "none.yaml")])
    with pytest.raises(SystemExit, match="error: config: .*b.yaml: the key 'a' is given twice"):
        check(["--configfile", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")])


def test_a_home_without_a_cache_gets_one_elsewhere(tmp_path):
    environment = {"HOME": str(tmp_path)}
    find_cache(environment)
    assert environment == {"HOME": str(tmp_path)} and (tmp_path / ".cache").is_dir()
    (tmp_path / "file").touch()
    for broken in (
        {"HOME": str(tmp_path / "file")},
        {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "file/x")},
    ):
        find_cache(broken)
        assert os.path.basename(broken["XDG_CACHE_HOME"]).startswith("cache-of-")
