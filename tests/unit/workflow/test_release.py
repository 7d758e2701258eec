"""What is said of a release in several files agrees."""

import re

import yaml


def test_the_citation_names_the_last_release(root):
    """The topmost section of the changelog that has a date; before the first release, the topmost one."""
    changelog = (root / "CHANGELOG.md").read_text()
    sections = re.findall(r"^## (\d+\.\d+\.\d+) \((unreleased|\d{4}-\d\d-\d\d)\)$", changelog, re.MULTILINE)
    assert len(sections) == len(re.findall("^## ", changelog, re.MULTILINE)) > 0
    version, date = next((section for section in sections if section[1] != "unreleased"), sections[0])
    citation = yaml.safe_load((root / "CITATION.cff").read_text())
    assert citation["version"] == version
    assert date in ("unreleased", str(citation["date-released"]))


def test_releases_in_the_changelog_fall(root):
    versions = re.findall(r"^## (\d+)\.(\d+)\.(\d+) ", (root / "CHANGELOG.md").read_text(), re.MULTILINE)
    numbers = [tuple(map(int, version)) for version in versions]
    assert numbers == sorted(set(numbers), reverse=True)


def test_the_catalogue_claims_just_what_the_rules_have(root):
    """Conda environments for every script, no container, a report."""
    claims = yaml.safe_load((root / ".snakemake-workflow-catalog.yml").read_text())["usage"][
        "software-stack-deployment"
    ]
    rules = "".join(path.read_text() for path in sorted((root / "rules").glob("*.smk")))
    assert claims["conda"] == (rules.count("script:") == rules.count("conda:") > 0)
    assert claims["apptainer"] == claims["apptainer+conda"] == ("container" in rules)
    assert claims["report"] == ("report(" in rules and "report:" in (root / "Snakefile").read_text())
