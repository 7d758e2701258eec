"""The communities study of MNIST, one seed, from trained snapshots to Tables 1 to 6 and Figure 1, done in two ways.

python benchmarks/study.py --data-dir DIR [--pairs 3] [--cores 2] [--trained RESULTS] [--library-bisection]

The workflow: Snakemake, a job a step, everything in files. The single process: one thread, everything in memory, no
files but the tables and the figure. Both begin with the same snapshots, take turns at going first, and must end with
equal tables. Given are seconds of wall time and of processor time of all processes, and the ratio of the workflow's to
the single process', the median of all pairs and its range. The single process bisects with NetworkX, or with this
library's own function, so that what is left is the cost of files and jobs alone.
"""

import argparse
import csv
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "scripts"))

CONFIG = """
datasets: {{mnist: {{source: mnist}}}}
runs: {{mnist: {{dataset: mnist, seeds: [0], studies: [communities]}}}}
data_dir: {data_dir}
"""
TABLES = [f"table{n}.csv" for n in range(1, 7)]
FIGURE = "figure1.svg"
ITERATIONS, CLASSES, NEURONS, ROWS = 20, 10, 512, 1024  # those of the default run and its network
TOP, BINS, STARTS, RESOLUTION = 50, 10, 10, 2.0


# The single process. It shares the tables' last step with the library (pandas' frames in, CSV out), and nothing else.


def activations(snapshot: Path, images):
    """Return the outputs of both hidden layers, float32 (60000, 512) each, for sorted `images` float32 (60000, 784)."""
    import numpy as np
    import torch

    state = torch.load(snapshot, weights_only=True)["model"]
    layers = [np.empty((len(images), NEURONS), np.float32) for _ in range(2)]
    with torch.inference_mode():
        for start in range(0, len(images), ROWS):
            x = torch.from_numpy(images[start : start + ROWS])
            for i, layer in enumerate(layers):
                x = torch.nn.functional.linear(x, state[f"hidden.{i}.weight"], state[f"hidden.{i}.bias"]).relu_()
                layer[start : start + len(x)] = x
    return layers


def column_counts(mask):
    """Return the true values of each column of a bool (N, n) array."""
    import numpy as np

    strips = [
        mask[start : start + 255].view(np.uint8).sum(axis=0, dtype=np.uint8) for start in range(0, len(mask), 255)
    ]
    return np.sum(strips, axis=0, dtype=np.int64)


def bits(histogram):
    """Return the Shannon entropies of histograms (bins, n), one a column."""
    import numpy as np

    share = histogram / np.maximum(histogram.sum(axis=0), 1)
    return -(share * np.log2(np.where(share > 0, share, 1))).sum(axis=0)


def histogram(blocks, maximum, live):
    """Return how many non-zero values of each neuron lie in equal bins over [0, its maximum], (bins, n)."""
    import numpy as np

    exact = np.linspace(0, maximum.astype(float), BINS + 1)[1:-1]
    edges = exact.astype(np.float32)
    edges = np.where(edges < exact, np.nextafter(edges, np.float32(np.inf)), edges)
    steps = np.zeros((BINS + 1, len(maximum)), np.int64)
    for block in blocks:
        steps[0] += column_counts(block > 0)
        for k, edge in enumerate(edges, start=1):
            steps[k] += column_counts(block >= edge)
    return -np.diff(steps, axis=0) * live


