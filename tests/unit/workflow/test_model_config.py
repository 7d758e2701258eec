"""The keys of models and of the auxiliary study: faults are one line that names the key."""

import pytest
import yaml

from neurons.core.errors import InputError
from neurons.workflow.config import resolve
from running import REPOSITORY

SCHEMA = yaml.safe_load((REPOSITORY / "config" / "schema.yaml").read_text())


def resolved(**run):
    config = {"datasets": {"digits": {"source": "digits"}}, "runs": {"r": {"dataset": "digits", **run}}}
    return resolve(config, SCHEMA)["runs"]["r"]


def test_options_are_handed_on_as_they_are():
    options = {"width": 6, "deep": {"er": [1, 2]}}
    assert resolved(model={"name": "resnet18", "options": options})["model"]["options"] == options


def test_defaults_of_the_auxiliary_study():
    assert resolved()["auxiliary"]["layers"] == ["all", "last2", "last1"]
    assert resolved(auxiliary={"layers": [["conv_1", "dense_1"], "all"]})["auxiliary"]["layers"][0][1] == "dense_1"


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ({"model": {"name": "resnet18", "module": "m.py", "builder": "f"}}, "give either 'name' or 'module', not both"),
        ({"model": {"module": "m.py"}}, "runs.r.model: 'module' and 'builder' go together"),
        ({"model": {"input_size": [8, 8]}}, "runs.r.model.input_size goes with 'name' or 'module'"),
        ({"model": {"module": "m.py", "builder": "f", "stem": "small"}}, "runs.r.model.stem goes with 'name'"),
        ({"model": {"stem": "tiny"}}, "'tiny' is not one of standard, small"),
        ({"snapshots": "s", "activations": "a"}, "give either 'activations' or 'snapshots', not both"),
        ({"snapshots": "s", "seeds": [0, 1]}, "runs.r.snapshots needs '{seed}' in its path"),
        ({"auxiliary": {"layers": ["last3"]}}, "runs.r.auxiliary.layers.0: 'last3' is none of what is allowed"),
        ({"training": {"schedule": "cosin"}}, "did you mean 'cosine'"),
    ],
)
def test_faults_are_named(run, message):
    with pytest.raises(InputError, match="^config: ") as error:
        resolved(**run)
    assert message in str(error.value)
