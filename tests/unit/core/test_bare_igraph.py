import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[3] / "scripts"


def in_new_process(source: str) -> str:
    done = subprocess.run([sys.executable, "-c", source], cwd=SCRIPTS, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def test_igraph_comes_without_matplotlib():
    source = (
        "import sys; from neurons.core.bare_igraph import igraph; print(igraph.__name__, 'matplotlib' in sys.modules)"
    )
    assert in_new_process(source) == "igraph False"


def test_matplotlib_can_be_imported_afterwards():
    source = "from neurons.core.bare_igraph import igraph; import matplotlib.pyplot as p; print(p.__name__)"
    assert in_new_process(source) == "matplotlib.pyplot"


def test_a_matplotlib_that_is_loaded_stays():
    source = "import matplotlib as m, sys; import neurons.core.bare_igraph; print(sys.modules['matplotlib'] is m)"
    assert in_new_process(source) == "True"
