"""What was run for the reproduction page: data beside the papers', settings, versions, and what the jobs cost."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import h5py
import pandas as pd

from neurons.core.formats import MISSING, number
from neurons.published.beside import published_values
from neurons.published.claims import Run
from neurons.workflow.benchmarks import read_benchmarks

PACKAGES = ("torch", "numpy", "scipy", "igraph", "networkx", "snakemake")
# Below this share of the paper's training images, or of its pixels, a run counts as one on reduced data. A split of
# one's own of the same images differs by a few.
FULL = 0.9


def data_facts(path) -> dict | None:
    """Return images per split, size in pixels and number of classes of a converted data set; None if there is none."""
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
    row, smaller = printed.iloc[0], []
    width, height = map(int, row["image_size"].split("x"))
    if facts["train"] < FULL * row["train_samples"]:
        smaller.append(f"{facts['train']} of {row['train_samples']} training images")
    if facts["width"] * facts["height"] < FULL * width * height:
        smaller.append(f"{facts['width']}x{facts['height']} for {width}x{height} pixels")
    return smaller


def compare_data(runs: list[Run], results: Path, published: Path) -> dict[str, tuple[dict | None, list[str]]]:
    """Return, by run, the facts of its data and how they are reduced (nothing: they are not)."""
    printed = published_values(published, "datasets")
    data = {}
    for run in runs:
        facts = data_facts(results / "data" / f"{run.dataset}.h5") if run.dataset else None
        data[run.name] = facts, differences(facts, printed[printed["dataset"] == run.published])
    return data


def runs_table(runs: list[Run], data: dict) -> pd.DataFrame:
    """Return a row per run: data, network, seeds and schedule."""
    images = "{train} + {test}, {width}x{height}, {classes} classes"
    return pd.DataFrame(
        {
            "run": run.name,
            "studies": ", ".join(run.studies),
            "images (train + test)": images.format(**facts) if facts else MISSING,
            "less than the paper's": "; ".join(smaller) or MISSING,
            "labels": run.labels,
            "network": f"{run.model}: {run.layers}",
            "training": run.training,
            "seeds": ", ".join(map(str, run.seeds)),
            "iterations x epochs": f"{run.iterations} x {run.epochs_per_iteration}",
        }
        for run, (facts, smaller) in ((run, data[run.name]) for run in runs)
    )


def times_table(runs: list[Run], benchmarks: Path) -> pd.DataFrame:
    """Return wall and CPU minutes per run, of training and of all jobs, and their sum."""
    names = [run.name for run in runs]
    jobs = read_benchmarks(benchmarks, names, [])
    totals = {"jobs": jobs.groupby("subject").size()}
    for title, part in (("training", jobs[jobs["rule"] == "train_model"]), ("all", jobs)):
        seconds = part.groupby("subject")[["seconds", "cpu_seconds"]].sum()
        totals |= {f"{title}, wall": seconds["seconds"] / 60, f"{title}, CPU": seconds["cpu_seconds"] / 60}
    table = pd.DataFrame(totals).reindex(names).fillna(0)
    table.loc["all runs"] = table.sum()
    minutes = table.drop(columns="jobs").map(lambda value: number(value, 1))
    return pd.concat([table[["jobs"]].astype(int), minutes], axis=1).reset_index(names="run")


def environment() -> str:
    """Return versions, processor and cores of the machine that this runs on, in one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"Python {platform.python_version()}, {packages}; {os.cpu_count()} cores ({model})"
