"""What a user can switch, on a real Slurm: no GPU at all, temporary dumps, and a large model that wants GPUs."""

from running import PATIENCE

MODEL = """
import torch

def build(image_shape, classes):
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 8), torch.nn.ReLU(), torch.nn.Linear(8, 10))
"""
RUN = {"dataset": "digits", "model": {"hidden": [12, 8]}, "training": {"iterations": 3}, "graph": {"top_neurons": 4}}


def submit(cluster, folder, start, *targets) -> list[dict]:
    """Make the targets through Slurm, and return the jobs that it took."""
    process = start(folder, cluster.environment, "--profile", "slurm", "--configfile", "own.yaml", "--", *targets)
    screen, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, screen
    return cluster.jobs(folder)


def test_without_gpu_every_job_goes_to_the_cpu_partition_and_temporary_dumps_go(cluster, clone, start):
    config = {
        "datasets": {"digits": {"source": "digits"}},
        "gpu": False,
        "temporary_dumps": True,
        "runs": {"tiny": RUN},
    }
    folder = clone("switches", config)
    jobs = submit(cluster, folder, start, "results/tiny/communities/table5.csv")
    assert len(jobs) == 3
    assert {(job["Partition"], job.get("TresPerJob"), job["JobState"]) for job in jobs} == {("cpu", None, "COMPLETED")}
    assert len(list(folder.glob("results/tiny/seed-0/entropy/*.csv"))) == 3
    assert list(folder.glob("results/tiny/seed-0/activations/*")) == []


def test_dumps_of_a_large_model_ask_for_a_gpu_and_measuring_them_does_not(cluster, clone, start):
    large = RUN | {"model": {"module": "model.py", "builder": "build"}}
    folder = clone("large", {"datasets": {"digits": {"source": "digits"}}, "runs": {"large": large}})
    (folder / "model.py").write_text(MODEL)
    jobs = submit(cluster, folder, start, "results/large/seed-0/graphs/01.h5", "results/large/seed-0/entropy/01.csv")
    asked = {job["Comment"].split("_wildcards")[0]: (job["Partition"], job.get("TresPerJob")) for job in jobs}
    assert asked.pop("rule_convert_dataset") == ("cpu", None)
    assert asked.pop("rule_train_model_3") == asked.pop("rule_dump_activations") == ("gpu", "gres:gpu:1")
    assert set(asked.values()) == {("cpu", None)}
