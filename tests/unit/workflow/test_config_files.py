import json

import pytest

from neurons.core.errors import InputError
from neurons.workflow.config_files import check_file, check_runs


def write(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text, key, lines",
    [
        ("runs: {}\nruns: {}\n", "runs", (1, 2)),
        ("runs:\n  a: {}\n  b: {}\n  'a': {}\n", "a", (2, 4)),
        ("runs:\n  a:\n    seeds: [0]\n    model: {hidden: [1],\n      hidden: [2]}\n", "hidden", (4, 5)),
        ("list:\n- {x: 1, x: 2}\n", "x", (2, 2)),
        ("a: &a {b: 1, c: 2, b: 3}\nd: *a\n", "b", (1, 1)),
        ('{"runs": {"a": {},\n "a": {}}}', "a", (1, 2)),
        ("a: &knot {self: *knot, x: 1,\n x: 2}", "x", (1, 2)),
    ],
)
def test_a_key_given_twice_is_named_with_its_lines(tmp_path, text, key, lines):
    path = write(tmp_path, text)
    with pytest.raises(InputError) as error:
        check_file(path)
    assert f"{path}: the key '{key}' is given twice (lines {lines[0]} and {lines[1]}); keep one" in str(error.value)


@pytest.mark.parametrize("text", ["a: 1\nb: {a: 1}\nc: {a: 1}\n", json.dumps({"a": {"b": [1]}}, indent=1)])
def test_keys_given_once_pass(tmp_path, text):
    check_file(write(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        b"a: [",
        b"a: \xff",
        b"\0\x01",
        b"a: b: c",
        b"",
        b"[1, 2]",
        b"text",
        b"a: &k [*k]",
        b"&k {a: *k}",
        b"1: x",
        b"a: 2020-01-01",
    ],
)
def test_what_is_no_yaml_is_refused_in_one_line(tmp_path, text):
    path = write(tmp_path, text)
    with pytest.raises(InputError) as error:
        check_file(path)
    assert str(path) in str(error.value) and str(error.value).isprintable()


def test_shipped_files_have_every_key_once(root):
    for path in sorted((root / "config").glob("*.yaml")):
        check_file(path)


def test_files_without_runs_are_refused():
    with pytest.raises(InputError, match="mine.yaml: the key 'runs' is missing"):
        check_runs({"data_dir": "x"}, ["mine.yaml"])
    check_runs({"data_dir": "x"}, [])
    check_runs({"runs": {}}, ["mine.yaml"])
