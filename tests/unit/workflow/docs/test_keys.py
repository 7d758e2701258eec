import re

import yaml

from neurons.workflow.docs.keys import key_table


def test_table_names_every_key_once_with_its_default():
    schema = {
        "properties": {
            "depth": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3, "description": "How deep."},
            "model": {
                "type": "object",
                "properties": {
                    "kind": {"enum": ["a", "b"], "default": "a", "description": "Which."},
                    "rate": {
                        "type": "number",
                        "default": 1,
                        "default_with": {"kind": {"b": 2}},
                        "description": "Rate.",
                    },
                },
            },
        },
        "$defs": {
            "dataset": {"properties": {"path": {"type": "string", "description": "Where."}}},
            "settings": {
                "properties": {"seeds": {"type": "array", "items": {"type": "integer"}, "description": "Seeds."}}
            },
        },
    }
    rows = [line for line in key_table(schema).splitlines() if line.startswith("| `")]
    assert rows == [
        "| `depth` | integer >= 1 <= 9 | `3` | How deep. |",
        '| `model.kind` | `a`, `b` | `"a"` | Which. |',
        "| `model.rate` | number | `1`; `2` with kind `b` | Rate. |",
        "| `path` | string |  | Where. |",
        "| `seeds` | list of integer |  | Seeds. |",
    ]


def test_the_readme_is_up_to_date(root):
    schema = yaml.safe_load((root / "config/schema.yaml").read_text())
    readme = (root / "config/README.md").read_text()
    assert readme == key_table(schema)
    assert len(re.findall(r"^\| `", readme, re.M)) > 25
