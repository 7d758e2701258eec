"""Odd surroundings and a world as small as it can be: the workflow runs in them, or says in one line what is in its way."""

import shlex
import subprocess

import numpy as np
import pytest

NAMES = ["$\\frac{é", "着|`<b>"]
SMALL = {
    "data_dir": "raw",
    "datasets": {"own": {"source": "npz", "path": "own.npz"}},
    "runs": {
        "small": {
            "dataset": "own",
            "studies": ["communities", "coactivation"],
            "model": {"hidden": [3, 1]},
            "training": {"iterations": 1},
            "modularity": {"starts": 2},
            "coactivation": {"louvain_runs": 2},
        }
    },
}
TARGETS = ["communities/table5.csv", "communities/graphs.svg", "coactivation/table1.csv", "coactivation/figure3.svg"]
HOSTILE = {
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "LC_ALL": "C",
    "HOME": "/dev/null",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


def test_a_small_world_in_hostile_surroundings(place):
    """One neuron in a layer, one iteration, class names that mathtext, tables and markup could trip over."""
    labels = np.arange(60) % 2
    images = (np.random.default_rng(0).integers(0, 100, (60, 4, 4)) + 100 * labels[:, None, None]).astype(np.uint8)
    (place / "raw").mkdir()
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:20], "y_test": labels[:20]}
    np.savez(place / "raw/own.npz", **arrays, classes=np.array(NAMES))
    for name in ("neurons/__init__.py", "train_model.py", "numpy_of_the_user.py"):
        (place / "modules" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "modules" / name).write_text("raise SystemExit('a module of the user')\n")
    targets = [f"results/small/{target}" for target in TARGETS]
    outcome = place.run(SMALL, *targets, **HOSTILE, PYTHONPATH=str(place / "modules"))
    assert outcome.code == 0, outcome.screen
    assert all((place / target).stat().st_size > 0 for target in targets)
    assert all(name in (place / "results/small/coactivation/table1.csv").read_text("utf-8") for name in NAMES)


@pytest.mark.parametrize("name", ["results", "logs", "logs/train_model", "benchmarks"])
def test_a_file_where_a_folder_is_needed_is_named(place, tiny, name):
    (place / name).parent.mkdir(exist_ok=True)
    (place / name).write_text("mine")
    outcome = place.run(tiny)
    assert outcome.code != 0
    assert [line for line in outcome.error_lines if f"error: {name}: a file" in line] == outcome.error_lines != []
    assert "Traceback" not in outcome.screen and (place / name).read_text() == "mine"


def test_a_limit_too_low_for_torch_is_told_before_anything_runs(place, tiny):
    command = shlex.join(place.command(tiny, "results/tiny/seed-0/history.csv"))
    shell = ["bash", "-c", f"ulimit -v 2500000; {command}"]
    found = subprocess.run(shell, cwd=place.folder, env=place.environment, capture_output=True, text=True)
    errors = [line for line in (found.stdout + found.stderr).splitlines() if line.startswith("error: ")]
    assert found.returncode != 0 and len(errors) == 1 and "ulimit -v" in errors[0]
    assert "Traceback" not in found.stderr and not (place / "results/tiny").exists()
