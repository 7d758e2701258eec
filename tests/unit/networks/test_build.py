import pytest

from neurons.networks.build import build
from neurons.networks.plain import MLP, ConvNet

SETTINGS = {"filters": [], "hidden": [7, 5], "dropout": 0.5}


@pytest.mark.parametrize("filters, kind", [([], MLP), ([3, 2], ConvNet)])
def test_build_chooses_the_architecture(filters, kind):
    assert type(build(SETTINGS | {"filters": filters}, (8, 8), 3)) is kind
