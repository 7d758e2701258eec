"""A random kill by a fixed seed on a real Slurm: the same command again, and the bytes of an undisturbed run."""

from kill_and_resume import main


def test_a_kill_on_slurm(cluster, tmp_path):
    faults = main(1, 0, cluster, tmp_path / "work", tmp_path / "faults.csv")
    assert sum(fault.hit for fault in faults) == 1
