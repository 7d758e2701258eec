"""The auxiliary study through Snakemake: the documented example, a user's snapshots, the boosted model."""

import re
from pathlib import Path

import h5py
import pandas as pd
import pytest
import torch
import yaml

from neurons.auxiliary.boosted import BoostedClassifier
from neurons.networks.build import build
from neurons.networks.imported_model import imported_classifier

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "models.md").read_text()


def block(language: str, first: str) -> str:
    """Return the code block of the page that begins with `first`."""
    return next(text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.S) if text.startswith(first))


@pytest.fixture(scope="module")
def finished(new_place):
    """The example of docs/models.md, and the same weights imported as a user's own snapshots, for two iterations."""
    place = new_place("own")
    folder = place.folder
    (folder / "my_model.py").write_text(block("python", "from torch import nn"))
    config = yaml.safe_load(block("yaml", "datasets:"))
    config["runs"]["mine"]["auxiliary"] = {"epochs": 2}
    imported = {key: value for key, value in config["runs"]["mine"].items()}
    config["runs"]["imported"] = imported | {"snapshots": "weights"}
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    model = config["runs"]["mine"]["model"]
    (folder / "weights").mkdir()
    settings = {"module": str(folder / "my_model.py"), "builder": model["builder"], "options": model["options"]}
    for iteration in (1, 2):
        torch.manual_seed(iteration)
        torch.save(imported_classifier(settings, (8, 8), 10).state_dict(), folder / "weights" / f"{iteration:02d}.pt")
    place.make(folder / "config.yaml")
    return place


def test_documented_files_are_there(finished):
    for run in ("mine", "imported"):
        own = finished / "results" / run / "auxiliary"
        for name in ("table1.csv", "table2.csv", "table4.csv", "figure2.svg", "confidence.csv", "boosted.pt"):
            assert (own / name).exists()
        columns = list(pd.read_csv(finished / "results" / run / "seed-0" / "auxiliary" / "01.csv"))
        assert columns == ["layers", "method", "split", "accuracy"]
    for n in (1, 2, 3, 4):
        assert (finished / "results" / "paper" / "auxiliary" / f"table{n}.md").exists()
    assert (finished / "results" / "report.html").exists()


def test_layers_of_the_example(finished):
    with h5py.File(finished / "results" / "mine" / "seed-0" / "activations" / "02.h5") as file:
        assert list(file.attrs["layers"]) == ["1", "5"]
        assert file["test/layers/1"].shape[1] == 6


def test_boosted_model_has_the_tables_accuracy(finished):
    table = pd.read_csv(finished / "results" / "mine" / "auxiliary" / "table2.csv")
    options = {"builder": "two_stage", "options": {"width": 6}, "module": str(finished / "my_model.py")}
    boosted = BoostedClassifier.load(
        finished / "results" / "mine" / "auxiliary" / "boosted.pt", base=build(options, (8, 8), 10)
    )
    with h5py.File(finished / "results" / "data" / "digits.h5") as file:
        images, labels = torch.from_numpy(file["test/images"][:]), torch.from_numpy(file["test/labels"][:])
    accuracy = (boosted(images).argmax(1) == labels).double().mean().item()
    assert accuracy == pytest.approx(table["auxiliary_test"].iloc[-1], abs=1e-6)


def test_nothing_is_left_to_do(finished):
    assert finished.dry_run(finished / "config.yaml") == {}


def test_unknown_layer_ends_in_one_line(finished):
    (finished / "typo.yaml").write_text(yaml.safe_dump({"defaults": {"auxiliary": {"layers": [["conv"]]}}}))
    target = "results/mine/seed-0/patterns/01.h5"
    assert finished.run([finished / "config.yaml", finished / "typo.yaml"], target).code != 0
    log = (finished / "logs" / "measure_patterns" / "mine" / "seed-0" / "01.log").read_text()
    assert log.startswith("error: auxiliary.layers: the model has no hidden layer 'conv'") and log.count("\n") == 1