def measure_layer(values, bounds):
    """Return a layer's entropies (all, then each class) with live neurons, and its graph."""
    import numpy as np

    from neurons.graphs.pattern_graph import ActivationGraph

    parts = [values[start:stop] for start, stop in zip(bounds, bounds[1:])]
    blocks = [[part[i : i + ROWS] for i in range(0, len(part), ROWS)] for part in parts]  # that the cache holds
    maxima = np.array([part.max(axis=0) for part in parts])
    own = [histogram(block, maximum, maximum > 0) for block, maximum in zip(blocks, maxima)]
    whole = histogram([block for of_class in blocks for block in of_class], maxima.max(axis=0), maxima.max(axis=0) > 0)
    entropies = [("all", bits(whole).sum(), int((maxima.max(axis=0) > 0).sum()))]
    entropies += [(c, bits(counts).sum(), int((maxima[c] > 0).sum())) for c, counts in enumerate(own)]

    means = np.array([part.sum(axis=0, dtype=np.float64) / len(part) for part in parts])
    chosen = np.sort(np.argsort(-means, axis=1, kind="stable")[:, :TOP], axis=1)
    weights, member = np.zeros((NEURONS, NEURONS)), np.zeros((CLASSES, NEURONS), bool)
    counts, above = np.diff(bounds), np.zeros(member.shape, int)
    for c, part in enumerate(parts):
        high = (part[:, chosen[c]] > means[c, chosen[c]]).astype(np.float32)
        together = (high.T @ high).astype(np.float64)
        weights[np.ix_(chosen[c], chosen[c])] += together / len(part)
        above[c, chosen[c]] = np.diag(together)
        member[c, chosen[c]] = True
    np.fill_diagonal(weights, 0)
    vertices = np.flatnonzero(member.any(axis=0))
    weights = weights[np.ix_(vertices, vertices)]
    return entropies, ActivationGraph(
        weights, vertices, member[:, vertices], means[:, vertices], above[:, vertices], counts
    )


def quality(weights, alpha) -> float:
    """Return the modularity of a belonging matrix (V, K)."""
    degree = weights.sum(axis=1)
    total = degree.sum()
    return float(((weights @ alpha) * alpha).sum() / total - ((degree @ alpha / total) ** 2).sum())


def networkx_halves(weights) -> list:
    """Return the bisections of all starts, bool (V,) each, by NetworkX."""
    import networkx
    import numpy as np

    graph = networkx.from_numpy_array(weights)
    searches = (networkx.algorithms.community.kernighan_lin_bisection(graph, seed=seed) for seed in range(STARTS))
    return [np.isin(np.arange(len(weights)), list(half)) for half, _ in searches]


def library_halves(weights) -> list:
    """Return the bisections of all starts, bool (V,) each, by the library."""
    from neurons.communities.kernighan_lin import bisection

    return [bisection(weights, seed) for seed in range(STARTS)]


def measure_communities(graph, halves) -> list:
    """Return (metric, value) of a layer's graph."""
    import igraph
    import numpy as np

    from neurons.graphs.null_model import standardised_modularities

    weights, member, means = graph.adjacency, graph.membership, graph.mean_activation

    edges, k = (weights > 0).astype(float), weights @ member.T * member.T
    strongest = np.where(member, means, -np.inf).argmax(axis=0)
    network = igraph.Graph.Weighted_Adjacency(weights, mode="undirected")
    runs = []
    for seed in range(STARTS):
        igraph.set_random_number_generator(random.Random(seed))
        found = network.community_multilevel(weights="weight", resolution=RESOLUTION).membership
        runs.append((network.modularity(found, weights="weight", resolution=RESOLUTION), -seed, found))
    louvain, _, found = max(runs)
    sizes = sorted(np.bincount(found).tolist(), reverse=True)
    return [
        ("klb", np.mean([quality(weights, np.column_stack([half, ~half]).astype(float)) for half in halves(weights)])),
        ("no_overlap", quality(edges, np.eye(CLASSES)[strongest])),
        ("unweighted_overlap", quality(edges, (member / member.sum(axis=0)).T)),
        ("weighted_overlap", quality(weights, k / k.sum(axis=1, keepdims=True))),
        *((f"modularity_z.{name}", z) for name, z in standardised_modularities(graph).items()),
        ("louvain", louvain),
        ("vertices", len(weights)),
        ("communities", len(sizes)),
        ("nodes_per_community", len(weights) / len(sizes)),
        *((f"community_{rank}", size) for rank, size in enumerate((sizes + [0] * 8)[:8], start=1)),
    ]


