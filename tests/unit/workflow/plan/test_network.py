"""Networks counted for a plan, against counts by hand."""

import pytest

from neurons.networks.build import build
from neurons.networks.snapshots import save
from neurons.workflow.plan.network import LARGE, count

PLAIN = {"filters": [], "hidden": [], "dropout": 0.0, "stem": "standard", "normalize": "none"}


def test_a_dense_network_is_counted_layer_by_layer():
    network = count(PLAIN | {"hidden": [7, 5]}, (4, 3), 2)
    assert network.dense == 12 * 7 + 7 * 5 + 5 * 2
    assert network.convolution == network.maps == network.large_weights == 0
    assert network.weights == network.kept == 12 * 7 + 7 * 5 + 5 * 2 + 7 + 5 + 2
    assert network.widths == (7, 5) and network.neurons == 12


def test_a_convolution_is_counted_at_every_position():
    """3 x 3 over all 8 x 6 positions of 3 channels, then over the 4 x 3 that pooling leaves; 2 x 1 x 5 reach the head."""
    network = count(PLAIN | {"filters": [4, 5], "hidden": [6]}, (8, 6, 3), 2)
    assert network.convolution == 8 * 6 * 9 * 3 * 4 + 4 * 3 * 9 * 4 * 5
    assert network.dense == 2 * 1 * 5 * 6 + 6 * 2
    assert network.weights == (9 * 3 * 4 + 4) + (9 * 4 * 5 + 5) + (10 * 6 + 6) + (6 * 2 + 2)
    assert network.widths == (4, 5, 6) and network.maps == 9


def test_large_tensors_are_told_apart():
    width = LARGE // 100 + 1
    network = count(PLAIN | {"hidden": [width, 3]}, (10, 10), 2)
    assert network.large_weights == 100 * width
    assert network.weights == 100 * width + width + 3 * width + 3 + 3 * 2 + 2


def test_torchvisions_classifiers_are_counted_at_the_size_that_they_see():
    """torchvision publishes 4.09 G multiply-adds and 25.6 M parameters for ResNet-50 on 224 x 224 images."""
    network = count(PLAIN | {"name": "resnet50", "input_size": [224, 224]}, (32, 32, 3), 1000)
    assert network.dense + network.convolution == pytest.approx(4.09e9, rel=0.002)
    assert network.weights == 25_557_032
    assert network.kept > network.weights  # averages of batch normalisation
    assert network.maps == network.neurons


def test_what_a_snapshot_holds_is_its_size(tmp_path):
    settings = PLAIN | {"filters": [8], "hidden": [300]}
    save({"model": build(settings, (28, 28), 10).state_dict()}, tmp_path / "01.pt")
    size = (tmp_path / "01.pt").stat().st_size
    assert 4 * count(settings, (28, 28), 10).kept == pytest.approx(size, rel=0.01)
