"""Estimates put together from jobs, benchmark files and configurations, and as they are shown."""

import json

import pandas as pd
import pytest
import yaml

from neurons.core.errors import InputError
from neurons.workflow.config import resolve
from neurons.workflow.plan import costs
from neurons.workflow.plan.__main__ import read_config
from neurons.workflow.plan.estimate import estimate
from neurons.workflow.plan.table import duration, file_size, render, wall_seconds

CONFIG = {
    "datasets": {"digits": {"source": "digits"}},
    "runs": {"a": {"dataset": "digits", "model": {"hidden": [12, 8]}, "training": {"iterations": 2}}},
}
DUMPS = [f"results/a/seed-0/activations/0{i}.h5" for i in (1, 2)]
SNAPSHOTS = [f"results/a/seed-0/snapshots/0{i}.pt" for i in (0, 1, 2)]


def job(rule: str, inputs: list[str], outputs: list[str], name: str = "", gpu: int = 0, **wildcards) -> dict:
    benchmark = f"benchmarks/{name}.tsv" if name else None
    keys = {"rule": rule, "wildcards": wildcards, "input": inputs, "output": outputs, "benchmark": benchmark}
    return keys | {"threads": 1, "gpu": gpu}


JOBS = [
    job("convert_dataset", ["raw"], ["results/data/digits.h5"], "convert_dataset/digits", dataset="digits"),
    job("train_model_2", ["results/data/digits.h5"], SNAPSHOTS, "train_model/a/seed-0", 1, run="a", seed="0"),
    *(
        job("dump_activations", [snapshot], [path], f"dump_activations/a/seed-0/{path[-5:-3]}", run="a", seed="0")
        for snapshot, path in zip(SNAPSHOTS[1:], DUMPS)
    ),
    job("tabulate_accuracy", DUMPS, ["results/a/communities/table1.csv"], run="a"),
    job("compare_tables", ["results/a/communities/table1.csv"], ["results/paper/communities/table1.csv"]),
]
STAGES = [
    "convert_dataset",
    "train_model",
    "dump_activations",
    "dump_activations",
    "tabulate_accuracy",
    "compare_tables",
]


@pytest.fixture
def config(root) -> dict:
    return resolve(CONFIG, yaml.safe_load((root / "config/schema.yaml").read_text()))


@pytest.fixture
def plan(tmp_path, config):
    """A function that estimates jobs in the temporary folder, by the rates of the reference machine."""
    known = json.loads(costs.RATES.read_text())

    def of(jobs=JOBS, settings=config) -> pd.DataFrame:
        return estimate(jobs, settings, tmp_path, known["products"] | known["others"])[0]

    return of


@pytest.fixture
def benchmark(tmp_path):
    """A function that writes a benchmark file of some seconds."""

    def write(name: str, *seconds) -> None:
        path = tmp_path / "benchmarks" / f"{name}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("s\tcpu_time\n" + "".join(f"{s}\t1\n" for s in seconds))

    return write


def sources(frame: pd.DataFrame, stage: str) -> list[tuple]:
    rows = frame[frame["stage"] == stage]
    return list(zip(rows["seconds"], rows["source"]))


def test_every_job_is_estimated(plan):
    found = plan()
    assert list(found["stage"]) == STAGES
    assert list(found["run"]) == ["data set digits", *["a"] * 4, "all runs"]
    assert list(found["gpu"]) == [False, True, False, False, False, False]
    assert set(found["source"]) == {"estimated"} and (found["seconds"] > 0).all()


def test_earlier_runs_are_measured(plan, tmp_path, benchmark):
    """Of this very job, else the mean of the run's other jobs; dumps are as large as those that exist."""
    benchmark("dump_activations/a/seed-0/01", 7.0, 8.0)
    benchmark("dump_activations/a/seed-1/01", 5.0)
    benchmark("convert_dataset/digits", 0.25)
    benchmark("tabulate_accuracy/b", 99.0)
    dump = tmp_path / "results/a/seed-0/activations/05.h5"
    dump.parent.mkdir(parents=True)
    dump.write_bytes(bytes(12_345))
    found = plan()
    assert sources(found, "dump_activations") == [
        (7.5, "measured"),
        (pytest.approx(20 / 3), "same run"),
    ]
    assert sources(found, "convert_dataset") == [(0.25, "measured")]
    assert sources(found, "tabulate_accuracy")[0][1] == "estimated"
    assert list(found.loc[found["stage"] == "dump_activations", "disk"]) == [12_345] * 2


def test_a_job_of_two_iterations_is_twice_one_of_the_same_run(plan, tmp_path, benchmark):
    """Whatever was measured before, jobs of one iteration or of three."""
    batch = job("dump_activations_01_02", SNAPSHOTS[1:], DUMPS, "dump_activations/a/seed-0/01-02", run="a", seed="0")
    single, both = plan([JOBS[2]]), plan([batch])
    assert both["disk"][0] == pytest.approx(2 * single["disk"][0], abs=1)
    assert single["seconds"][0] < both["seconds"][0] < 2 * single["seconds"][0]
    benchmark("dump_activations/a/seed-1/01", 5.0)
    benchmark("dump_activations/a/seed-1/02-04", 9.0)
    assert sources(plan([batch]), "dump_activations") == [(7.0, "same run")]
    benchmark("dump_activations/a/seed-0/01-02", 6.0)
    assert sources(plan([batch]), "dump_activations") == [(6.0, "measured")]


@pytest.mark.parametrize("text", ["a\tb\n1\t2\n", "s\tcpu_time\n", "s\tcpu_time\nNA\t-\n"])
def test_a_benchmark_file_without_a_time_counts_for_nothing(plan, tmp_path, benchmark, text):
    benchmark("train_model/a/seed-0", 1.0)
    (tmp_path / "benchmarks/train_model/a/seed-0.tsv").write_text(text)
    assert sources(plan(), "train_model")[0][1] == "estimated"


