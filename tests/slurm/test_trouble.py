"""Jobs over their memory or time, failing jobs and Ctrl-C, on a real Slurm."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from running import PATIENCE

MODEL = """
import time
import torch
{trouble}

def build(image_shape, classes):
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 8), torch.nn.ReLU(), torch.nn.Linear(8, 10))
"""
HANG_ONCE = """
from pathlib import Path
if not Path("tried").exists():
    Path("tried").touch()
    time.sleep(900)
"""
TROUBLES = {
    "large": "held = torch.ones(3_500_000_000 // 4); time.sleep(8)",  # more than the first 2,500 MB, less than 5,000
    "slow": HANG_ONCE,  # at the first attempt longer than its minute, and than the minutes that Slurm takes to see it
    "broken": "raise ValueError('layers do not fit')",
}


@pytest.fixture(scope="module")
def troubled(cluster, clone, start):
    """Three trainings, each with its own trouble: the screen, the exit code, the folder, and the jobs of each."""
    runs = {name: {"model": {"module": f"{name}.py", "builder": "build"}} for name in TROUBLES}
    defaults = {"dataset": "digits", "training": {"iterations": 1}}
    folder = clone("trouble", {"datasets": {"digits": {"source": "digits"}}, "defaults": defaults, "runs": runs})
    for name, trouble in TROUBLES.items():
        (folder / f"{name}.py").write_text(MODEL.format(trouble=trouble))
    targets = [f"results/{name}/seed-0/history.csv" for name in TROUBLES]
    limits = ("--set-resources", "train_model_1:runtime=attempt**2")
    command = ("--profile", "slurm", "--configfile", "own.yaml", *limits, "--", *targets)
    process = start(folder, cluster.environment, *command)
    screen, _ = process.communicate(timeout=PATIENCE)
    jobs = {name: [j for j in cluster.jobs(folder) if j["Comment"].endswith(f"_{name}_0")] for name in TROUBLES}
    return screen, process.returncode, folder, jobs


def test_a_job_over_its_memory_comes_back_with_more(troubled):
    _, _, folder, jobs = troubled
    assert [(job["MinMemoryNode"], job["JobState"] == "COMPLETED") for job in jobs["large"]] == [
        ("2500M", False),
        ("5000M", True),
    ]
    assert (folder / "results/large/seed-0/history.csv").exists()


def test_a_job_over_its_time_comes_back_with_more(troubled):
    _, _, folder, jobs = troubled
    states = [(job["TimeLimit"], job["JobState"]) for job in jobs["slow"]]
    assert states == [("00:01:00", "TIMEOUT"), ("00:04:00", "COMPLETED")]
    assert (folder / "results/slow/seed-0/history.csv").exists()


def test_a_failing_job_is_told_with_its_log_and_slurm_id(troubled):
    screen, code, folder, jobs = troubled
    assert code != 0
    assert [job["JobState"] for job in jobs["broken"]] == ["FAILED"] * 3  # once, and twice again
    assert "ValueError: layers do not fit" in screen  # the job's own log: the model's author sees where
    for job in jobs["broken"]:
        assert f"SLURM-job '{job['JobId']}' failed" in screen
    assert not (folder / "results/broken/seed-0/history.csv").exists()


def test_ctrl_c_cancels_what_was_submitted(cluster, clone, start):
    run = {"dataset": "digits", "model": {"module": "slow.py", "builder": "build"}, "training": {"iterations": 1}}
    folder = clone("interrupted", {"datasets": {"digits": {"source": "digits"}}, "runs": {"tiny": run}})
    (folder / "slow.py").write_text(MODEL.format(trouble="time.sleep(3600)"))
    command = ("--profile", "slurm", "--configfile", "own.yaml", "--", "results/tiny/seed-0/history.csv")
    process = start(folder, cluster.environment, *command)
    training = wait_for_training(cluster, process, folder)
    process.send_signal(signal.SIGINT)
    screen, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    state = cluster.ask("scontrol", "-o", "show", "job", training)
    assert "JobState=CANCELLED" in state, screen


def wait_for_training(cluster, process: subprocess.Popen, folder: Path) -> str:
    """Wait until the training runs, and return its Slurm id."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stdout.read()
        for job in cluster.jobs(folder):
            if "train_model" in job["Comment"] and job["JobState"] == "RUNNING":
                return job["JobId"]
        time.sleep(0.5)
    raise AssertionError("the training was not seen at work")
