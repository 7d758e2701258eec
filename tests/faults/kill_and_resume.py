"""Kill processes of the workflow at random moments, call the same command again, and compare the results' bytes.

    python tests/faults/kill_and_resume.py --count 100 --seed 0 --csv faults.csv
    python tests/faults/kill_and_resume.py --count 20 --seed 0 --csv faults.csv --slurm

A tree of results is made under up to twenty kills and compared with an undisturbed one, then the next, until `count` kills hit.
Kinds, moments and order follow from the seed alone; what is at work at that moment is the machine's.
"""

import argparse
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import psutil
import yaml

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("", "slurm")]

from cluster import HOW_TO_INSTALL, INSTALLED, Cluster, running_slurm  # noqa: E402
from ledger import Fault, append, complete, different, read, summary, unequal  # noqa: E402
from running import copy_workflow, without_snakemake  # noqa: E402
from victims import Victim, processes_of_slurm_job, scripts_at_work  # noqa: E402

CONFIG = {
    "datasets": {"digits": {"source": "digits"}},
    "defaults": {
        "dataset": "digits",
        "model": {"hidden": [12, 8]},
        "training": {"iterations": 2, "epochs_per_iteration": 4},
        "graph": {"top_neurons": 4},
        "modularity": {"starts": 3},
    },
    "runs": {"tiny": {}},
}
TARGETS = (  # every stage up to tables of two studies, in few jobs
    "results/tiny/communities/table4.csv",
    "results/tiny/communities/table5.csv",
    "results/tiny/auxiliary/table2.csv",
)
KINDS = ("training", "dump", "measure", "table")  # in the order in which they come up
SLURM_KINDS = ("slurm job", "scancel")
HEAD = "snakemake"
PER_TREE = 20
LONGEST_WAIT = {HEAD: 3.0, "training": 2.0}  # seconds, from the start of the call or job; other jobs: 0.7


class NotSurvived(Exception):
    """The workflow did not come through."""


def plan(rng: random.Random, slurm: bool, most: int) -> list[str]:
    """Return the kinds to kill in one tree: each about as often, jobs in the order in which they can be met."""
    kinds = [*(SLURM_KINDS if slurm else KINDS), HEAD]
    chosen = [kind for _ in range(0, most, len(kinds)) for kind in rng.sample(kinds, len(kinds))][:most]
    jobs = sorted((kind for kind in chosen if kind != HEAD), key=lambda kind: KINDS.index(kind) if kind in KINDS else 0)
    for _ in range(chosen.count(HEAD)):
        jobs.insert(rng.randint(0, len(jobs)), HEAD)
    return jobs


