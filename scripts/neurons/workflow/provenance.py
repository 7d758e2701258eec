"""Digests of what a script really runs, so that an edit makes exactly the results stale that it can change.

Reached from a script are the functions, classes and constants of the library that it imports, those that they name, and
so on. The digest is over their syntax trees without docstrings, messages and annotations: an edited comment, docstring
or error message is no other computation.
"""

import ast
import atexit
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_LIBRARY = Path(__file__).parents[1]
_PACKAGE = _LIBRARY.name
_KEPT = Path(".snakemake/code_digests.json")  # in the folder that Snakemake works in
# The frame around every script (log, locks, errors) decides how a job ends, never what it computes.
FRAME = (f"{_PACKAGE}.core.errors", f"{_PACKAGE}.workflow.jobs", f"{_PACKAGE}.workflow.locks")
_MESSAGES = {"print", "warn"}  # functions whose arguments are read by people only

Symbol = tuple[str, str]  # module and name of a top-level definition in it


class _Normal(ast.NodeTransformer):
    """Takes out of a syntax tree what changes no result: docstrings, annotations, messages."""

    def _body(self, node):
        self.generic_visit(node)
        if node.body and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant):
            node.body = node.body[1:] or [ast.Pass()]
        return node

    visit_Module = visit_ClassDef = visit_AsyncFunctionDef = _body

    def visit_FunctionDef(self, node):
        node.returns = None
        return self._body(node)

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_Raise(self, node):
        self.generic_visit(node)
        if isinstance(node.exc, ast.Call):
            node.exc.args, node.exc.keywords = [], []
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in _MESSAGES:
            node.args, node.keywords = [], []
        return node


@dataclass
class Module:
    """A parsed module: its definitions by name, what it imports from the library, and statements that run on import."""

    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, Symbol] = field(default_factory=dict)
    effects: list[ast.stmt] = field(default_factory=list)

    @classmethod
    def parse(cls, text: str) -> "Module":
        """Parse the source of a module."""
        module, tree = cls(), _Normal().visit(ast.parse(text))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == _PACKAGE:
                module.imports |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
        for statement in tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                continue
            names = _defined(statement)
            for name in names:
                module.definitions.setdefault(name, []).append(statement)
            if not names and not _is_main(statement):
                module.effects.append(statement)
        return module

    @property
    def statements(self) -> list[ast.stmt]:
        """All statements but imports."""
        return [*self.effects, *(one for definition in self.definitions.values() for one in definition)]


def _defined(statement: ast.stmt) -> list[str]:
    """Return the names that a top-level statement defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    return _assigned(statement)


def _assigned(tree: ast.AST) -> list[str]:
    """Return the names that a syntax tree assigns."""
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def _variables(function: ast.FunctionDef) -> set[str]:
    """Return the names of a function's arguments and of what it assigns."""
    return {*_assigned(function), *(node.arg for node in ast.walk(function) if isinstance(node, ast.arg))}


