import pytest

from neurons.core.errors import InputError, choose, nearest


@pytest.mark.parametrize(
    "name, hint",
    [
        ("mnits", ", did you mean 'mnist'?"),
        ("fashion_mnist", ", did you mean 'fashion-mnist'?"),
        ("zzz", ""),
        (12, ""),
    ],
)
def test_nearest(name, hint):
    assert nearest(name, ["mnist", "fashion-mnist", 7]) == hint


def test_a_value_that_is_not_known_is_refused_by_name():
    known = {"mean": 1, "frequency": 2}
    assert [choose(known, name, "graph.select_by") for name in known] == [1, 2]
    with pytest.raises(InputError, match="graph.select_by: 'men' is not one of mean, frequency, did you mean 'mean'?"):
        choose(known, "men", "graph.select_by")


def test_a_message_is_one_line_that_any_stream_takes():
    message = str(InputError("a\n  b: \udcff.png is damaged"))
    assert message == r"a b: \udcff.png is damaged"
    message.encode()
