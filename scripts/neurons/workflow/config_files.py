"""What only a configuration's files tell, such as keys given twice: Snakemake keeps the last without a word."""

from pathlib import Path

import yaml

from neurons.core.errors import InputError
from neurons.workflow.config_values import check_plain

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the parser in C takes a tenth of the time


def check_file(path) -> None:
    """Refuse a file that is no mapping in YAML (or JSON), has a key twice, or holds what no setting is.

    Raises
    ------
    InputError
        Naming the file.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
        root = yaml.compose(text, LOADER)
        if not isinstance(root, yaml.MappingNode):
            raise InputError(f"config: {path}: holds no keys; it must be a mapping, such as `runs: {{...}}`")
        check_unique_keys(root, path)
        check_plain(yaml.load(text, LOADER), path)  # noqa: S506 - a safe loader
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise InputError(f"config: {path}: not a readable YAML file in UTF-8 ({error}); fix it") from None


def check_unique_keys(root: yaml.Node, path) -> None:
    """Refuse a mapping of a file that has a key twice.

    Raises
    ------
    InputError
        Naming the file, the key and both lines.
    """
    todo, seen = [root], set()
    while todo:
        node = todo.pop()
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            todo += node.value
            continue
        lines = {}
        for key, value in node.value:
            line, name = key.start_mark.line + 1, (key.tag, key.value) if isinstance(key, yaml.ScalarNode) else None
            if name in lines:
                raise InputError(
                    f"config: {path}: the key '{key.value}' is given twice (lines {lines[name]} and {line}); keep one, "
                    "or rename it"
                )
            if name:
                lines[name] = line
            todo.append(value)


def check_runs(config: dict, paths: list) -> None:
    """Refuse files that name no runs: the embedded default's would be made, which nobody asked for.

    Raises
    ------
    InputError
        Naming the files.
    """
    if paths and "runs" not in config:
        raise InputError(
            f"config: {', '.join(map(str, paths))}: the key 'runs' is missing; name your runs, or give "
            "config/config.yaml before, whose runs are the embedded default's"
        )
