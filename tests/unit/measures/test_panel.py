import subprocess
import sys

import pytest

from neurons.core.errors import InputError
from neurons.measures.panel import INPUTS, PANEL, chosen, own_measure

OWN = """
def spread(layer):
    return layer.width

def total(weights, first):
    return 0

total.inputs = "snapshot"

def selectivity(layer):
    return 0

def strange(layer):
    return 0

strange.inputs = "images"
number = 3
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.py"
    path.write_text(OWN)
    return path


def test_every_measure_of_the_panel_is_whole():
    for name, measure in PANEL.items():
        assert measure.name == name and measure.inputs in INPUTS and callable(measure.function)
        assert measure.function.__doc__ and measure.function.__doc__.startswith("Return")


def test_importing_the_panel_imports_neither_torch_nor_pandas(root):
    code = "import sys; import neurons.measures.panel, neurons.measures.iteration; print({'torch', 'pandas'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root / "scripts", check=True)
    assert run.stdout.strip() == "set()"


def test_chosen_measures_come_in_order_and_once(own):
    measures = chosen(["nc1", "margin", "nc1"], [f"{own}:spread", f"{own}:total"])
    assert [m.name for m in measures] == ["nc1", "margin", "spread", "total"]
    assert [m.inputs for m in measures[2:]] == ["dump", "snapshot"]


@pytest.mark.parametrize(
    "reference, message",
    [
        ("own.py", "write file.py:function"),
        ("own.py:", "write file.py:function"),
        ("nothing.py:spread", "no such file"),
        ("own.txt:spread", "must end in .py"),
        ("own.py:sprad", "did you mean 'spread'?"),
        ("own.py:number", "has no function 'number'"),
        ("own.py:selectivity", "is a measure of the panel"),
        ("own.py:strange", "inputs is 'images'"),
    ],
)
def test_what_a_user_can_get_wrong_is_one_line(own, monkeypatch, reference, message):
    monkeypatch.chdir(own.parent)
    (own.parent / "own.txt").write_text(OWN)
    with pytest.raises(InputError, match="^measures.modules: ") as error:
        own_measure(reference)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_unknown_names_and_doubles(own, tmp_path):
    with pytest.raises(InputError, match="measures.panel: no measure 'selectivty', did you mean 'selectivity'?"):
        chosen(["selectivty"])
    other = tmp_path / "other.py"
    other.write_text("def spread(layer):\n    return 1\n")
    with pytest.raises(InputError, match="two functions are called 'spread'"):
        chosen([], [f"{own}:spread", f"{other}:spread"])


def test_an_own_measure_can_import_what_lies_beside_it_and_must_not_end_the_program(tmp_path):
    (tmp_path / "beside_my_measure.py").write_text("FACTOR = 3\n")
    (tmp_path / "mine.py").write_text(
        "from beside_my_measure import FACTOR\ndef tripled(layer):\n    return FACTOR * layer\n"
    )
    assert own_measure(f"{tmp_path}/mine.py:tripled").function(2) == 6
    (tmp_path / "ends.py").write_text("import sys\nsys.exit(3)\n")
    with pytest.raises(InputError, match=r"ends\.py: it ends the program \(sys\.exit\(3\)\)"):
        own_measure(f"{tmp_path}/ends.py:any")
