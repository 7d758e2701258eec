"""What was run for the reproduction page: data beside the papers', settings, versions, and what the jobs cost."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import h5py
import pandas as pd

from neurons.reproduction_claims import Run

PACKAGES = ("torch", "numpy", "scipy", "igraph", "networkx", "snakemake")
# Below this share of the paper's training images, or of its pixels, a run counts as one on reduced data. A split of
# one's own of the same images differs by a few.
FULL = 0.9


def data_facts(path) -> dict | None:
    """Return images per split, size in pixels and number of classes of a converted data set; None if it is not there."""
    if not Path(path).exists():
        return None
    with h5py.File(path) as file:
        height, width = file["train/images"].shape[1:3]
        samples = {split: len(file[f"{split}/labels"]) for split in ("train", "test")}
        return samples | {"height": height, "width": width, "classes": len(file.attrs["classes"])}


def differences(facts: dict | None, printed: pd.DataFrame) -> list[str]:
    """Return how a data set is smaller than the paper's, in words; `printed` holds the paper's row or none."""
    if facts is None or printed.empty:
        return []
    row, found = printed.iloc[0], []
    width, height = map(int, row["image_size"].split("x"))
    if facts["train"] < FULL * row["train_samples"]:
        found.append(f"{facts['train']} of {row['train_samples']} training images")
    if facts["width"] * facts["height"] < FULL * width * height:
        found.append(f"{facts['width']}x{facts['height']} for {width}x{height} pixels")
    return found


def compare_data(runs: list[Run], results: Path, published: Path) -> dict[str, tuple[dict | None, list[str]]]:
    """Return, by run, the facts of its data and how they are reduced (nothing: they are not)."""
    printed = pd.read_csv(published / "datasets.csv")
    found = {}
    for run in runs:
        facts = data_facts(results / "data" / f"{run.dataset}.h5") if run.dataset else None
        found[run.name] = facts, differences(facts, printed[printed["dataset"] == run.published])
    return found


def runs_table(runs: list[Run], data: dict) -> pd.DataFrame:
    """Return a row per run: data, network, seeds and schedule."""
    rows = []
    for run in runs:
        facts, smaller = data[run.name]
        images = "{train} + {test}, {width}x{height}, {classes} classes".format(**facts) if facts else "–"
        epochs = f"{run.iterations} x {run.epochs_per_iteration}"
        rows.append(
            {
                "run": run.name,
                "studies": ", ".join(run.studies),
                "images (train + test)": images,
                "less than the paper's": "; ".join(smaller) or "–",
                "labels": run.labels,
                "network": f"{run.model}: {run.layers}",
                "training": run.training,
                "seeds": ", ".join(map(str, run.seeds)),
                "iterations x epochs": epochs,
            }
        )
    return pd.DataFrame(rows)


def job_times(run: str, benchmarks: Path) -> pd.DataFrame:
    """Return a row (rule, wall, cpu; seconds) per finished job of a run, read off Snakemake's benchmark files."""
    paths = sorted(path for folder in benchmarks.glob(f"*/{run}") for path in folder.rglob("*.tsv"))
    rows = []
    for path in paths:
        table = pd.read_csv(path, sep="\t")
        wall, cpu = (pd.to_numeric(table[name], errors="coerce").sum() for name in ("s", "cpu_time"))
        rows.append((path.relative_to(benchmarks).parts[0], wall, cpu))
    return pd.DataFrame(rows, columns=["rule", "wall", "cpu"])


def times_table(runs: list[Run], benchmarks: Path) -> pd.DataFrame:
    """Return wall and CPU minutes per run, of training and of all jobs, and their sum."""
    rows, names = [], ["jobs", "training, wall", "training, CPU", "all, wall", "all, CPU"]
    for run in runs:
        jobs = job_times(run.name, benchmarks)
        training = jobs[jobs["rule"] == "train_model"]
        seconds = [training["wall"].sum(), training["cpu"].sum(), jobs["wall"].sum(), jobs["cpu"].sum()]
        rows.append([run.name, len(jobs), *(value / 60 for value in seconds)])
    table = pd.DataFrame(rows, columns=["run", *names])
    table.loc[len(table)] = ["all runs", *table[names].sum()]
    minutes = table[names[1:]].map(lambda value: f"{value:.1f}")
    return pd.concat([table[["run"]], table["jobs"].astype(int), minutes], axis=1)


def environment() -> str:
    """Return versions, processor and cores of the machine that this runs on, in one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"Python {platform.python_version()}, {packages}; {os.cpu_count()} cores ({model})"
