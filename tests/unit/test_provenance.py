import os
import subprocess
import sys

import pytest

from neurons import provenance
from neurons.provenance import files_digest, modules_of, settings_digest, source_digest

TORCH_FREE = (
    "activation_graph community_tables config config_table conversion correlation datasets downloads dumps entropy "
    "entropy_tables errors files foreign graph_drawing hdf5 history jobs modularity plots provenance "
    "published report_page report_results report_runs run_times series tables"
)


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A toy library: top -> middle -> base, top -> side; apart stands alone."""
    sources = {
        "top": "from neurons.middle import x\nfrom neurons import side\nimport os\n",
        "middle": "def f():\n    from neurons.base import y\n",
        "base": "y = 1\n",
        "side": "from pathlib import Path\n",
        "apart": "z = 1\n",
    }
    for name, text in sources.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(provenance, "_LIBRARY", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget():
    provenance._imports.cache_clear()
    provenance.source_digest.cache_clear()


def test_imports_are_followed(library):
    assert modules_of("top") == ["base", "middle", "side", "top"]
    assert modules_of("middle") == ["base", "middle"]
    assert modules_of("apart") == ["apart"]


@pytest.mark.parametrize("edited, stale", [("base", {"top", "middle", "base"}), ("side", {"top", "side"})])
def test_an_edit_changes_the_digests_of_dependents_only(library, edited, stale):
    names = ("top", "middle", "base", "side", "apart")
    before = {name: source_digest(name) for name in names}
    with open(library / f"{edited}.py", "a") as stream:
        stream.write("# edited\n")
    forget()
    assert {name for name in names if source_digest(name) != before[name]} == stale


def loaded(root, modules: str) -> set[str]:
    """Import modules of the real library in a fresh process; return the names of all that were loaded."""
    code = f"import sys\nfor name in '{modules}'.split(): __import__('neurons.' + name)\nprint(*sys.modules)"
    env = os.environ | {"PYTHONPATH": str(root / "scripts")}
    return set(subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True).stdout.split())


def test_modules_of_is_what_python_loads(root):
    names = {name.removeprefix("neurons.") for name in loaded(root, "entropy") if name.startswith("neurons.")}
    assert set(modules_of("entropy")) == names


def test_small_jobs_do_not_import_torch(root):
    names = loaded(root, TORCH_FREE)
    assert "neurons.published" in names and "torch" not in names and "torchvision" not in names


def test_settings_digest_ignores_order_only():
    one = settings_digest({"a": 1, "b": {"c": [1, 2], "d": None}})
    assert one == settings_digest({"b": {"d": None, "c": [1, 2]}, "a": 1}) and len(one) == 16
    assert one != settings_digest({"a": 1, "b": {"c": [2, 1], "d": None}})


def test_no_study_is_tied_to_the_measures_of_another():
    assert not {"modularity", "activation_graph"} & {*modules_of("entropy"), *modules_of("patterns")}
    assert "entropy" not in {*modules_of("patterns"), *modules_of("modularity"), *modules_of("coactivation")}


def test_a_digest_of_files_tells_names_and_content_but_no_folder(tmp_path):
    for folder, text in (("a", "one"), ("b", "one"), ("c", "two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(text)
        (tmp_path / folder / "y.txt").write_text("same")
    a, b, c = (files_digest((tmp_path / folder).iterdir()) for folder in "abc")
    assert a == b != c and len(a) == 16
    assert files_digest([tmp_path / "a/y.txt", tmp_path / "a/x.txt"]) == a
    (tmp_path / "b/y.txt").rename(tmp_path / "b/z.txt")
    assert files_digest((tmp_path / "b").iterdir()) != a
