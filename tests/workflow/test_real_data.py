"""The paper's configuration on real images, where there are some: NEURONS_DATA names the folder of raw data."""

import os
from pathlib import Path

import pandas as pd
import pytest
import yaml

DATA = os.environ.get("NEURONS_DATA")
CONFIG = Path(__file__).parents[2] / "config"
pytestmark = [pytest.mark.long, pytest.mark.skipif(not DATA, reason="NEURONS_DATA names no folder of raw data")]


def test_one_iteration_of_mnist_lands_near_the_published_one(place):
    """Published at iteration 1: entropy 2496 bits, running accuracy 0.942, test accuracy 0.967."""
    paper = yaml.safe_load((CONFIG / "paper.yaml").read_text())
    config = {
        "data_dir": DATA,
        "download": False,
        "datasets": {"mnist": paper["datasets"]["mnist"]},
        "runs": {"mnist": paper["runs"]["mnist"] | {"seeds": [0], "training": {"iterations": 1}}},
    }
    place.make(config, "results/mnist/seed-0/entropy/01.csv", "results/mnist/seed-0/modularity/01.csv")
    history = pd.read_csv(place / "results/mnist/seed-0/history.csv").iloc[0]
    assert 0.935 < history["running_accuracy"] < 0.952
    assert 0.955 < history["test_accuracy"] < 0.975
    entropy = pd.read_csv(place / "results/mnist/seed-0/entropy/01.csv")
    assert 2420 < entropy.loc[entropy["class"] == "all", "entropy_bits"].sum() < 2620
    modularity = pd.read_csv(place / "results/mnist/seed-0/modularity/01.csv").set_index("metric")["value"]
    for metric in ("klb", "no_overlap", "unweighted_overlap", "weighted_overlap"):
        assert modularity[metric].between(0.02, 0.5).all(), modularity[metric]


@pytest.mark.parametrize(
    ("name", "file", "shape"),
    [("cifar10", "cifar10-gray.npz", (32, 32)), ("plant-village", "plant-village", (64, 64))],
)
def test_reduced_data_sets_convert_in_grayscale(place, name, file, shape):
    import h5py

    if not os.path.exists(os.path.join(DATA, file)):
        pytest.skip(f"{file} is not in NEURONS_DATA")
    configs = [CONFIG / file for file in ("paper.yaml", "reduced.yaml")]
    place.make(configs, f"results/data/{name}.h5", "--config", f"data_dir={DATA}")
    with h5py.File(place / f"results/data/{name}.h5") as data:
        assert data["train/images"].shape[1:] == shape
        assert len(data["train/labels"]) > len(data["test/labels"]) > 0
