"""A real Slurm on this machine: slurmctld and slurmd of its own, two partitions, two stand-in GPUs, no root needed."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SBIN = "/usr/sbin"
DAEMONS = [shutil.which(name, path=f"{os.environ['PATH']}:{SBIN}") for name in ("slurmctld", "slurmd")]
INSTALLED = all(DAEMONS) and shutil.which("sbatch") is not None
HOW_TO_INSTALL = "Slurm is not installed: apt-get install --no-install-recommends slurmctld slurmd slurm-client"
GPU_DEVICES = ("/dev/null", "/dev/zero")  # stand-ins: Slurm wants a device file for each GPU
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
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=20000 Gres=gpu:{gpus} State=UNKNOWN
PartitionName=cpu Nodes={host} Default=YES MaxTime=24:00:00 State=UP
PartitionName=gpu Nodes={host} MaxTime=24:00:00 State=UP
"""


@dataclass
class Cluster:
    """A running Slurm and the environment that reaches it."""

    environment: dict

    def ask(self, *command) -> str:
        """Return what a Slurm command prints."""
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    def jobs(self, folder: Path | None = None) -> list[dict]:
        """Return every job that was ever submitted (in a folder), oldest first, as `scontrol` tells it."""
        blocks = self.ask("scontrol", "-o", "show", "job").splitlines()
        jobs = [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in blocks]
        known = (job for job in jobs if "JobId" in job and folder in (None, Path(job["WorkDir"])))
        return sorted(known, key=lambda job: int(job["JobId"]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _write_config(folder: Path, host: str, cpus: int) -> Path:
    user = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
    ports = {"port": _free_port(), "slurmd_port": _free_port()}
    for name in ("state", "spool", "bin"):
        (folder / name).mkdir(parents=True)
    config = folder / "slurm.conf"
    config.write_text(CONFIG.format(host=host, folder=folder, user=user, cpus=cpus, gpus=len(GPU_DEVICES), **ports))
    (folder / "gres.conf").write_text("".join(f"NodeName={host} Name=gpu File={device}\n" for device in GPU_DEVICES))
    # The executor drops SLURM_CONF before its inner srun; this one puts it back.
    shim = folder / "bin/srun"
    shim.write_text(f'#!/bin/sh\nexport SLURM_CONF={config}\nexec {shutil.which("srun")} "$@"\n')
    shim.chmod(0o755)
    return config


def _wait_until_idle(environment: dict, log: Path) -> None:
    for _ in range(600):
        answer = subprocess.run(["sinfo", "-h", "-o", "%t"], env=environment, capture_output=True, text=True)
        if set(answer.stdout.split()) == {"idle"}:
            return
        time.sleep(0.1)
    raise RuntimeError("Slurm did not come up:\n" + log.read_text()[-2000:])


def _stop(folder: Path) -> None:
    """Stop the daemons by their own process ids."""
    for name in ("slurmd", "slurmctld"):
        pid = folder / f"{name}.pid"
        if pid.exists():
            subprocess.run(["kill", pid.read_text().strip()], check=False)


@contextmanager
def running_slurm(folder: Path, cpus: int = 4):
    """Start both daemons in a folder, yield the `Cluster`, and stop them at the end.

    Raises RuntimeError, with the controller's last words, if they do not come up.
    """
    host = socket.gethostname().split(".")[0]
    config = _write_config(folder, host, cpus)
    path = f"{folder}/bin:{os.environ['PATH']}:{SBIN}"
    cluster = Cluster(os.environ | {"SLURM_CONF": str(config), "PATH": path})
    try:
        subprocess.run([DAEMONS[0], "-c"], env=cluster.environment, check=True)
        time.sleep(0.3)
        subprocess.run([DAEMONS[1], "-N", host], env=cluster.environment, check=True)
        _wait_until_idle(cluster.environment, folder / "slurmctld.log")
        yield cluster
    finally:
        _stop(folder)
