import yaml

from neurons.config_table import key_table


def test_readme_of_the_config_is_generated_from_the_schema(root):
    schema = yaml.safe_load((root / "config/schema.yaml").read_text())
    assert (root / "config/README.md").read_text() == key_table(schema), "run `make config-table`"


def test_every_key_has_a_line_with_its_default(root):
    table = (root / "config/README.md").read_text()
    assert "| `training.learning_rate` | number > 0 | `0.001` |" in table
    assert "| `model.hidden` | list of integer >= 1 | `[512, 512]` |" in table