class Tree:
    """A working folder in a clone's form, and the one command that makes its results."""

    def __init__(self, folder: Path, workflow: Path, cluster: Cluster | None):
        folder.mkdir(parents=True)
        for source in workflow.iterdir():
            (folder / source.name).symlink_to(source)
        (folder / "slurm").symlink_to("profiles/slurm")
        (folder / "tiny.yaml").write_text(yaml.safe_dump(CONFIG))
        self.folder, self.cluster, self.calls = folder, cluster, 0
        how = ["--profile", "slurm"] if cluster else ["--cores", "2"]
        self.command = [sys.executable, "-m", "snakemake", *how, "--configfile", "tiny.yaml", "--", *TARGETS]

    @property
    def screen(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-screen-{self.calls}.txt")

    def call(self) -> psutil.Popen:
        """Start the command again."""
        self.calls += 1
        with open(self.screen, "w") as screen:
            return psutil.Popen(
                self.command,
                cwd=self.folder,
                env=without_snakemake(self.cluster.environment if self.cluster else None),
                stdout=screen,
                stderr=subprocess.STDOUT,
            )


def telling_line(screen: str) -> str:
    """Return the line on the screen that told the user what happened, without what differs from case to case."""
    for pattern in (r"^error: .*", r"died with <Signals.*?>", r"Directory cannot be locked", r"SLURM status is: '\w+"):
        if match := re.search(pattern, screen, re.MULTILINE):
            return match[0].replace("'", "")
    failed = re.search(r"Error in (?:rule|group) ", screen)
    return "Error in rule ..., nothing more" if failed else "nothing"


def fits(victim: Victim, tree: Tree, call: psutil.Popen, kind: str) -> bool:
    """Tell whether a job is of a kind and this call's own, none that an earlier one left."""
    if kind in SLURM_KINDS:
        return f"SLURM jobid {victim.slurm_job} " in tree.screen.read_text()
    return victim.kind == kind and victim.parent == call.pid


def next_victim(tree: Tree, call: psutil.Popen, kind: str, rng: random.Random) -> Victim | None:
    """Wait for a job of a kind, then a random moment of its life; None if the call ends first."""
    while call.poll() is None:
        fitting = [victim for victim in scripts_at_work(tree.folder) if fits(victim, tree, call, kind)]
        if fitting and rng.random() < 0.5:  # not always the first that comes
            victim = rng.choice(fitting)
            time.sleep(rng.uniform(0, LONGEST_WAIT.get(kind, 0.7)))
            if victim.is_alive():
                return victim
        time.sleep(0.05)
    return None


def strike(tree: Tree, call: psutil.Popen, fault: Fault, rng: random.Random, began: float) -> dict | None:
    """Kill as `fault` says and note what; return the files that were complete then, None if there was nothing to kill."""
    victim = None
    if fault.kind == HEAD:
        wait_for_work = rng.random() < 0.75  # else it is killed while it starts
        while wait_for_work and call.poll() is None and not scripts_at_work(tree.folder):
            time.sleep(0.05)
        time.sleep(rng.uniform(0, LONGEST_WAIT[HEAD]))
        if call.poll() is not None:
            return None
    else:
        victim = next_victim(tree, call, fault.kind, rng)
        if victim is None:
            return None
    before = complete(tree.folder)
    fault.moment_s = round(time.monotonic() - began, 2)
    fault.complete_before = len(before)
    fault.process = victim.script if victim else HEAD
    fault.slurm_job = (victim.slurm_job if victim else None) or ""
    if fault.kind == "scancel":
        tree.cluster.ask("scancel", victim.slurm_job)
        fault.hit = int(psutil.wait_procs([victim.process], timeout=30)[1] == [])
    elif fault.kind == "slurm job":
        processes = processes_of_slurm_job(victim.slurm_job)
        fault.hit = int(victim.is_alive() and bool(processes))
        for process in processes:
            _kill(process)
    else:
        fault.hit = int(_kill(victim.process if victim else call))
    return before


def _kill(process: psutil.Process) -> bool:
    try:
        process.send_signal(signal.SIGKILL)
        return True
    except psutil.NoSuchProcess:
        return False


def was_seen(fault: Fault, screen: str, cluster: Cluster | None) -> bool:
    """Tell whether the kill shows: in the end of the call itself, in Slurm's books, or on the screen."""
    if fault.kind == HEAD:
        return fault.exit_code == -signal.SIGKILL
    if cluster:
        states = {job["JobId"]: job["JobState"] for job in cluster.jobs()}
        return states[fault.slurm_job] in ("FAILED", "CANCELLED")
    return "died with <Signals.SIGKILL" in screen


def one_call(tree: Tree, faults: list[Fault], rng: random.Random) -> tuple[int, list[tuple[Fault, dict]]]:
    """Call the command once and kill in it: one process, or on Slurm, which tries jobs again, one after the other."""
    began, call, struck = time.monotonic(), tree.call(), []
    while faults and call.poll() is None:
        fault = faults.pop(0)
        before = strike(tree, call, fault, rng, began)
        if before is not None and fault.hit:
            struck.append((fault, before))
        if fault.kind not in SLURM_KINDS:
            break
    try:
        code = call.wait(timeout=3600)
    except psutil.TimeoutExpired:
        call.kill()
        raise NotSurvived(f"a call did not end: {tree.screen}") from None
    screen = tree.screen.read_text()
    for fault, _ in struck:
        fault.exit_code, fault.seen = code, telling_line(screen) if fault.kind != HEAD else "Killed"
        fault.hit = int(was_seen(fault, screen, tree.cluster))
        fault.seconds_after = round(time.monotonic() - began - fault.moment_s, 1)
    return code, struck


def one_tree(tree: Tree, todo: list[Fault], rng: random.Random) -> None:
    """Make a tree under the kills, taken from `todo`, with the same command again and again until it succeeds.

    Raises
    ------
    NotSurvived
        If it fails though nothing was killed in it.
    """
    earlier = []
    while True:
        left = len(scripts_at_work(tree.folder))
        for fault, _before in earlier:
            fault.still_at_work = left
        code, struck = one_call(tree, todo, rng)
        # What an earlier kill cost shows until the next kill.
        now = struck[0][1] if struck else complete(tree.folder)
        for fault, before in earlier:
            fault.remade = len(different(before, now))
        for (fault, before), (_, after) in zip(struck, [*struck[1:], (None, None)]):
            if after is not None:
                fault.remade = len(different(before, after))
        earlier = struck[-1:]
        if code == 0:
            end = complete(tree.folder)
            for fault, before in earlier:
                fault.remade = len(different(before, end))
            return
        if not struck:
            raise NotSurvived(f"a call failed though nothing was killed in it: {tree.screen}")


def finish(tree: Tree, expected: Path) -> None:
    """Wait for jobs that killed Snakemakes left, then compare the tree with the undisturbed one, and look for work left.

    Raises
    ------
    NotSurvived
        If a file is missing, too much, or has other bytes, or if the same command finds something to do.
    """
    while scripts_at_work(tree.folder) or (tree.cluster and tree.cluster.ask("squeue", "-h").strip()):
        time.sleep(0.5)
    if names := unequal(tree.folder, expected):
        raise NotSurvived(f"{tree.folder}: not the undisturbed bytes: {', '.join(names)}")
    dry_run = [*tree.command[:3], "--dry-run", *tree.command[3:]]
    again = subprocess.run(dry_run, cwd=tree.folder, env=without_snakemake(None), capture_output=True, text=True)
    if "Nothing to be done" not in again.stdout + again.stderr:
        raise NotSurvived(f"{tree.folder}: finished, and yet not:\n{again.stdout[-2000:]}{again.stderr[-2000:]}")


def main(count: int, seed: int, cluster: Cluster | None, folder: Path, table: Path) -> list[Fault]:
    """Kill until `count` kills hit; add a row for each attempt to `table`, and return those of this call.

    With a cluster the workflow runs on its Slurm, else on this machine.

    Raises
    ------
    NotSurvived
        If anything but the same command was needed, or the results are not those of an undisturbed run.
    """
    workflow = copy_workflow(folder / "workflow")
    undisturbed = Tree(folder / "undisturbed", workflow, None)
    if undisturbed.call().wait() != 0:
        raise NotSurvived(f"the undisturbed run failed: {undisturbed.screen}")
    done = []
    number = 0
    while (missing := count - sum(fault.hit for fault in done)) > 0:
        number += 1
        if number > 5 + count:
            raise NotSurvived(f"{missing} of {count} kills still hit nothing")
        rng = random.Random(f"{seed} {number}")
        kinds = plan(rng, cluster is not None, min(PER_TREE, missing))
        faults = [Fault(seed, number, i, kind) for i, kind in enumerate(kinds, 1)]
        todo = list(faults)
        tree = Tree(folder / f"tree-{number}", workflow, cluster)
        began = time.monotonic()
        try:
            one_tree(tree, todo, rng)
            finish(tree, undisturbed.folder)
        finally:
            tried = faults[: len(faults) - len(todo)]
            append(table, tried)
            done += tried
        hits = dict(Counter(fault.kind for fault in tried if fault.hit))
        seconds = time.monotonic() - began
        print(f"tree {number}: {tree.calls} calls, {seconds:.0f} s, killed {hits}: same bytes", flush=True)
        shutil.rmtree(tree.folder)
    return done


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="kills that hit (default 100)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--slurm", action="store_true", help="run with --profile slurm on a Slurm of its own")
    parser.add_argument(
        "--csv", type=Path, default=Path("faults.csv"), help="table to add to; the totals are over all of it"
    )
    parser.add_argument(
        "--folder", type=Path, help="where to work (default: a temporary folder, removed if all went well)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    if given.slurm and not INSTALLED:
        sys.exit(f"error: {HOW_TO_INSTALL}")
    place = given.folder or Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        with running_slurm(place / "cluster") if given.slurm else nullcontext() as cluster:
            main(given.count, given.seed, cluster, place, given.csv)
    except NotSurvived as error:
        sys.exit(f"error: {error}")
    finally:
        if given.csv.exists():
            print(summary(read(given.csv)))
    if not given.folder:
        shutil.rmtree(place)
