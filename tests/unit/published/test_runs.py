import h5py
import numpy as np
import pandas as pd
import pytest

from neurons.published.claims import Run
from neurons.published.runs import (
    compare_data,
    data_facts,
    differences,
    environment,
    runs_table,
    times_table,
)

RUN = Run("mine", ("communities",), "toy", "fcnn", "8 8", "adam 0.001", "given", (0, 1), 20, 2, "data")
FACTS = {"train": 100, "test": 20, "height": 4, "width": 5, "classes": 3}


def test_facts_of_a_data_set(small_data, tmp_path):
    path, arrays = small_data
    assert data_facts(path) == {"train": 41, "test": 23, "height": 4, "width": 5, "classes": 3}
    assert data_facts(tmp_path / "none.h5") is None


@pytest.mark.parametrize(
    "train, size, words",
    [
        (100, "5x4", []),
        (111, "5x4", []),  # a split of one's own
        (112, "5x4", ["100 of 112 training images"]),
        (50, "10x8", ["5x4 for 10x8 pixels"]),
        (200, "10x8", ["100 of 200 training images", "5x4 for 10x8 pixels"]),
    ],
)
def test_smaller_data_are_told(train, size, words):
    printed = pd.DataFrame([{"dataset": "toy", "train_samples": train, "test_samples": 20, "image_size": size}])
    assert differences(FACTS, printed) == words
    assert differences(None, printed) == differences(FACTS, printed[:0]) == []


def test_each_run_is_set_beside_its_papers_data(tmp_path):
    (tmp_path / "data").mkdir()
    with h5py.File(tmp_path / "data/data.h5", "w") as file:
        file.attrs["classes"] = ["a", "b"]
        for split, n in (("train", 30), ("test", 10)):
            file[f"{split}/images"], file[f"{split}/labels"] = np.zeros((n, 4, 5), "u1"), np.zeros(n)
    pd.DataFrame([{"dataset": "toy", "train_samples": 60, "test_samples": 9, "image_size": "5x4"}]).to_csv(
        tmp_path / "datasets.csv", index=False
    )
    data = compare_data([RUN], tmp_path, tmp_path)
    assert data["mine"][1] == ["30 of 60 training images"]
    (row,) = runs_table([RUN], data).to_dict("records")
    assert row["images (train + test)"] == "30 + 10, 5x4, 2 classes"
    assert row["less than the paper's"] == "30 of 60 training images"
    assert (row["network"], row["seeds"], row["iterations x epochs"]) == ("fcnn: 8 8", "0, 1", "20 x 2")


@pytest.fixture
def benchmarks(tmp_path):
    for path, wall, cpu in (
        ("train_model/mine/seed-0.tsv", 120, 60),
        ("train_model/mine/seed-1.tsv", 60, 30),
        ("dump/mine/seed-0/01.tsv", 30, "NA"),
        ("dump/other/seed-0/01.tsv", 999, 999),
        ("convert_dataset/mine.tsv", 999, 999),  # of a data set that is called like the run
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"s\th:m:s\tcpu_time\n{wall}\t0:00:01\t{cpu}\n")
    return tmp_path


def test_costs_are_read_off_the_benchmark_files(benchmarks):
    table = times_table([RUN], benchmarks)
    assert table.iloc[0].tolist() == ["mine", 3, "3.0", "1.5", "3.5", "1.5"]
    assert table.iloc[-1].tolist() == ["all runs", 3, "3.0", "1.5", "3.5", "1.5"]


def test_no_benchmark_files_cost_nothing(tmp_path):
    assert times_table([RUN], tmp_path).iloc[0].tolist() == ["mine", 0, "0.0", "0.0", "0.0", "0.0"]


def test_the_environment_is_one_line():
    line = environment()
    assert line.startswith("Python 3.") and "torch " in line and " cores (" in line and "\n" not in line
