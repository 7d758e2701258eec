import pytest

from neurons.errors import nearest


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
