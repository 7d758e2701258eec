"""Digests of the library's own source, so that an edited module makes its results stale and no others."""

import ast
import hashlib
import json
from functools import cache
from pathlib import Path

_LIBRARY = Path(__file__).parent


@cache
def _imports(module: str) -> tuple[str, ...]:
    """Names of the library's modules that `module` imports directly."""
    names = []
    for node in ast.walk(ast.parse((_LIBRARY / f"{module}.py").read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("neurons"):
            parts = node.module.split(".")
            names += parts[1:] or [alias.name for alias in node.names]
    return tuple(sorted(set(names)))


def modules_of(module: str) -> list[str]:
    """Return `module` and every module of the library that it imports, directly or not, sorted."""
    found, todo = set(), [module]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _imports(name)
    return sorted(found)


@cache
def source_digest(module: str) -> str:
    """Return a hash over the source of `module` and of all it imports from the library (16 hex digits)."""
    digest = hashlib.sha256()
    for name in modules_of(module):
        digest.update((_LIBRARY / f"{name}.py").read_bytes())
    return digest.hexdigest()[:16]


def settings_digest(settings: dict) -> str:
    """Return a hash over settings (16 hex digits), the same for equal settings in any order."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]


def files_digest(paths) -> str:
    """Return a hash over the names and the content of files (16 hex digits), the same in any order and folder."""
    digest = hashlib.sha256()
    for path in sorted(map(Path, paths), key=lambda path: (path.name, path)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
