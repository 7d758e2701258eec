"""A real Slurm on this machine: slurmctld and slurmd of its own, two partitions, two stand-in GPUs, no root needed."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

SBIN = "/usr/sbin"
DAEMONS = [shutil.which(name, path=f"{os.environ['PATH']}:{SBIN}") for name in ("slurmctld", "slurmd")]
CONFIG = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={slurmd_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
EnforcePartLimits=ALL
ReturnToService=2
MinJobAge=3600
KillWait=2
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=20000 Gres=gpu:2 State=UNKNOWN
PartitionName=cpu Nodes={host} Default=YES MaxTime=24:00:00 State=UP
PartitionName=gpu Nodes={host} MaxTime=24:00:00 State=UP
"""


def pytest_collection_modifyitems(items):
    if not all(DAEMONS):
        mark = pytest.mark.skip(reason="Slurm is not installed: apt-get install slurmctld slurmd slurm-client")
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(mark)


@dataclass
class Cluster:
    """A running Slurm and the environment that reaches it."""

    environment: dict

    def ask(self, *command) -> str:
        """Return what a Slurm command prints."""
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    def jobs(self) -> list[dict]:
        """Return every job that was ever submitted, as `scontrol` tells it."""
        blocks = self.ask("scontrol", "-o", "show", "job").splitlines()
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in blocks]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _stop(folder: Path) -> None:
    """Stop the daemons by their own process ids."""
    for name in ("slurmd", "slurmctld"):
        pid = folder / f"{name}.pid"
        if pid.exists():
            subprocess.run(["kill", pid.read_text().strip()], check=False)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Two daemons that run for the session."""
    folder, host = tmp_path_factory.mktemp("slurm"), socket.gethostname().split(".")[0]
    user = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
    for name in ("state", "spool", "bin"):
        (folder / name).mkdir()
    config = folder / "slurm.conf"
    config.write_text(CONFIG.format(host=host, folder=folder, user=user, port=_free_port(), slurmd_port=_free_port()))
    devices = ("/dev/null", "/dev/zero")
    (folder / "gres.conf").write_text("".join(f"NodeName={host} Name=gpu File={device}\n" for device in devices))
    # The executor drops SLURM_CONF before its inner srun; this one puts it back.
    shim = folder / "bin/srun"
    shim.write_text(f'#!/bin/sh\nexport SLURM_CONF={config}\nexec {shutil.which("srun")} "$@"\n')
    shim.chmod(0o755)
    path = f"{folder}/bin:{os.environ['PATH']}:{SBIN}"
    running = Cluster(os.environ | {"SLURM_CONF": str(config), "PATH": path})
    try:
        subprocess.run([DAEMONS[0], "-c"], env=running.environment, check=True)
        time.sleep(0.3)
        subprocess.run([DAEMONS[1], "-N", host], env=running.environment, check=True)
        for _ in range(100):
            answer = subprocess.run(
                ["sinfo", "-h", "-o", "%t"], env=running.environment, capture_output=True, text=True
            )
            if set(answer.stdout.split()) == {"idle"}:
                break
            time.sleep(0.1)
        else:
            pytest.fail("Slurm did not come up:\n" + (folder / "slurmctld.log").read_text()[-2000:])
        yield running
    finally:
        _stop(folder)
