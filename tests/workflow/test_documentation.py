"""Every command that the documentation shows is one that works, and its links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from running import REPOSITORY

PAGES = [
    *sorted(REPOSITORY.glob("*.md")),
    *sorted(REPOSITORY.glob("*/*.md")),
    *sorted(REPOSITORY.glob("config/*.yaml")),
]
PROGRAMS = r"(?:\.venv/bin/)?(?:snakemake|make|python)"
ELSEWHERE = ("neurons_all", "--report", "--unlock")  # test_module.py and tests/faults run these


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a page in one language."""
    parts = text.split("```")[1::2]
    return [part.partition("\n")[2] for part in parts if part.partition("\n")[0].strip() == language]


def commands() -> dict[str, Path]:
    """Return every command of the pages, with the page that shows it first."""
    found = {}
    for page in PAGES:
        text = page.read_text()
        lines = [line for block in blocks(text, "") for line in block.splitlines()]
        lines += re.findall(rf"`({PROGRAMS} [^`]+)`", "".join(text.split("```")[::2]))
        lines += re.findall(rf"^# +({PROGRAMS} .+)$", text, re.MULTILINE)
        for line in lines:
            if re.match(rf"{PROGRAMS} ", line):
                found.setdefault(line.split(" #")[0].strip(), page)
    return found


SHOWN = commands()
SNAKEMAKE = [line for line in SHOWN if "snakemake " in line.split("=")[0] and not any(w in line for w in ELSEWHERE)]


@pytest.fixture
def clone(tmp_path) -> Path:
    """A folder like a new clone, with the model and configuration that docs/models.md shows."""
    for name in (
        "Snakefile",
        "Makefile",
        "rules",
        "scripts",
        "config",
        "profiles",
        "resources",
        "envs",
        "slurm",
        "tests",
    ):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    (tmp_path / "benchmarks").mkdir()
    own_model = (REPOSITORY / "docs/models.md").read_text().split("## Your own model")[1]
    (tmp_path / "my_model.py").write_text(blocks(own_model, "python")[0])
    (tmp_path / "my_config.yaml").write_text(blocks(own_model, "yaml")[0])
    return tmp_path


def test_the_pages_show_commands():
    assert len(SNAKEMAKE) >= 10 and {"make demo", "make test", "make plan CONFIG=config/paper.yaml"} <= set(SHOWN)


@pytest.mark.parametrize("line", SNAKEMAKE)
def test_a_snakemake_command_can_be_planned(clone, line):
    words = shlex.split(line.partition("snakemake ")[2])
    cores = [] if {"--cores", "--profile"} & set(words) else ["--cores", "1"]
    command = [sys.executable, "-m", "snakemake", "-n", "--quiet", "rules", *cores, *words]
    run = subprocess.run(command, cwd=clone, capture_output=True, text=True)
    assert run.returncode == 0, f"{SHOWN[line]}: {line}\n{run.stderr}"


@pytest.mark.parametrize("line", [line for line in SHOWN if line.startswith("make ")])
def test_a_make_command_has_its_target(clone, line):
    run = subprocess.run(["make", "-n", *shlex.split(line)[1:]], cwd=clone, capture_output=True, text=True)
    assert run.returncode == 0, f"{SHOWN[line]}: {line}\n{run.stderr}"


@pytest.mark.parametrize("line", [line for line in SHOWN if re.match(r"(\.venv/bin/)?python ", line)])
def test_a_script_knows_its_options(line):
    script, *words = shlex.split(line)[1:]
    run = subprocess.run([sys.executable, REPOSITORY / script, "--help"], capture_output=True, text=True)
    options = [word for word in words if word.startswith("--")]
    assert run.returncode == 0 and all(option in run.stdout for option in options), f"{SHOWN[line]}: {line}"


@pytest.mark.parametrize("page", [page for page in PAGES if page.suffix == ".md"], ids=lambda page: page.name)
def test_links_lead_to_files(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
