"""Finding the processes of a workflow that is running in a folder, to kill them."""

import re
from dataclasses import dataclass
from pathlib import Path

import psutil

STAGES = {
    "training": {"train_model"},
    "dump": {"dump_activations"},
    "measure": {
        "build_graphs",
        "measure_modularity",
        "measure_entropy",
        "measure_patterns",
        "train_auxiliary",
        "correlate_neurons",
        "measure_centrality",
        "silence_neurons",
    },
}  # the kinds of jobs, by script; any other script is a table job


@dataclass(frozen=True)
class Victim:
    """A process that runs a rule's script."""

    process: psutil.Process
    script: str

    @property
    def kind(self) -> str:
        return next((kind for kind, scripts in STAGES.items() if self.script in scripts), "table")

    @property
    def parent(self) -> int | None:
        """The number of the process that started it: Snakemake's, unless that was killed."""
        try:
            return self.process.ppid()
        except psutil.Error:
            return None

    @property
    def slurm_job(self) -> str | None:
        """The number of the Slurm job it belongs to."""
        try:
            return self.process.environ().get("SLURM_JOB_ID")
        except psutil.Error:
            return None

    def is_alive(self) -> bool:
        """Tell whether it still runs (a process that ended and was not waited for yet does not)."""
        try:
            return self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False


def scripts_at_work(folder: Path) -> list[Victim]:
    """Return the processes that run scripts of the workflow in `folder`, whoever started them, oldest first."""
    script = re.compile(re.escape(f"{folder}/.snakemake/scripts/") + r"tmp[a-z0-9_]{8}\.(\w+)\.py")
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        # The interpreter itself, not a shell or a Slurm step that has the same words in its command.
        match = script.fullmatch(words[1]) if len(words) > 1 else None
        if match and process.is_running():
            found.append(Victim(process, match[1]))
    return [victim for victim in sorted(found, key=lambda v: v.process.pid) if victim.is_alive()]


def processes_of_slurm_job(number: str) -> list[psutil.Process]:
    """Return all processes of a Slurm job, the inner Snakemake's included; Slurm's own step daemon is none of them."""
    found = []
    for process in psutil.process_iter():
        try:
            own = process.environ().get("SLURM_JOB_ID") == number and process.name() not in ("slurmstepd", "srun")
        except psutil.Error:
            continue
        if own:
            found.append(process)
    return found
