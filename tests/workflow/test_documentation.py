"""Every command that the documentation shows is one that works, and its links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from running import REPOSITORY, Outcome, called, without_snakemake

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
# No address answers: whatever would ask the network fails.
OFFLINE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "all_proxy": "http://127.0.0.1:9"}


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A folder like a new clone, with the model and configuration that docs/models.md shows."""
    folder = tmp_path_factory.mktemp("clone")
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
        (folder / name).symlink_to(REPOSITORY / name)
    (folder / "benchmarks").mkdir()
    own_model = (REPOSITORY / "docs/models.md").read_text().split("## Your own model")[1]
    (folder / "my_model.py").write_text(blocks(own_model, "python")[0])
    (folder / "my_config.yaml").write_text(blocks(own_model, "yaml")[0])
    return folder


@pytest.fixture(scope="module")
def planned(clone):
    """A function that plans a command in the clone, offline; once, if commands differ but in their number of cores."""
    done = {}

    def plan(line: str) -> Outcome:
        what = re.sub(r"(--cores \S+|-n) *", "", line.partition("snakemake ")[2])
        if what not in done:
            words = shlex.split(line.partition("snakemake ")[2])
            cores = [] if {"--cores", "--profile"} & set(words) else ["--cores", "1"]
            done[what] = called(["-n", *cores, *words], clone, without_snakemake(None) | OFFLINE)
        return done[what]

    return plan


def test_the_pages_show_commands():
    assert len(SNAKEMAKE) >= 10 and {"make demo", "make test", "make plan CONFIG=config/paper.yaml"} <= set(SHOWN)


def by_size(line: str, *values):
    """Return parameters of a test on a command; plans of thousands of jobs take long."""
    large = re.search(r"config/(paper|sensitivity)\.yaml", line)
    return pytest.param(line, *values, marks=[pytest.mark.long] if large else [])


@pytest.mark.parametrize("line", map(by_size, SNAKEMAKE))
def test_a_snakemake_command_can_be_planned(planned, line):
    outcome = planned(line)
    assert outcome.code == 0, f"{SHOWN[line]}: {line}\n{outcome.screen}"


@pytest.mark.parametrize(
    "files, trainings",
    [
        by_size("", 3),
        by_size("--configfile config/paper.yaml", 54),
        by_size("--configfile config/paper.yaml config/reduced.yaml", 54),
        by_size("--configfile config/paper.yaml config/cnn.yaml", 66),
        by_size("--configfile config/sensitivity.yaml", 30),
    ],
)
def test_shipped_configurations_plan_without_data_or_network(planned, clone, files, trainings):
    jobs = planned(f"snakemake --cores all {files}").jobs
    assert sum(count for rule, count in jobs.items() if rule.startswith("train_model")) == trainings
    assert jobs["compare_communities"] == 6
    assert not (clone / "data").exists() and not (clone / "results").exists()


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
