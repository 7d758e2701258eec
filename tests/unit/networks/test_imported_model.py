"""Models that a user brings as a function in a Python file."""

import sys
import traceback

import pytest
import torch

from neurons.core.errors import InputError
from neurons.networks.build import build

MODULE = """
from torch import nn

def small(image_shape, classes, width=4):
    return nn.Sequential(nn.Flatten(), nn.Linear(image_shape[0] * image_shape[1], width), nn.ReLU(),
                         nn.Linear(width, classes))

def number(image_shape, classes):
    return 3
"""


def test_imported_model(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(MODULE)
    settings = {"module": str(path), "builder": "small", "options": {"width": 6}}
    assert build(settings, (8, 8), 10).layer_widths() == {"2": 6}
    with pytest.raises(InputError, match="no function 'smal', did you mean 'small'"):
        build(settings | {"builder": "smal"}, (8, 8), 10)
    with pytest.raises(InputError, match="returned int"):
        build({"module": str(path), "builder": "number"}, (8, 8), 10)
    with pytest.raises(InputError, match="no such file"):
        build(settings | {"module": str(tmp_path / "none.py")}, (8, 8), 10)


def module(tmp_path, text: str, name="mine.py") -> dict:
    """Write a module whose function is `make`; return the model's settings."""
    (tmp_path / name).write_text(text)
    return {"module": str(tmp_path / name), "builder": "make"}


SEQUENTIAL = """
import torch
from torch import nn

def make(image_shape, classes):
    return nn.Sequential(nn.Flatten(), nn.Linear(image_shape[0] * image_shape[1], 5), nn.ReLU(), {last})
"""
WITH_METHODS = """
import torch
from torch import nn

class Mine(nn.Module):
    def __init__(self, pixels, classes):
        super().__init__()
        self.hidden, self.out = nn.Linear(pixels, 5), nn.Linear(5, classes)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x.flatten(1))))

    def activations(self, x):
        hidden = torch.relu(self.hidden(x.flatten(1)))
        return {returned}

    def layer_widths(self):
        return {widths}

def make(image_shape, classes):
    return Mine(image_shape[0] * image_shape[1], classes)
"""


@pytest.mark.parametrize(
    "text",
    [
        SEQUENTIAL.format(last="nn.Linear(5, classes)"),
        WITH_METHODS.format(returned="[hidden], self.out(hidden)", widths="{'fc': 5}"),
    ],
    ids=["tapped", "methods"],
)
def test_a_model_that_fits_is_checked_and_left_as_it_is(tmp_path, text):
    settings = module(tmp_path, text)
    torch.manual_seed(3)
    model = build(settings, (8, 8), 10)
    after = torch.rand(4)
    torch.manual_seed(3)
    expected = [torch.nn.Linear(64, 5), torch.nn.Linear(5, 10)]
    for layer, values in zip((64, 5), list(model.state_dict().values())[::2], strict=True):
        assert values.shape[1] == layer
    for tensor, wanted in zip(model.state_dict().values(), [p for layer in expected for p in layer.parameters()]):
        assert torch.equal(tensor, wanted)
    assert torch.equal(after, torch.rand(4))  # the check draws no random number
    assert list(model.layer_widths().values()) == [5]


@pytest.mark.parametrize(
    "text, message",
    [
        (
            SEQUENTIAL.format(last="nn.Linear(5, classes + 2)"),
            r"its outputs of 2 images are \(2, 12\), should be \(2, 10\)",
        ),
        (SEQUENTIAL.format(last="nn.Linear(5, 1)"), r"its outputs of 2 images are \(2, 1\), should be \(2, 10\)"),
        (SEQUENTIAL.format(last="nn.Unflatten(1, (5, 1))"), r"are \(2, 5, 1\), should be \(2, 10\)"),
        (SEQUENTIAL.format(last="nn.LSTM(5, classes)"), r"its outputs are tuple, should be a tensor \(2, 10\)"),
        (
            SEQUENTIAL.format(last="nn.Linear(5, classes)") + "\n\nold = make\ndef make(image_shape, classes):\n"
            "    model = old(image_shape, classes)\n    nn.init.constant_(model[3].bias, float('inf'))\n    return model",
            "its outputs of random images are not finite",
        ),
        (WITH_METHODS.format(returned="[hidden]", widths="{'fc': 5}"), "'activations' must return a list of 1 layers"),
        (WITH_METHODS.format(returned="[hidden, hidden], self.out(hidden)", widths="{'fc': 5}"), "a list of 1 layers"),
        (
            WITH_METHODS.format(returned="[hidden], hidden", widths="{'fc': 5}"),
            "the logits of 'activations' of 2 images",
        ),
        (
            WITH_METHODS.format(returned="[hidden], self.out(hidden)", widths="{'fc': 6}"),
            r"its activations of layer 'fc' of 2 images are \(2, 5\), should be \(2, 6\)",
        ),
        (
            WITH_METHODS.format(returned="[hidden], self.out(hidden)", widths="{}"),
            "'layer_widths' must return the neurons",
        ),
        (
            WITH_METHODS.format(returned="[hidden], self.out(hidden)", widths="5"),
            "'layer_widths' must return the neurons",
        ),
        ("from torch import nn\ndef make(image_shape, classes):\n    return nn.ReLU()", "without parameters to train"),
    ],
)
def test_a_model_that_does_not_fit_is_refused_before_training(tmp_path, text, message):
    with pytest.raises(InputError, match=f"model.builder: .*mine.py: 'make'.*{message}") as error:
        build(module(tmp_path, text), (8, 8), 10)
    assert "\n" not in str(error.value)


EXIT = "import sys\nfrom torch import nn\n"


@pytest.mark.parametrize(
    "text, where",
    [
        (EXIT + "sys.exit(3)", r"model.module: .*mine.py"),
        (EXIT + "def make(image_shape, classes):\n    sys.exit(3)", "model.builder: .*mine.py: 'make'"),
        (
            EXIT + "class Mine(nn.Linear):\n    def forward(self, x):\n        sys.exit(3)\n"
            "def make(image_shape, classes):\n    return Mine(64, classes)",
            "model.builder: .*mine.py: 'make'",
        ),
        (
            EXIT + "class Mine(nn.Linear):\n    def forward(self, x):\n        return x\n"
            "    def activations(self, x):\n        sys.exit(3)\n    def layer_widths(self):\n        return {}\n"
            "def make(image_shape, classes):\n    return Mine(64, classes)",
            "model.builder: .*mine.py: 'make'",
        ),
    ],
    ids=["import", "builder", "forward", "activations"],
)
def test_code_that_ends_the_program_is_one_line(tmp_path, text, where):
    with pytest.raises(InputError, match=where + r": it ends the program \(sys.exit\(3\)\); take the call out"):
        build(module(tmp_path, text), (8, 8), 10)


@pytest.mark.parametrize("inside", ["", "    "], ids=["at the top", "in the builder"])
def test_a_module_can_import_a_file_beside_it(tmp_path, monkeypatch, inside):
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "beside_my_model.py").write_text("WIDTH = 7\n")
    line = "from beside_my_model import WIDTH\n"
    settings = module(
        folder,
        f"from torch import nn\n{'' if inside else line}def make(image_shape, classes):\n{inside + line if inside else ''}"
        "    return nn.Sequential(nn.Flatten(), nn.Linear(64, WIDTH), nn.ReLU(), nn.Linear(WIDTH, classes))\n",
    )
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    try:
        assert build(settings | {"module": "code/mine.py"}, (8, 8), 10).layer_widths() == {"2": 7}
        assert sys.path == before
    finally:
        sys.modules.pop("beside_my_model", None)


@pytest.mark.parametrize("text", ["import no_such_module", "def make(image_shape, classes):\n    return 1 / 0"])
def test_a_users_error_keeps_its_traceback(tmp_path, text):
    with pytest.raises((ModuleNotFoundError, ZeroDivisionError)) as error:
        build(module(tmp_path, text), (8, 8), 10)
    frames = traceback.extract_tb(error.value.__traceback__)
    assert frames[-1].filename == str(tmp_path / "mine.py")
