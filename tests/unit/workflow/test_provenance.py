"""A digest changes with what its script runs, and with nothing else: edits of every definition, over every rule."""

import ast
import os
import re
from pathlib import Path

import pytest

from neurons.workflow.provenance import FRAME, Digests, Library, Module, code_of, files_digest, settings_digest
from neurons.workflow.registry import RESULTS
from running import REPOSITORY

SCRIPTS = {path.stem: path.read_text() for path in sorted((REPOSITORY / "scripts").glob("*.py"))}
MODULES = {
    ".".join(path.relative_to(REPOSITORY / "scripts").with_suffix("").parts): path.read_text()
    for path in sorted((REPOSITORY / "scripts/neurons").rglob("*.py"))
    if path.stem != "__init__"
}


PARSED = {name: Module.parse(text) for name, text in SCRIPTS.items()}
SHIPPED = Library()


class Edited(Library):
    """The library with the text of some modules replaced; what was found of the others is kept."""

    def __init__(self, texts: dict[str, str]):
        super().__init__()
        new = {name: Module.parse(text) for name, text in texts.items()}
        self.module = lambda name: new[name] if name in new else SHIPPED.module(name)
        search, dump = self._reached, self._text
        self._reached = lambda symbol: (search if symbol[0] in new else SHIPPED._reached)(symbol)
        self._text = lambda symbol: (dump if symbol[0] in new else SHIPPED._text)(symbol)


def digests(library: Library) -> dict[str, str]:
    return {name: library.digest(script) for name, script in PARSED.items()}


BEFORE = digests(SHIPPED)
REACHED = {name: set(SHIPPED.symbols(script)) for name, script in PARSED.items()}


