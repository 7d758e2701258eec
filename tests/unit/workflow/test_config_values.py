import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from neurons.core.errors import InputError
from neurons.workflow.config_values import as_number, check_name, check_plain

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats() | st.text("ab é/.{}$", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abc", max_size=3), PLAIN))
def test_plain_values_pass(config):
    check_plain(config)


@pytest.mark.parametrize(
    "text, words",
    [
        ("runs: {1: {}}", "config: runs: the name 1 must be text"),
        ("a: {b: [1, 2020-01-01]}", "config: a.b.1: '2020-01-01' is a date; put it in quotes"),
        ('a: {b: "x\\0"}', r"config: a.b: 'x\x00' holds a control character"),
        ('"a\\nb": 1', r"the name 'a\nb' holds a control character"),
        (f"a: {2**63}", "config: a: '9223372036854775808' is too large a number"),
        ("a: &knot [*knot]", "does an anchor hold itself?"),
        ("a: &knot {b: *knot}", "does an anchor hold itself?"),
        ("a: !!set {x}", "is a set"),
        ("a: !!binary aGVsbG8=", "is a bytes"),
    ],
)
def test_what_no_setting_is_is_refused_with_its_place(text, words):
    with pytest.raises(InputError) as error:
        check_plain(yaml.safe_load(text))
    assert words in str(error.value)


def test_a_bomb_of_anchors_is_refused_at_once():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    with pytest.raises(InputError, match="too many values"):
        check_plain(yaml.safe_load("\n".join(lines)))


@pytest.mark.parametrize("text", ["1e-3", "1E5", "-2e10", "+3.5e4", "7.e2"])
def test_a_number_that_yaml_takes_for_text_is_written_as_one(text):
    assert isinstance(yaml.safe_load(text), str)
    number = yaml.safe_load(as_number(text))
    assert isinstance(number, float) and number == float(text)


@pytest.mark.parametrize("text", ["1e", "e-3", "x1e-3", "1e-3 ", "0.1", "", 3, None])
def test_other_text_is_no_number(text):
    assert as_number(text) is None


@pytest.mark.parametrize("name", ["mnist", "x" * 19, "ab" * 19, "x" * 20 + "a", "1" * 19 + "2"])
def test_names_that_are_fine(name):
    assert check_name("runs", name) is None
