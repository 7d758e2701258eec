import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurons.core.formats import (
    cell,
    counted,
    duration,
    file_size,
    is_missing,
    markdown_table,
    number,
    with_limits,
    with_published,
)

NAN = float("nan")


@pytest.mark.parametrize(
    "value, text",
    [(1 / 3, "0.333333"), (1e-9, "1e-09"), (1.0, "1"), (7, "7"), (float("nan"), ""), (None, ""), ("a|b", "a|b")],
)
def test_cell(value, text):
    assert cell(value) == text


@pytest.mark.parametrize("value, missing", [(None, True), (NAN, True), (0, False), (0.0, False), ("", False)])
def test_missing_values(value, missing):
    assert is_missing(value) is missing


@pytest.mark.parametrize(
    "value, options, text",
    [
        (0.125, {}, "0.12"),
        (-2, {"digits": 1}, "-2.0"),
        (12.6, {"digits": 0}, "13"),
        (0.5, {"sign": "+"}, "+0.50"),
        (-0.5, {"sign": "+"}, "-0.50"),
        (0.66254, {"digits": 4, "kind": "g"}, "0.6625"),
        (7, {"digits": 4, "sign": "+", "kind": "g"}, "+7"),
        (None, {}, "–"),
        (NAN, {"digits": 3, "sign": "+"}, "–"),
    ],
)
def test_number(value, options, text):
    assert number(value, **options) == text


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_a_number_is_within_half_of_its_last_digit(value, digits):
    assert float(number(value, digits)) == pytest.approx(value, rel=1e-12, abs=0.5000001 * 10**-digits)


def test_limits_and_published_values_stand_in_brackets():
    assert with_limits(0.123456, -0.2, 0.4, 2, "+") == "+0.12 [-0.20, +0.40]"
    assert with_limits(0.5, NAN, NAN) == "0.50" and with_limits(NAN, NAN, NAN) == "–"
    assert with_published("0.50", "0.24") == "0.50 (0.24)"
    assert with_published("0.50", "0.24", "+0.26") == "0.50 (0.24, +0.26)"
    for nothing in ("–", "– / –", "published –", ""):
        assert with_published("0.50", nothing, "–") == "0.50"


def test_counts_agree_with_their_noun():
    assert [counted(n, "table") for n in (0, 1, 2)] == ["0 tables", "1 table", "2 tables"]


@pytest.mark.parametrize(
    "seconds, text",
    [
        (0, "0 s"),
        (99.4, "99 s"),
        (99.5, "2 min"),
        (5969, "99 min"),
        (5970, "1.7 h"),
        (36_000, "10 h"),
        (4e6, "1,111 h"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    "count, text",
    [
        (0, "0 B"),
        (999, "999 B"),
        (1234, "1.23 kB"),
        (999_600, "1 MB"),
        (5.4e7, "54 MB"),
        (1.234e11, "123 GB"),
        (2.5e12, "2.5 TB"),
    ],
)
def test_file_sizes(count, text):
    assert file_size(count) == text


def test_a_bar_in_a_cell_is_no_column_of_markdown():
    assert markdown_table(["a", "b"], [["1", "x|y"]]) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |\n"
