"""Every value that the schema offers is one that the code knows, and the other way round."""

import csv

import numpy as np
import pytest
import yaml

from neurons.auxiliary.probabilities import LAST
from neurons.coactivation.export import STRENGTHS
from neurons.coactivation.graph import EDGES, PREPARED
from neurons.core.errors import InputError
from neurons.data.dataset import LABELS
from neurons.data.sources import SOURCES
from neurons.dumps.format import DTYPES, create
from neurons.graphs.pattern_graph import RANKINGS, activation_graph
from neurons.networks.tapped import NORMALIZE, adapt
from neurons.networks.torchvision_models import STEMS, torchvision_classifier
from neurons.training.optimisers import OPTIMISERS, SCHEDULES
from neurons.training.regularisers import REGULARISERS, Regulariser
from neurons.workflow.registry import STUDIES
from running import REPOSITORY

SCHEMA = yaml.safe_load((REPOSITORY / "config" / "schema.yaml").read_text())
PUBLISHED = [
    csv.DictReader(path.read_text().splitlines()) for path in (REPOSITORY / "resources/published").glob("*.csv")
]
KNOWN = {
    "settings.published": {row["dataset"] for table in PUBLISHED for row in table if "dataset" in row},
    "dataset.source": SOURCES,
    "settings.studies": STUDIES,
    "settings.labels": LABELS,
    "settings.model.channels": [1, 3],
    "settings.model.stem": STEMS,
    "settings.model.normalize": NORMALIZE,
    "settings.training.optimizer": OPTIMISERS,
    "settings.training.schedule": SCHEDULES,
    "settings.training.regulariser.measure": REGULARISERS,
    "settings.dumps.dtype": DTYPES,
    "settings.graph.select_by": RANKINGS,
    "settings.auxiliary.layers": ["all", *LAST],
    "settings.coactivation.correlation": PREPARED,
    "settings.coactivation.class_value": ["softmax", "logits"],
    "settings.coactivation.edges": EDGES,
    "settings.coactivation.export_edges": STRENGTHS,
}


def enums(schema, path=()):
    """Yield (path, values) of every enum in a schema, the path as a user writes the key."""
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key == "enum":
            yield ".".join(path), value
        elif isinstance(value, dict | list):
            named = isinstance(key, str) and key not in ("properties", "items", "anyOf", "additionalProperties")
            yield from enums(value, (*path, key) if named else path)


def test_schema_and_code_know_the_same_values():
    assert {path: sorted(values) for path, values in enums(SCHEMA["$defs"])} == {
        path: sorted(known) for path, known in KNOWN.items()
    }


def unknown_edges():
    from neurons.coactivation.export import _edges

    _edges(np.zeros((2, 2)), 0.1, "odd")


def unknown_correlation():
    from neurons.coactivation.graph import correlate

    correlate(iter([np.zeros((3, 2))]), None, "odd", 3)


def unknown_labels():
    from neurons.data.dataset import read_labels

    read_labels({"train/labels": np.zeros(3, int)}, "train", "odd", 0)


def unknown_dtype():
    with create("unused.h5", {"classes": ["a"]}, {"dense_1": 2}, "odd"):
        pass


@pytest.mark.parametrize(
    "call, key",
    [
        (unknown_edges, "coactivation.export_edges"),
        (unknown_correlation, "coactivation.correlation"),
        (unknown_labels, "labels"),
        (unknown_dtype, "dumps.dtype"),
        (lambda: adapt(None, None, None, "odd"), "model.normalize"),
        (lambda: torchvision_classifier({"name": "resnet18", "stem": "odd"}, (8, 8), 2), "model.stem"),
        (lambda: Regulariser("odd", 2), "training.regulariser.measure"),
        (lambda: activation_graph(lambda: [], np.ones(2), 3, 2, "odd"), "graph.select_by"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_that_the_code_does_not_know_fails(call, key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=f"^{key}: 'odd' is not one of "):
        call()
