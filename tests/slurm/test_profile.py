"""`snakemake --profile slurm` on a real Slurm."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CONFIG = {
    "datasets": {"digits": {"source": "digits"}},
    "runs": {
        "tiny": {
            "dataset": "digits",
            "model": {"hidden": [12, 8]},
            "training": {"iterations": 3},
            "graph": {"top_neurons": 4},
        }
    },
}
TARGETS = ("results/tiny/communities/table5.csv", "results/tiny/seed-0/graphs/03.h5")


def run(folder: Path, environment, *options) -> str:
    """Run the tiny configuration in a new clone's form, and return what was on the screen."""
    folder.mkdir()
    for name in ("Snakefile", "rules", "scripts", "config", "profiles", "resources", "envs", "slurm"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "tiny.yaml").write_text(yaml.safe_dump(CONFIG))
    command = [sys.executable, "-m", "snakemake", *options, "--configfile", "tiny.yaml", "--", *TARGETS]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folders(cluster, tmp_path_factory):
    """The same targets made through Slurm and here."""
    base = tmp_path_factory.mktemp("runs")
    screen = run(base / "slurm", cluster.environment, "--profile", "slurm")
    assert "has been submitted with SLURM jobid" in screen
    run(base / "local", None, "--cores", "2")
    return base / "slurm", base / "local"


def test_results_are_those_of_a_local_run(folders):
    made, expected = ({p.relative_to(f): p for p in (f / "results").rglob("*") if p.is_file()} for f in folders)
    assert made.keys() == expected.keys()
    assert [name for name in expected if made[name].read_bytes() != expected[name].read_bytes()] == []


def test_jobs_ask_for_what_they_need_where_it_is(cluster, folders):
    jobs = {job["Comment"]: job for job in cluster.jobs()}
    assert {job["JobState"] for job in jobs.values()} == {"COMPLETED"}
    training = jobs.pop("rule_train_model_3_wildcards_tiny_0")
    assert (training["Partition"], training["TresPerJob"]) == ("gpu", "gres:gpu:1")
    assert {(job["Partition"], job.get("TresPerJob")) for job in jobs.values()} == {("cpu", None)}
    dump = jobs["rule_dump_activations_wildcards_tiny_0_02"]
    assert dump["MinMemoryNode"] == "1500M" and dump["TimeLimit"] == "00:30:00" and dump["CPUs/Task"] == "1"
    assert not [name for name in jobs if "fetch_dataset" in name or "correlate" in name]  # these run on the login node
