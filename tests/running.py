"""Running Snakemake itself, in a working folder of its own, on a copy of the workflow.

The copy keeps these tests apart from edits made to the checkout while they run, and lets a test edit the library.
"""

import copy
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
import yaml

import forks

REPOSITORY = Path(__file__).resolve().parents[1]
WORKFLOW = ("Snakefile", "rules", "scripts", "config", "profiles", "resources", "envs")

# What a call of Snakemake may take before a test gives up, on a machine with much else to do (seconds).
PATIENCE = 1800

# Two runs of a minute in all: digits' own labels and mixed ones, two small layers, three iterations, each dumped and
# measured by jobs of its own; several in a job: tests/workflow/test_batches.py.
TINY = {
    "iterations_per_job": 1,
    "datasets": {"digits": {"source": "digits"}},
    "defaults": {
        "dataset": "digits",
        "model": {"hidden": [12, 8]},
        "training": {"iterations": 3},
        "graph": {"top_neurons": 4},
        "modularity": {"starts": 3},
    },
    "runs": {"tiny": {}, "tiny-mixed": {"labels": "mixed"}},
}


def without_snakemake(environment: dict | None) -> dict:
    """Return an environment (default, this process's) without Snakemake's own variables."""
    given = os.environ if environment is None else environment
    return {key: value for key, value in given.items() if not key.startswith("SNAKEMAKE")}


@dataclass
class Outcome:
    """A finished call of Snakemake: its exit code and all it put on the screen."""

    code: int
    screen: str

    @property
    def jobs(self) -> dict[str, int]:
        """Jobs per rule, off the table "Job stats"; empty if nothing is to be done."""
        if "Job stats:" not in self.screen:
            assert "Nothing to be done" in self.screen, self.screen
            return {}
        table = self.screen.split("Job stats:", 1)[1].split("\n\n", 1)[0]
        counts = {name: int(count) for name, count in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}
        assert counts.pop("total") == sum(counts.values())
        return counts

    @property
    def error_lines(self) -> list[str]:
        """The lines that say what was wrong, each once."""
        return list(dict.fromkeys(re.findall(r"^(?:error|config): .*$", self.screen, re.MULTILINE)))


@dataclass
class Place:
    """A working folder, and the workflow to run in it."""

    folder: Path
    workflow: Path

    def __truediv__(self, path) -> Path:
        return self.folder / path

    def write_config(self, config: dict) -> Path:
        """Write a configuration beside the working folder."""
        number = len(list(self.folder.parent.glob(f"{self.folder.name}-*.yaml")))
        path = self.folder.parent / f"{self.folder.name}-{number}.yaml"
        path.write_text(yaml.safe_dump(config))
        return path

    def command(self, config, *arguments) -> list[str]:
        """Return the command line for a configuration: a mapping, a path, or a list of paths (none: the default)."""
        files = config if isinstance(config, list) else [self.write_config(config) if type(config) is dict else config]
        own = ["--snakefile", self.workflow / "Snakefile", "--directory", self.folder]
        own += ["--configfile", *files] if files else []
        cores = [] if "--cores" in arguments else ["--cores", "2"]
        return [sys.executable, "-m", "snakemake", *map(str, own), *cores, *map(str, arguments)]

    @property
    def environment(self) -> dict[str, str]:
        """The environment that Snakemake gets."""
        return without_snakemake(None) | {"PYTHONUNBUFFERED": "1"}

    def start(self, config, *arguments, largest_file: int | None = None, **environment) -> subprocess.Popen:
        """Start Snakemake; files may grow to `largest_file` bytes, which stands for a full disk."""

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        return subprocess.Popen(
            self.command(config, *arguments),
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=limit if largest_file else None,
        )

    def run(self, config, *arguments, **options) -> Outcome:
        """Run Snakemake to its end; with `options` of `start`, in a process of its own that imports all."""
        if options:
            process = self.start(config, *arguments, **options)
            screen, _ = process.communicate(timeout=PATIENCE)
            return Outcome(process.returncode, screen)
        words = self.command(config, *arguments)[3:]
        return called(words, self.folder, self.environment)

    def make(self, config, *arguments) -> Outcome:
        """Run Snakemake to its end, which must be a good one."""
        outcome = self.run(config, *arguments)
        assert outcome.code == 0, outcome.screen
        return outcome

    def dry_run(self, config, *arguments, **options) -> dict[str, int]:
        """Return the jobs per rule that a call would run."""
        outcome = self.run(config, "--dry-run", *arguments, **options)
        assert outcome.code == 0, outcome.screen
        return outcome.jobs

    def files(self, under: str = "results") -> dict[str, Path]:
        """All files below a folder by relative path, those of unfinished jobs included."""
        root = self.folder / under
        return {str(path.relative_to(root)): path for path in sorted(root.rglob("*")) if path.is_file()}


