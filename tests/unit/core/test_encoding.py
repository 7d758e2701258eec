"""Text is UTF-8 whatever the locale says, and the first of two modules of one name is ours."""

import ast
import os
import subprocess
import sys

TEXT_CALLS = {"read_text", "write_text", "open"}


def calls_without_encoding(source: str) -> list[int]:
    """The lines that open a file as text in the locale's encoding."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        owner = getattr(getattr(node.func, "value", None), "id", "")
        modes = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        binary = any("b" in mode and len(mode) <= 3 for mode in modes)
        others = owner in ("Image", "tarfile", "gzip", "archive", "zipfile")
        if name in TEXT_CALLS and not binary and not others and "encoding" not in [k.arg for k in node.keywords]:
            found.append(node.lineno)
    return found


def test_all_text_is_read_and_written_as_utf_8(root):
    found = {
        str(path.relative_to(root)): calls_without_encoding(path.read_text(encoding="utf-8"))
        for path in (root / "scripts").rglob("*.py")
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


TABLES = """
import locale, sys
from pathlib import Path
import pandas as pd
from neurons.core.files import write_csv
from neurons.core.tables import read_csv_table, write_markdown, write_table
assert sys.flags.utf8_mode == 0 and locale.getencoding().upper() not in ("UTF-8", "UTF8"), locale.getencoding()
frame, names = pd.DataFrame({"class": ["\\u00e9", "\\u7740\\u7269"]}), ["\\u00e9", "\\u7740\\u7269"]
write_table(frame, "table.csv")
write_csv("rows.csv", ["class"], [[name] for name in names])
write_markdown(frame, "table.md", "\\u00e9", "\\u2013")
for path in ("table.csv", "rows.csv"):
    assert read_csv_table(path)["class"].tolist() == names
    assert Path(path).read_bytes().decode("utf-8").split() == ["class", *names]
"""


def test_tables_are_utf_8_in_a_locale_that_is_not(root, tmp_path):
    locale = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment = os.environ | locale | {"PYTHONPATH": str(root / "scripts")}
    done = subprocess.run([sys.executable, "-c", TABLES], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
