"""The key table of config/README.md, generated from the schema so that the two cannot differ."""

import json
import sys
from pathlib import Path

import yaml

from neurons.core.files import write_utf8

_HEAD = """# Configuration

Generated from `schema.yaml` by `make docs`; do not edit by hand.

A config file is YAML. `config.yaml` is the embedded default, taken when no other is given;
`snakemake --configfile config/paper.yaml` takes another in its place. Several files are laid over each other, the later
over the earlier: `--configfile config/paper.yaml config/reduced.yaml`. Single top-level values can be set on the command
line: `--config data_dir=/data/images`. A run's settings are the defaults below, overlaid by the section `defaults`,
overlaid by the run's own.

An unknown key, a wrong type or a value out of range stops the workflow with one line that names the key.
"""


def _allowed(schema: dict) -> str:
    """Describe the values that a key takes."""
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_allowed(one) for one in schema["anyOf"])
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_allowed(schema['items'])}"
    signs = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
    limits = [f"{sign} {schema[name]}" for name, sign in signs.items() if name in schema]
    return " ".join([kind, *limits])


def _default(schema: dict) -> str:
    if "default" not in schema:
        return ""
    others = [
        f"; `{json.dumps(default)}` with {key} `{value}`"
        for key, values in schema.get("default_with", {}).items()
        for value, default in values.items()
    ]
    return f"`{json.dumps(schema['default'])}`" + "".join(others)


def _rows(properties: dict, prefix: str = "") -> list[str]:
    rows = []
    for name, schema in properties.items():
        if schema.get("type") == "object" and "properties" in schema:
            rows += _rows(schema["properties"], f"{prefix}{name}.")
        else:
            line = (f"`{prefix}{name}`", _allowed(schema), _default(schema), schema["description"])
            rows.append(f"| {' | '.join(line)} |")
    return rows


def key_table(schema: dict) -> str:
    """Return config/README.md: every key of the schema with its values, default and meaning."""
    top = {name: {**sub, "type": sub.get("type", "object")} for name, sub in schema["properties"].items()}
    sections = {
        "Top level": top,
        "A data set (`datasets.<name>`)": schema["$defs"]["dataset"]["properties"],
        "A run (`runs.<name>`, or `defaults`)": schema["$defs"]["settings"]["properties"],
    }
    head = "| key | values | default | meaning |\n| --- | --- | --- | --- |\n"
    return _HEAD + "".join(
        f"\n## {title}\n\n{head}" + "\n".join(_rows(keys)) + "\n" for title, keys in sections.items()
    )


if __name__ == "__main__":
    write_utf8(sys.argv[2], key_table(yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))))
