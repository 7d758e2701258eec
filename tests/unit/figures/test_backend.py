import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("backend", ["module://matplotlib_inline.backend_inline", "nonsense", "qtagg"])
def test_no_drawing_asks_for_the_backend_of_the_environment(root, backend):
    modules = sorted(path.stem for path in (root / "scripts/neurons/figures").glob("*.py") if path.stem != "__init__")
    code = "".join(f"import neurons.figures.{name}\n" for name in modules)
    environment = os.environ | {"MPLBACKEND": backend, "PYTHONPATH": str(root / "scripts")}
    for text in (code, f"import neurons.figures.{modules[0]}"):
        done = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
