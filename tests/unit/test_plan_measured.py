"""Times of earlier runs, read off benchmark files as Snakemake writes them."""

import pytest

from neurons.plan_measured import dump_sizes, read_benchmarks, seconds_of

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


@pytest.fixture
def benchmark(tmp_path):
    """A function that writes a benchmark file with some times."""

    def write(name: str, *seconds: float) -> None:
        path = tmp_path / "benchmarks" / f"{name}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + "".join(f"{s}\t0:00:01\t1\t1\t1\t1\t0\t0\t99\t1\n" for s in seconds))

    return write


def test_benchmark_files_are_read_by_rule_and_job(tmp_path, benchmark):
    benchmark("train_model/mnist/seed-0", 10.0)
    benchmark("build_graphs/mnist/seed-0/01", 1.0, 3.0)
    (tmp_path / "benchmarks/README.md").write_text("no benchmark")
    assert read_benchmarks(tmp_path / "benchmarks") == {
        ("train_model", "mnist/seed-0"): 10.0,
        ("build_graphs", "mnist/seed-0/01"): 2.0,
    }


@pytest.mark.parametrize("text", ["", HEAD, "a\tb\n1\t2\n", HEAD + "NA\t-\n"])
def test_a_file_without_a_time_is_passed_over(tmp_path, benchmark, text):
    benchmark("train_model/mnist/seed-0", 10.0)
    (tmp_path / "benchmarks/train_model/mnist/seed-1.tsv").write_text(text)
    assert list(read_benchmarks(tmp_path / "benchmarks")) == [("train_model", "mnist/seed-0")]


def test_no_folder_is_no_measurement(tmp_path):
    assert read_benchmarks(tmp_path / "nowhere") == {}


def test_the_nearest_measurement_is_taken():
    measured = {("train", "a/seed-0"): 30.0, ("train", "a/seed-1"): 50.0}
    jobs = [
        ("train", "a/seed-0", 10.0),
        ("train", "a/seed-2", 10.0),
        ("train", "b/seed-0", 5.0),
        ("draw", "", 2.0),
    ]
    # A job of a took 40 on average, beside an estimate of 10, one of c 15 beside 5: b's estimate is taken 3.5 times.
    measured |= {("train", "c/seed-0"): 15.0}
    assert seconds_of(jobs, measured, {("train", "a"): 10.0, ("train", "c"): 5.0}) == [
        (30.0, "measured"),
        (40.0, "same run"),
        (17.5, "scaled"),
        (2.0, "estimated"),
    ]


def test_a_run_whose_name_starts_alike_is_another_run():
    measured = {("train", "mnist-mixed/seed-0"): 30.0}
    assert seconds_of([("train", "mnist/seed-0", 10.0)], measured, {}) == [(10.0, "estimated")]


def test_dumps_that_lie_there_are_weighed(tmp_path):
    folder = tmp_path / "mnist/seed-3/activations"
    folder.mkdir(parents=True)
    (folder / "01.h5").write_bytes(b"12345")
    (folder / ".02.h5.part").write_bytes(b"1")
    assert dump_sizes(tmp_path, "mnist") == [5] and dump_sizes(tmp_path, "other") == []