def _is_main(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "__main__" in ast.dump(statement.test)


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


class Library:
    """The parsed modules of a library's folder.

    Parameters
    ----------
    folder : the package's folder; a module is parsed when it is first reached.
    """

    def __init__(self, folder: Path = _LIBRARY):
        self._folder = folder
        self.module, self._reached, self._text = cache(self._parse), cache(self._search), cache(self._dump)

    def _parse(self, name: str) -> Module | None:
        place = self._folder.joinpath(*name.split(".")[1:])
        files = [path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()]
        return Module.parse(files[0].read_text(encoding="utf-8")) if files else None

    def targets(self, node: ast.AST, module: Module, name: str) -> set[Symbol]:
        """Return the library's definitions that a syntax tree of a module names, but for a function's own variables."""
        if isinstance(node, ast.ClassDef):
            inside = [*node.bases, *node.decorator_list, *node.body]
            return {target for part in inside for target in self.targets(part, module, name)}
        named, hidden = set(), _variables(node) if isinstance(node, ast.FunctionDef) else set()
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id not in hidden:
                if part.id in module.definitions:
                    named.add((name, part.id))
                elif part.id in module.imports:
                    named.add(module.imports[part.id])
            elif isinstance(part, ast.Attribute) and getattr(part.value, "id", "") in module.imports:
                named.add((".".join(module.imports[part.value.id]), part.attr))  # a name in an imported module
        return named

    def _search(self, symbol: Symbol) -> set[Symbol]:
        """Return what a definition names; a name that its module imports leads to the module that defines it."""
        name, defined = symbol
        module = self.module(name)
        if defined not in module.definitions:
            return {module.imports[defined]} if defined in module.imports else set()
        statements = [*module.definitions[defined], *module.effects]
        return {target for statement in statements for target in self.targets(statement, module, name)}

    def symbols(self, script: Module, *more: Symbol) -> list[Symbol]:
        """Return the definitions that a script reaches, and `more` that it is told to call, without those of the frame."""
        todo = {*more, *(one for statement in script.statements for one in self.targets(statement, script, ""))}
        seen = set()
        while todo:
            symbol = todo.pop()
            if symbol not in seen and symbol[0] not in FRAME and self.module(symbol[0]):
                seen.add(symbol)
                todo |= self._reached(symbol)
        return sorted((name, defined) for name, defined in seen if defined in self.module(name).definitions)

    def _dump(self, symbol: Symbol) -> str:
        name, defined = symbol
        module = self.module(name)
        return f"{name}.{defined} {_hash(map(ast.dump, [*module.definitions[defined], *module.effects]))}"

    def digest(self, script: Module, *more: Symbol) -> str:
        """Return a hash over a script and all that it and `more` reach (16 hex digits)."""
        return _hash([*map(ast.dump, script.statements), *map(self._text, self.symbols(script, *more))])


class Digests:
    """The digests of a folder of scripts and their library, kept in a file from one call of Snakemake to the next.

    To find them takes half a second. What is kept goes with the content of every file of the folder, to the byte.

    Parameters
    ----------
    folder : the scripts, with the library below it.
    kept : the file; where it cannot be read or written, all digests are found afresh.
    """

    def __init__(self, folder: Path = _LIBRARY.parent, kept: Path = _KEPT):
        self._folder, self._kept, self._library = folder, kept.absolute(), Library(folder / _PACKAGE)
        files = ((str(path.relative_to(folder)), path.read_bytes()) for path in sorted(folder.rglob("*.py")))
        contents = (f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in files)
        self._key = _hash([sys.version, *contents])
        self._digests = self._read()
        self._known = len(self._digests)

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._kept.read_text(encoding="utf-8"))
            return dict(kept["digests"]) if kept["key"] == self._key else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def of(self, rule: str, *functions: str) -> str:
        """Return the digest of `code_of`."""
        name = " ".join([rule, *functions])
        if name not in self._digests:
            script = Module.parse((self._folder / f"{rule}.py").read_text(encoding="utf-8"))
            called = (tuple(function.rsplit(".", 1)) for function in functions)
            self._digests[name] = self._library.digest(script, *called)
        return self._digests[name]

    def keep(self) -> None:
        """Write the digests to the file, if there are new ones, whole or not at all."""
        if len(self._digests) == self._known:
            return
        part = self._kept.with_name(f".{self._kept.name}.{os.getpid()}")
        try:
            part.write_text(json.dumps({"key": self._key, "digests": self._digests}), encoding="utf-8")
            os.replace(part, self._kept)
        except OSError:
            part.unlink(missing_ok=True)


@cache
def _shared() -> Digests:
    digests = Digests()
    atexit.register(digests.keep)
    return digests


@cache
def code_of(rule: str, *functions: str) -> str:
    """Return the digest of a rule's script, which bears the rule's name, and of all that it reaches (16 hex digits).

    `functions` are those that the script is told to call, by their dotted names.
    """
    return _shared().of(rule, *functions)


def settings_digest(settings: dict) -> str:
    """Return a hash over settings (16 hex digits), the same for equal settings in any order."""
    return _hash([json.dumps(settings, sort_keys=True)])


def files_digest(paths) -> str:
    """Return a hash over the names and the content of files (16 hex digits), the same in any order and folder."""
    digest = hashlib.sha256()
    for path in sorted(map(Path, paths), key=lambda path: (path.name, path)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