def called(words: list, folder: Path, environment: dict[str, str]) -> Outcome:
    """Call Snakemake in a folder."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as screen:
        code = forks.snakemake(words, folder, environment, screen.name, PATIENCE)
        return Outcome(code, screen.read())


def refused(place, outcome, log: str, target: str, words: list[str]) -> None:
    """Check that a job failed with one line, in its log and on the screen, and left no result."""
    assert outcome.code != 0
    lines = (place / log).read_text().splitlines()
    errors = [line for line in lines if line.startswith("error: ")]
    assert len(errors) == 1 and lines[-1] == errors[0], lines
    for word in words:
        assert word in errors[0]
    assert errors[0] in outcome.screen
    assert "Traceback" not in "\n".join(lines)
    folder = (place / target).parent
    left = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    assert Path(target).name not in left
    assert [name for name in left if name.endswith(".part")] == []


def altered(config: dict, **settings) -> dict:
    """Return a copy of the configuration with the settings of its run `tiny` changed, section by section."""
    changed = copy.deepcopy(config)
    for key, value in settings.items():
        changed["runs"]["tiny"][key] = value
    return changed


def copy_workflow(folder: Path) -> Path:
    """Copy what Snakemake reads of the checkout into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in WORKFLOW:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    return folder


def copied(place: Place, folder: Path, keep=lambda name: True) -> Place:
    """Copy a working folder, with times and Snakemake's records, but of its results only those whose names `keep` takes."""
    copy_of = Place(Path(shutil.copytree(place.folder, folder, symlinks=True, dirs_exist_ok=True)), place.workflow)
    for name, path in copy_of.files().items():
        if not keep(name):
            path.unlink()
    for path in sorted((folder / "results").rglob("*/"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return copy_of


def is_trained(name: str) -> bool:
    """Tell whether a result is one of the data or of a training, and not of a measure: for `copied`."""
    return re.match(r"data/|[^/]+/seed-\d+/(snapshots/|history|class_accuracy)", name) is not None


@contextmanager
def _locked(path: Path):
    with open(path, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """A function that fills a folder once in a session, in whichever of its processes comes first.

    It takes a name and a function that fills the folder and returns what there is to know of it (as JSON allows).
    """
    base = tmp_path_factory.getbasetemp()
    session = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill) -> tuple[Path, dict]:
        folder, record = session / f"once-{name}", session / f"once-{name}.json"
        with _locked(record.with_suffix(".lock")):
            if not record.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of an attempt that failed in another process
                folder.mkdir()
                record.write_text(json.dumps(fill(folder)))
        return folder, json.loads(record.read_text())

    return make


@pytest.fixture(scope="session")
def workflow(made_once) -> Path:
    """A copy of the workflow, which nothing edits."""
    return made_once("workflow", lambda folder: str(copy_workflow(folder)))[0]


@pytest.fixture
def edited_workflow(tmp_path, workflow) -> Path:
    """A copy of the workflow for a test to edit."""
    return shutil.copytree(workflow, tmp_path / "edited")


@pytest.fixture
def tiny() -> dict:
    return copy.deepcopy(TINY)


@pytest.fixture
def alter():
    return altered


@pytest.fixture(scope="session")
def new_place(tmp_path_factory, workflow):
    """A function that makes an empty working folder."""

    def make(name: str) -> Place:
        folder = tmp_path_factory.mktemp(name) / "place"
        folder.mkdir()
        return Place(folder, workflow)

    return make


@pytest.fixture
def place(new_place) -> Place:
    """An empty working folder."""
    return new_place("empty")


@pytest.fixture(scope="session")
def finished_run(made_once, new_place, workflow) -> tuple[Place, Outcome]:
    """The default target of the tiny configuration, made once. Tests read it, or copy it to write."""
    made, outcome = made_once("finished", lambda folder: asdict(Place(folder, workflow).make(TINY)))
    # This process's own copy: Snakemake writes into its folder at every call.
    return copied(Place(made, workflow), new_place("finished").folder), Outcome(**outcome)


@pytest.fixture
def finished(finished_run) -> Place:
    """The finished tree, for reading and dry runs only."""
    return finished_run[0]


@pytest.fixture
def finished_copy(tmp_path, finished) -> Place:
    """A copy of the finished tree (times and Snakemake's records kept) for a test to write into."""
    return copied(finished, tmp_path / "copy")
