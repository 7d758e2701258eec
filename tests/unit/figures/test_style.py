import pytest
from samples import files_in

from neurons.figures.style import figure


def test_a_figure_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(ValueError), figure([tmp_path / "a.svg"]):
        raise ValueError
    assert files_in(tmp_path) == []
