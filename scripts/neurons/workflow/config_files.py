"""What only a configuration's files tell: keys given twice, of which Snakemake keeps the last without a word."""

from pathlib import Path

import yaml

from neurons.core.errors import InputError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_unique_keys(path) -> None:
    """Refuse a file of YAML (or JSON) in which a mapping has a key twice.

    Raises
    ------
    InputError
        Naming the file, the key and both lines; or if it is no YAML in UTF-8.
    """
    try:
        todo, seen = [yaml.compose(Path(path).read_text(encoding="utf-8"), _LOADER)], set()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"config: {path}: not a readable YAML file in UTF-8 ({error}); fix it") from None
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