def test_other_runs_times_scale_the_estimate(plan, config, benchmark):
    """Runs b, c and d have the settings of a and took twice, thrice and ten times its estimate."""
    ((seconds, _),) = sources(plan(), "train_model")
    for name, factor in (("b", 2), ("c", 3), ("d", 10)):
        benchmark(f"train_model/{name}/seed-0", factor * seconds)
    runs = config["runs"] | dict.fromkeys("bcd", config["runs"]["a"])
    assert sources(plan(settings=config | {"runs": runs}), "train_model") == [(pytest.approx(3 * seconds), "scaled")]
    assert sources(plan(), "train_model") == [(seconds, "estimated")]  # they are of no configuration


def test_a_run_whose_name_starts_alike_is_another_run(plan, benchmark):
    benchmark("train_model/a-mixed/seed-0", 99.0)
    assert sources(plan(), "train_model")[0][1] == "estimated"


def test_an_unknown_rule_is_named_and_not_priced(plan, benchmark):
    jobs = [*JOBS, job("measure_dimension", DUMPS[:1], ["results/a/x.csv"], "measure_dimension/a/seed-0/01", run="a")]
    assert sources(plan(jobs), "measure_dimension") == [(0.0, "unknown")]
    text = render(plan(jobs), 2, [])
    assert "- unknown: NOT COUNTED" in text and "| measure_dimension " in text.split("| run ")[0]
    assert "NOT COUNTED" not in render(plan(), 2, [])
    benchmark("measure_dimension/a/seed-0/01", 4.0)
    assert sources(plan(jobs), "measure_dimension") == [(4.0, "measured")]


def test_an_imported_run_is_not_counted(plan, config):
    """Neither its samples nor its neurons are known before its dumps are read."""
    imported = config | {"runs": {"a": {"activations": "dumps/{seed}", "seeds": [0]}}}
    jobs = [job("build_graphs", DUMPS[:1], ["results/a/graphs.h5"], run="a"), JOBS[4]]
    found = plan(jobs, imported)
    assert list(found["source"]) == ["unknown", "estimated"]


def test_the_wall_time_is_at_least_that_of_busy_cores_and_of_the_longest_chain():
    """a takes 3, b needs it and takes 2; c and d stand alone."""
    columns = {
        "seconds": [2.0, 3.0, 4.0, 1.0],
        "input": [["a"], ["raw"], [], []],
        "output": [["b"], ["a"], ["c"], ["d"]],
    }
    jobs = pd.DataFrame(columns)
    assert [wall_seconds(jobs, cores) for cores in (1, 2, 3, 100)] == [10.0, 5.0, 5.0, 5.0]


def test_a_job_waits_for_all_that_it_needs():
    jobs = pd.DataFrame(
        {"seconds": [1.0, 5.0, 2.0], "input": [[], [], ["a", "b", "c"]], "output": [["a"], ["b", "c"], ["d"]]}
    )
    assert wall_seconds(jobs, 8) == 7.0


def test_the_tables_add_up(plan):
    found = plan()
    text = render(found, 2, ["a note"])
    tables = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if "|" in line]
    rows = {row[0]: row[1:] for row in tables if not row[0].startswith("-")}
    assert rows["dump_activations"][0] == "2" and rows["tables, figures, exports"][0] == "2"
    assert rows["all runs"][0] == "1" and rows["a"][0] == "4" and rows["total"][0] == "6"
    assert rows["total"][1] == duration(found["seconds"].sum())
    assert rows["total"][2] == file_size(found["disk"].sum())
    dumps = found.loc[found["stage"] == "dump_activations", "disk"].sum()
    assert rows["dump_activations"][2] == file_size(dumps) and f"{file_size(dumps)} of it dumps" in text
    assert text.endswith("- a note.") and "Jobs that ask for a GPU" in text


def test_all_sources_of_a_stage_are_named(plan, benchmark):
    benchmark("dump_activations/a/seed-0/01", 7.5)
    row = next(line for line in render(plan(), 2, []).splitlines() if line.startswith("| dump_activations"))
    assert [cell.strip() for cell in row.split("|")[1:-1]][-1] == "measured, same run"


def test_nothing_to_do_is_said(plan):
    assert "Nothing to be done" in render(plan([]), 2, [])


@pytest.mark.parametrize(
    "seconds, text",
    [(0.2, "0 s"), (99, "99 s"), (100, "2 min"), (5969, "99 min"), (5971, "1.7 h"), (36_000, "10 h"), (4e6, "1,111 h")],
)
def test_times_are_short(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    "count, text", [(12, "12 B"), (1234, "1.23 kB"), (5.4e7, "54 MB"), (1.234e11, "123 GB"), (2.5e12, "2.5 TB")]
)
def test_sizes_are_short(count, text):
    assert file_size(count) == text


def test_configurations_are_laid_over_each_other(tmp_path):
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("datasets: {d: {source: digits}}\nruns: {a: {dataset: d, seeds: [1], labels: mixed}}\ndata_dir: x\n")
    two.write_text("runs: {a: {seeds: [2]}}\n")
    config = read_config([one, two], ["data_dir=y", "download=false"])
    assert config["runs"]["a"]["seeds"] == [2] and config["runs"]["a"]["labels"] == "mixed"
    assert config["data_dir"] == "y" and config["download"] is False
    two.write_text("runs: {a: {sedes: [2]}}\n")
    with pytest.raises(InputError, match="sedes"):
        read_config([one, two], [])