def single_process(results: Path, output: Path, halves) -> None:
    """Write the tables and Figure 1 from the snapshots and accuracies below `results`."""
    import h5py
    import numpy as np
    import pandas as pd

    from neurons.communities import entropy_tables, tables
    from neurons.core.tables import write_table
    from neurons.figures.communities import series
    from neurons.graphs.overlap_modularity import MODULARITIES, STANDARDISED

    seed = results / "mnist/seed-0"
    with h5py.File(results / "data/mnist.h5") as file:
        labels, images = file["train/labels"][:], file["train/images"][:]
    order = np.argsort(labels, kind="stable")
    images = images[order].reshape(len(order), -1).astype(np.float32) / np.float32(255)
    bounds = np.searchsorted(labels[order], np.arange(CLASSES + 1))
    entropy, modularity, graphs = [], [], []
    for iteration in range(1, ITERATIONS + 1):
        layers = {}
        for number, values in enumerate(activations(seed / f"snapshots/{iteration:02d}.pt", images), start=1):
            name = f"dense_{number}"
            entropies, layers[name] = measure_layer(values, bounds)
            entropy += [(name, str(c), value, NEURONS, live, 0, iteration) for c, value, live in entropies]
            modularity += [(name, *row, 0, iteration) for row in measure_communities(layers[name], halves)]
        if iteration in (1, ITERATIONS):
            graphs.append((0, iteration, layers))
    # The workflow's measures go through files, with six digits.
    entropy, modularity = (
        pd.DataFrame([[float(f"{x:.6g}") if isinstance(x, float) else x for x in row] for row in rows], columns=columns)
        for rows, columns in (
            (entropy, ["layer", "class", "entropy_bits", "neurons", "live_neurons", "seed", "iteration"]),
            (modularity, ["layer", "metric", "value", "seed", "iteration"]),
        )
    )
    history, accuracy = (pd.read_csv(seed / name).assign(seed=0) for name in ("history.csv", "class_accuracy.csv"))
    facts = {"image_size": "28x28", "labels": "given", "hidden_layers": "512 512", "output_layer": CLASSES}
    sizes = tables.modularity_correlations(modularity, history, ("nodes_per_community",))
    frames = [
        tables.accuracy_table(history, facts),
        tables.overlap_table(graphs),
        tables.sizes_table(modularity, sizes),
        tables.modularity_correlations(modularity, history, (*MODULARITIES, *STANDARDISED)),
        entropy_tables.entropy_correlations(entropy, history),
        entropy_tables.class_entropy_correlations(entropy, accuracy, history),
    ]
    for name, frame in zip(TABLES, frames):
        write_table(frame, output / name)
    write_table(entropy_tables.series_table(entropy, history), output / "figure1.csv")
    series([output / "figure1.csv"], [output / FIGURE], "mnist")


# Timing both.


def cost(command: list[str], folder: Path, **environment) -> tuple[float, float]:
    """Run a command; return its seconds of wall time and of processor time, that of its own children included."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("SNAKEMAKE")}
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, env=own | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{done.stdout}\nfailed: {' '.join(command)}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def snakemake(folder: Path, cores: int, *targets: str) -> list[str]:
    """Return the command that makes results below `folder`."""
    where = ["--snakefile", str(REPOSITORY / "Snakefile"), "--directory", str(folder)]
    config = ["--configfile", str(folder / "config.yaml"), "--cores", str(cores)]
    return [sys.executable, "-m", "snakemake", *where, *config, *(f"results/mnist/{target}" for target in targets)]


def clear(results: Path) -> None:
    """Delete all that was made of the snapshots."""
    kept = {"snapshots", "history.csv", "class_accuracy.csv"}
    for path in [results / "mnist/communities", *(results / "mnist/seed-0").iterdir()]:
        if path.name not in kept and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def copy_trained(source: Path, results: Path) -> None:
    """Copy a data set, snapshots and accuracies, and give them one time, so that nothing seems out of date."""
    for path in ("data/mnist.h5", "data/mnist.json", "mnist/seed-0/history.csv", "mnist/seed-0/class_accuracy.csv"):
        (results / path).parent.mkdir(parents=True, exist_ok=True)
        if (source / path).exists():
            shutil.copyfile(source / path, results / path)
    shutil.copytree(source / "mnist/seed-0/snapshots", results / "mnist/seed-0/snapshots")
    now = time.time()
    for path in results.rglob("*"):
        os.utime(path, (now, now))


def rows_of(path: Path) -> list[list[str]]:
    with open(path, newline="") as stream:
        return list(csv.reader(stream))


def stages(folder: Path) -> dict[str, tuple[int, float, float]]:
    """Return jobs, seconds and processor seconds of each rule, off Snakemake's benchmark files."""
    found = {}
    for path in sorted((folder / "benchmarks").rglob("*.tsv")):
        rule = path.relative_to(folder / "benchmarks").parts[0]
        header, values = (line.split("\t") for line in path.read_text().splitlines())
        line = dict(zip(header, values))
        processor = float(line["cpu_time"]) if line["cpu_time"] not in ("-", "NA") else 0.0
        jobs, wall, total = found.get(rule, (0, 0.0, 0.0))
        found[rule] = (jobs + 1, wall + float(line["s"]), total + processor)
    return found


