"""What a user can switch: no GPU at all, and dumps that are deleted once measured; on a real Slurm."""

import pytest

CONFIG = {
    "datasets": {"digits": {"source": "digits"}},
    "gpu": False,
    "temporary_dumps": True,
    "runs": {
        "tiny": {
            "dataset": "digits",
            "model": {"hidden": [12, 8]},
            "training": {"iterations": 3},
            "graph": {"top_neurons": 4},
        }
    },
}


@pytest.fixture(scope="module")
def finished(cluster, clone, start):
    folder, before = clone("switches", CONFIG), len(cluster.jobs())
    arguments = ("--profile", "slurm", "--configfile", "own.yaml", "--", "results/tiny/communities/table5.csv")
    process = start(folder, cluster.environment, *arguments)
    screen, _ = process.communicate(timeout=600)
    assert process.returncode == 0, screen
    return folder, cluster.jobs()[before:]


def test_without_gpu_every_job_goes_to_the_cpu_partition(finished):
    _, jobs = finished
    assert len(jobs) == 3
    assert {(job["Partition"], job.get("TresPerJob"), job["JobState"]) for job in jobs} == {("cpu", None, "COMPLETED")}


def test_temporary_dumps_are_gone_and_what_was_measured_is_there(finished):
    folder, _ = finished
    assert len(list(folder.glob("results/tiny/seed-0/entropy/*.csv"))) == 3
    assert list(folder.glob("results/tiny/seed-0/activations/*")) == []