def spans(text: str) -> list[tuple[str, ast.stmt]]:
    """The functions and classes at the top of a module."""
    body = ast.parse(text).body
    return [(node.name, node) for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def with_a_statement_more(text: str, node: ast.stmt) -> str:
    """The module's text with one more statement at the end of a function or class."""
    lines = text.splitlines()
    indent = re.match(" *", lines[node.body[-1].lineno - 1])[0]
    lines.insert(node.end_lineno, f"{indent}1 + 1")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("module", MODULES)
def test_an_edit_of_a_definition_makes_just_the_scripts_stale_that_reach_it(module):
    for name, node in spans(MODULES[module]):
        after = digests(Edited({module: with_a_statement_more(MODULES[module], node)}))
        stale = {script for script in SCRIPTS if after[script] != BEFORE[script]}
        assert stale == {script for script in SCRIPTS if (module, name) in REACHED[script]}, name


def test_every_definition_serves_a_script_or_belongs_to_the_workflow_itself():
    """What no script reaches is called by Snakemake's own process, from a command line or by name."""
    reached = set().union(*REACHED.values())
    apart = re.compile(r"neurons\.(workflow|figures)\.|neurons\.core\.errors")
    alone = {
        (module, name)
        for module, text in MODULES.items()
        if not apart.match(module)
        for name, _ in spans(text)
        if (module, name) not in reached
    }
    by_hand = {"neurons.auxiliary.boosted.BoostedClassifier"}  # a user applies it, as what follows
    by_hand |= {f"neurons.dumps.arrays.{name}" for name in ("as_array", "check_rows", "create", "sorted_labels")}
    by_hand |= {f"neurons.measures.arrays.{name}" for name in ("ArrayDump", "measure")}
    by_hand |= {"neurons.measures.within.arranged"}  # of docs/measures.md
    planner = {"neurons.core.formats.duration", *(f"neurons.data.size.{name}" for name in ("Data", "size_of"))}
    planner |= {"neurons.core.memory.check_limit"}  # when Snakemake starts
    planner |= {f"neurons.data.identity.{name}" for name in ("dataset_content", "kept_content", "stamp")}  # of params
    assert {".".join(symbol) for symbol in alone if not symbol[1].startswith("_")} <= by_hand | planner


class _Talk(ast.NodeTransformer):
    """Changes all that people alone read: docstrings, messages, annotations."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.returns = ast.Constant("another annotation")
        for argument in node.args.args:
            argument.annotation = ast.Constant("another")
        return self._with_docstring(node)

    def _with_docstring(self, node):
        if ast.get_docstring(node):
            node.body[0].value.value = "Another docstring."
        else:
            node.body.insert(0, ast.Expr(ast.Constant("A docstring where there was none.")))
        return node

    def visit_ClassDef(self, node):
        self.generic_visit(node)
        return self._with_docstring(node)

    def visit_Module(self, node):
        self.generic_visit(node)
        return self._with_docstring(node)

    def visit_Raise(self, node):
        if isinstance(node.exc, ast.Call):
            node.exc.args = [ast.Constant("another message")]
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        if getattr(node.func, "id", "") == "print":
            node.args = [ast.Constant("something else")]
        return node


def test_comments_docstrings_messages_and_annotations_make_nothing_stale():
    # `unparse` also drops every comment and all formatting.
    texts = {
        name: ast.unparse(ast.fix_missing_locations(_Talk().visit(ast.parse(text)))) for name, text in MODULES.items()
    }
    assert all(texts[name] != MODULES[name] for name in MODULES)
    assert digests(Edited(texts)) == BEFORE


def test_a_colour_makes_figures_stale_and_nothing_else():
    edited = Edited({"neurons.figures.style": MODULES["neurons.figures.style"].replace("#b2182b", "#000000")})
    assert digests(edited) == BEFORE  # no script names a figure: the rule tells `draw_figure` which to draw
    script = PARSED["draw_figure"]
    for record in RESULTS.values():
        if record.drawn_by:
            function = tuple(f"neurons.figures.{record.drawn_by}".rsplit(".", 1))
            assert function in SHIPPED.symbols(script, function), record.path
    red = ("neurons.figures.communities", "series")
    assert edited.digest(script, red) != SHIPPED.digest(script, red)


def test_an_edited_figure_makes_no_other_figure_stale():
    text = MODULES["neurons.figures.communities"]
    node = dict(spans(text))["overlap"]
    edited, script = Edited({"neurons.figures.communities": with_a_statement_more(text, node)}), PARSED["draw_figure"]
    stale = {
        record.drawn_by
        for record in RESULTS.values()
        if record.drawn_by
        and edited.digest(script, function := tuple(f"neurons.figures.{record.drawn_by}".rsplit(".", 1)))
        != SHIPPED.digest(script, function)
    }
    assert stale == {"communities.overlap"}


def test_only_figures_import_what_draws_them():
    assert not any(module.startswith("neurons.figures") for reached in REACHED.values() for module, _ in reached)


@pytest.mark.parametrize(
    ("before", "after", "stale"),
    [
        ("LIMIT = 3\n", "LIMIT = 4\n", True),
        ("LIMIT = 3\n", "LIMIT = 3\nOTHER = 1\n", False),
        ("import numpy as np\nLIMIT = 3\n", "import numpy as np\nnp.seterr(all='raise')\nLIMIT = 3\n", True),
        ("LIMIT = 3  # words\n", "# words\nLIMIT = 3\n", False),
        ("def other(LIMIT):\n    return LIMIT\nLIMIT = 3\n", "def other(LIMIT):\n    return 1\nLIMIT = 3\n", False),
    ],
)
def test_constants_and_statements_on_import_count(before, after, stale):
    script = Module.parse("from neurons.new import use\nuse()\n")
    use = "def use():\n    return LIMIT\n"
    first, second = (Edited({"neurons.new": text + use}).digest(script) for text in (before, after))
    assert (first != second) == stale


def test_imports_within_functions_and_of_modules_are_followed():
    texts = {"neurons.one": "def lazy():\n    from neurons.two import deep\n    return deep()\n"}
    texts["neurons.two"] = "def deep():\n    return 1\ndef apart():\n    return 2\n"
    library = Edited(texts)
    assert library.symbols(Module.parse("from neurons.one import lazy\nlazy()\n")) == [
        ("neurons.one", "lazy"),
        ("neurons.two", "deep"),
    ]
    assert library.symbols(Module.parse("from neurons import two\ntwo.apart()\n")) == [("neurons.two", "apart")]


def test_every_rule_has_the_digest_of_the_script_that_bears_its_name():
    rules = "\n".join(path.read_text() for path in sorted((REPOSITORY / "rules").glob("*.smk")))
    scripts = re.findall(r'script:\s+"\.\./scripts/(\w+)\.py"', rules)
    assert sorted(scripts) == sorted(SCRIPTS)
    blocks = re.split(r"(?m)^ *(?:rule\b|use rule )", rules)[1:]
    for block in blocks:
        script = re.search(r'script:\s+"\.\./scripts/(\w+)\.py"', block)
        if script:
            name = re.match(r' ?(\w+):|:\s+name:\s+f"(\w+)(?:_{count}|{batch\.suffix})"', block)
            assert script[1] in (name[1] or name[2], {"preview_report": "write_report"}.get(name[1])), block[:60]
            assert f'code_of("{script[1]}"' in block or "code=figure_code" in block, block[:60]


def test_the_frame_is_no_part_of_a_digest():
    assert all(not any(module in FRAME for module, _ in reached) for reached in REACHED.values())
    assert all(f"{module}" in MODULES for module in FRAME)


def test_digests_of_settings_and_files(tmp_path):
    assert settings_digest({"a": 1, "b": {"c": [2]}}) == settings_digest({"b": {"c": [2]}, "a": 1})
    assert settings_digest({"a": 1}) != settings_digest({"a": 2})
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for name in ("x", "y"):
            (tmp_path / folder / name).write_text(name)
    one, two = (sorted((tmp_path / folder).glob("*")) for folder in ("one", "two"))
    assert files_digest(one) == files_digest(reversed(two))
    (tmp_path / "two/y").write_text("z")
    assert files_digest(one) != files_digest(two)


def test_code_of_is_the_digest_of_the_shipped_library():
    assert {name: code_of(name) for name in SCRIPTS} == BEFORE
    assert code_of("draw_figure", "neurons.figures.communities.series") != BEFORE["draw_figure"]
    assert Path(SCRIPTS and REPOSITORY / "scripts" / "draw_figure.py").is_file()


@pytest.fixture
def scripts(tmp_path):
    """A folder with two scripts and a library of one module."""
    (tmp_path / "scripts/neurons").mkdir(parents=True)
    (tmp_path / "scripts/neurons/one.py").write_text("def first():\n    return 1\ndef second():\n    return 2\n")
    for name in ("first", "second"):
        (tmp_path / f"scripts/{name}.py").write_text(f"from neurons.one import {name}\n{name}()\n")
    return tmp_path / "scripts"


def kept_digests(scripts: Path, *names: str) -> dict[str, str]:
    """The digests of a call, which keeps them."""
    digests = Digests(scripts, scripts.parent / "kept.json")
    found = {name: digests.of(name) for name in names}
    digests.keep()
    return found


def test_digests_that_are_kept_are_those_that_are_found(scripts, monkeypatch):
    found = kept_digests(scripts, "first")
    assert found["first"] == Library(scripts / "neurons").digest(Module.parse((scripts / "first.py").read_text()))
    both = kept_digests(scripts, "first", "second")
    assert both["first"] == found["first"] != both["second"]
    monkeypatch.setattr(Library, "digest", None)  # nothing is found afresh
    assert kept_digests(scripts, "first", "second") == both
    assert [path.name for path in scripts.parent.iterdir() if path.is_file()] == ["kept.json"]


def test_an_edit_of_any_file_finds_all_digests_afresh(scripts):
    before = kept_digests(scripts, "first", "second")
    path = scripts / "neurons/one.py"
    times = path.stat()
    path.write_text(path.read_text().replace("return 1", "return 3"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # as long and as old as before
    after = kept_digests(scripts, "first", "second")
    assert after["first"] != before["first"] and after["second"] == before["second"]
    path.write_text(path.read_text().replace("return 3", "return 1"))
    assert kept_digests(scripts, "first", "second") == before


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"key": 1}', '{"key": "x", "digests": {"first": "y"}}'])
def test_a_file_of_digests_that_is_damaged_counts_for_nothing(scripts, content):
    expected = kept_digests(scripts, "first")
    (scripts.parent / "kept.json").write_text(content)
    assert kept_digests(scripts, "first") == expected


def test_where_nothing_can_be_kept_nothing_is(scripts):
    digests = Digests(scripts, scripts / "nowhere/kept.json")
    assert len(digests.of("first")) == 16
    digests.keep()
    assert not (scripts / "nowhere").exists()