def main(arguments: argparse.Namespace, folder: Path) -> None:
    """Time pairs of both ways in a working folder and print them."""
    results, alone = folder / "results", folder / "alone"
    (folder / "config.yaml").write_text(CONFIG.format(data_dir=Path(arguments.data_dir).resolve()))
    if arguments.trained:
        copy_trained(Path(arguments.trained), results)
    else:
        cost(snakemake(folder, arguments.cores, f"seed-0/snapshots/{ITERATIONS}.pt"), folder)
    shutil.rmtree(folder / "benchmarks", ignore_errors=True)
    targets = [f"communities/{name}" for name in (*TABLES, FIGURE)]
    bisection = ["--library-bisection"] if arguments.library_bisection else []
    own = [sys.executable, str(Path(__file__).resolve()), "--single", str(folder), *bisection]
    ways = {
        "workflow": lambda: cost(snakemake(folder, arguments.cores, *targets), folder),
        "single": lambda: cost(own, folder, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1"),
    }
    pairs = []
    print("| pair | workflow s | processor s | single s | processor s | ratio | of processor time |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for number in range(arguments.pairs):
        clear(results)
        shutil.rmtree(alone, ignore_errors=True)
        alone.mkdir()
        order = list(ways) if number % 2 == 0 else list(ways)[::-1]
        (wall, processor), (single_wall, single_processor) = (
            values for _, values in sorted(((way, ways[way]()) for way in order), reverse=True)
        )
        for name in TABLES:
            if rows_of(alone / name) != rows_of(results / "mnist/communities" / name):
                sys.exit(f"{name}: the two ways differ")
        pairs.append((wall / single_wall, processor / single_processor))
        line = (wall, processor, single_wall, single_processor)
        print(
            f"| {number + 1} | {' | '.join(f'{x:.1f}' for x in line)} | {' | '.join(f'{x:.2f}' for x in pairs[-1])} |"
        )
        sys.stdout.flush()
    for what, ratios in zip(("wall time", "processor time"), zip(*pairs)):
        print(f"\nRatio of {what}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    print("\n| rule | jobs | seconds | processor s |\n| --- | ---: | ---: | ---: |")
    for rule, (jobs, wall, processor) in stages(folder).items():
        print(f"| {rule} | {jobs} | {wall:.1f} | {processor:.1f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", default="data", help="folder that holds MNIST/raw")
    parser.add_argument("--pairs", type=int, default=3, help="how often each way is run")
    parser.add_argument("--cores", type=int, default=2, help="cores of the workflow")
    parser.add_argument(
        "--trained", help="a results folder with the run `mnist`: its snapshots are taken, none trained"
    )
    parser.add_argument(
        "--library-bisection", action="store_true", help="the single process bisects as the library does"
    )
    parser.add_argument("--single", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.single:
        bisect = library_halves if given.library_bisection else networkx_halves
        single_process(Path(given.single) / "results", Path(given.single) / "alone", bisect)
    else:
        with tempfile.TemporaryDirectory() as name:
            main(given, Path(name))
