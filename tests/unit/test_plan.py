"""A plan put together from jobs, and as it is shown."""

from dataclasses import replace

import pytest
import yaml

from neurons.config import resolve
from neurons.errors import InputError
from neurons.plan import make_plan, read_config
from neurons.plan_costs import RATES
from neurons.plan_table import duration, render, size, table

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
    job("convert_dataset", ["raw"], ["results/data/digits.h5"], dataset="digits"),
    job("train_model_2", ["results/data/digits.h5"], SNAPSHOTS, "train_model/a/seed-0", 1, run="a", seed="0"),
    *(
        job("dump_activations", [snapshot], [path], f"dump_activations/a/seed-0/{path[-5:-3]}", run="a", seed="0")
        for snapshot, path in zip(SNAPSHOTS[1:], DUMPS)
    ),
    job("tabulate_accuracy", DUMPS, ["results/a/communities/table1.csv"], run="a"),
    job("all", ["results/a/communities/table1.csv"], []),
]


@pytest.fixture
def config(root) -> dict:
    return resolve(CONFIG, yaml.safe_load((root / "config/schema.yaml").read_text()))


@pytest.fixture
def plan(tmp_path, config):
    return make_plan(JOBS, config, tmp_path, tmp_path / "benchmarks", 2)


def test_every_job_that_makes_something_is_counted(plan):
    assert [job.stage for job in plan.jobs] == [
        "convert_dataset",
        "train_model",
        "dump_activations",
        "dump_activations",
        "tabulate_accuracy",
    ]
    assert [job.gpu for job in plan.jobs] == [False, True, False, False, False]
    assert {job.source for job in plan.jobs} == {"estimated"}


def test_dumps_alone_run_side_by_side(plan, tmp_path, config):
    seconds = [job.seconds for job in plan.jobs]
    assert plan.wall == pytest.approx(sum(seconds) - seconds[2])
    alone = make_plan(JOBS, config, tmp_path, tmp_path / "benchmarks", 1)
    assert alone.wall == pytest.approx(sum(seconds))
    assert alone.peak_dumps == plan.jobs[2].dump and plan.peak_dumps == 2 * plan.jobs[2].dump


def test_what_is_there_is_measured(tmp_path, config):
    folder = tmp_path / "benchmarks/dump_activations/a/seed-0"
    folder.mkdir(parents=True)
    (folder / "01.tsv").write_text("s\tcpu_time\n7.5\t1\n")
    dump = tmp_path / "results/a/seed-0/activations/05.h5"
    dump.parent.mkdir(parents=True)
    dump.write_bytes(bytes(12_345))
    plan = make_plan(JOBS, config, tmp_path, tmp_path / "benchmarks", 2)
    dumps = [job for job in plan.jobs if job.stage == "dump_activations"]
    assert [(job.seconds, job.source, job.dump) for job in dumps] == [
        (7.5, "measured", 12_345),
        (7.5, "same run", 12_345),
    ]


def test_another_runs_times_scale_the_estimates(tmp_path, config, plan):
    """Run b has the settings of a and took thrice its estimate; nothing of b is left to do."""
    train = next(job for job in plan.jobs if job.stage == "train_model")
    path = tmp_path / "benchmarks/train_model/b/seed-0.tsv"
    path.parent.mkdir(parents=True)
    path.write_text(f"s\tcpu_time\n{3 * train.seconds}\t1\n")
    both = config | {"runs": {"a": config["runs"]["a"], "b": config["runs"]["a"]}}
    again = next(job for job in make_plan(JOBS, both, tmp_path, path.parents[2], 2).jobs if job.stage == "train_model")
    assert again.source == "scaled" and again.seconds == pytest.approx(3 * train.seconds)
    unknown = make_plan(JOBS, config, tmp_path, path.parents[2], 2)
    assert {job.source for job in unknown.jobs} == {"estimated"}


def test_the_tables_add_up(plan):
    lines = render(plan, {"train_model", "dump_activations"}).splitlines()
    stages = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[: lines.index("")]]
    head, _, *rows, total = stages
    assert [row[0] for row in rows] == [
        "convert_dataset",
        "train_model",
        "dump_activations",
        "tables, figures, exports",
    ]
    assert [row[head.index("jobs")] for row in [*rows, total]] == ["1", "1", "2", "1", "5"]
    assert total[head.index("dumps")] == size(sum(job.dump for job in plan.jobs))
    assert rows[1][head.index("GPU time")] == total[head.index("GPU time")] == rows[1][head.index("time")]
    assert {len(line) for line in lines[: lines.index("")]} == {len(lines[0])}
    assert "digits: 1,437 + 360 images of 8 x 8, published size" in "\n".join(lines)


def test_the_disk_is_told_for_dumps_as_configured_first(plan):
    dumps, other = (sum(getattr(job, kind) for job in plan.jobs) for kind in ("dump", "other"))
    kept, at_once = f"Disk: {size(dumps + other)} with all dumps", f"Disk: {size(plan.peak_dumps + other)} at once"
    assert not plan.temporary and kept in render(plan, set())
    assert at_once in render(replace(plan, temporary=True), set())


def test_several_sources_are_told_with_their_shares(plan):
    times = {"train_model": (60.0, "measured"), "dump_activations": (20.0, "scaled")}
    jobs = [
        replace(job, seconds=times[job.stage][0], source=times[job.stage][1]) for job in plan.jobs if job.stage in times
    ]
    shown = render(replace(plan, jobs=jobs), set(times))
    assert "measured 60%, scaled 40%" in shown and "estimated" not in shown.split("\n\n")[0]
    warning = "settings and the machine of then"
    assert warning in shown and warning not in render(plan, set(times))


def test_nothing_to_do_is_said(plan):
    assert "Nothing to be done" in render(replace(plan, jobs=[]), set())


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
    assert size(count) == text


def test_a_table_is_markdown():
    assert table(["a", "b", "c"], [["x", "10", "y"]]).splitlines() == [
        "| a |  b | c |",
        "| - | -: | - |",
        "| x | 10 | y |",
    ]


def test_configurations_are_laid_over_each_other(tmp_path):
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("runs: {a: {seeds: [1], labels: mixed}}\ndata_dir: x\n")
    two.write_text("runs: {a: {seeds: [2]}, b: {}}\n")
    assert read_config([one, two], ["data_dir=y", "download=false"]) == {
        "runs": {"a": {"seeds": [2], "labels": "mixed"}, "b": {}},
        "data_dir": "y",
        "download": False,
    }


@pytest.mark.parametrize(
    "text, overrides, words",
    [
        (None, [], "No such file"),
        ("a: [", [], "not YAML"),
        ("- a", [], "no keys"),
        ("a: 1", ["data_dir"], "key=value"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path, text, overrides, words):
    path = tmp_path / "config.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=words) as error:
        read_config([path], overrides)
    assert "\n" not in str(error.value)


def test_every_rate_is_in_the_benchmarks(root):
    """The table in benchmarks/README.md says what was measured; the plan counts with nothing else."""
    text = (root / "benchmarks/README.md").read_text()
    for name, rate in RATES.items():
        assert f"| `{name}` | {rate:.2g} |" in text, name
