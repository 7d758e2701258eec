import math

import pytest

from neurons.core.errors import InputError
from neurons.workflow.benchmarks import read_benchmarks, time_tables

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


@pytest.fixture
def folder(tmp_path):
    """Benchmarks of two runs, a data set named like one of them, a run of another configuration, and a README."""
    files = {
        "train_model/a/seed-0.tsv": ["10.0\t0:00:10\t500\t1\t1\t1\t1\t1\t80\t8.0"],
        "train_model/b/seed-0.tsv": ["20.0\t0:00:20\t700\t1\t1\t1\t1\t1\t90\t18.0"],
        "measure/a/seed-0/01.tsv": ["0.5\t0:00:00\t-\t-\t-\t-\t-\t-\t-\tNA"],
        "measure/a/seed-0/02.tsv": ["1.5\t0:00:01\t90\t1\t1\t1\t1\t1\t10\t0.25"],
        "convert_dataset/a.tsv": ["4.0\t0:00:04\t100\t1\t1\t1\t1\t1\t50\t2.0"],
        "train_model/elsewhere/seed-0.tsv": ["99\t0:01:39\t1\t1\t1\t1\t1\t1\t1\t1"],
    }
    for name, rows in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + "\n".join(rows) + "\n")
    (tmp_path / "README.md").write_text("Not a benchmark.\n")
    return tmp_path


def test_sums_per_rule_and_run(folder):
    tables = time_tables(read_benchmarks(folder, ["a", "b"], ["a"]))
    rules = tables["Per rule"].set_index("rule")
    assert list(rules.index) == ["train_model", "convert_dataset", "measure"]  # the costliest first
    assert rules.loc["train_model"].tolist() == [2, 30.0, 15.0, 20.0, 26.0, 700.0]
    assert rules.loc["measure"].tolist() == [2, 2.0, 1.0, 1.5, 0.2, 90.0]
    runs = tables["Per run"].set_index("run or data set")
    assert runs["seconds"].to_dict() == {"b": 20.0, "a": 12.0, "data set a": 4.0}
    both = tables["Per rule and run"].set_index(["rule", "run or data set"])
    assert both["jobs"].to_dict()["measure", "a"] == 2


def test_what_was_not_measured_stays_empty(folder):
    (folder / "measure/a/seed-0/02.tsv").unlink()
    row = time_tables(read_benchmarks(folder, ["a"], []))["Per rule"].set_index("rule").loc["measure"]
    assert row["seconds"] == 0.5 and math.isnan(row["processor seconds"]) and math.isnan(row["peak memory (MB)"])


def test_no_benchmarks_make_empty_tables(tmp_path):
    assert {len(table) for table in time_tables(read_benchmarks(tmp_path, ["a"], [])).values()} == {0}


def test_a_row_per_execution_with_its_job(folder):
    """The data set named like a run is another subject; a job that ran twice has two rows."""
    with open(folder / "measure/a/seed-0/02.tsv", "a") as stream:
        stream.write("2.5\t0:00:02\t95\t1\t1\t1\t1\t1\t10\t0.75\n")
    rows = read_benchmarks(folder, ["a"], ["a"])
    assert list(rows) == ["rule", "subject", "name", "seconds", "cpu_seconds", "peak_mb"]
    assert rows[["rule", "subject", "name", "seconds"]].values.tolist() == [
        ["convert_dataset", "data set a", "a", 4.0],
        ["measure", "a", "a/seed-0/01", 0.5],
        ["measure", "a", "a/seed-0/02", 1.5],
        ["measure", "a", "a/seed-0/02", 2.5],
        ["train_model", "a", "a/seed-0", 10.0],
    ]


def test_runs_and_data_sets_that_are_not_named_are_all_of_them(folder):
    assert set(read_benchmarks(folder)["subject"]) == {"a", "b", "elsewhere", "data set a"}
    assert set(read_benchmarks(folder, datasets=[])["subject"]) == {"a", "b", "elsewhere"}
    assert set(read_benchmarks(folder, runs=["b"])["subject"]) == {"b", "data set a"}
    assert len(read_benchmarks(folder, [], [])) == 0 == len(read_benchmarks(folder / "nowhere"))


def test_a_table_without_the_columns_has_no_cost(folder):
    (folder / "measure/a/seed-0/01.tsv").write_text("a\tb\n1\t2\n")
    row = read_benchmarks(folder, ["a"], []).set_index("name").loc["a/seed-0/01"]
    assert row[["seconds", "cpu_seconds", "peak_mb"]].isna().all()


def test_an_empty_file_is_told(folder):
    (folder / "measure/a/seed-0/01.tsv").write_text("")
    with pytest.raises(InputError, match=r"measure/a/seed-0/01\.tsv"):
        read_benchmarks(folder, ["a"], [])
