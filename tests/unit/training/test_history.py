from samples import read_rows

from neurons.training.history import write_history


def test_columns_are_the_contracts(tmp_path):
    history, by_class = tmp_path / "history.csv", tmp_path / "class_accuracy.csv"
    write_history(history, [(1, 2, 0.5, 0.25, None, 1.5, None)], by_class, [(1, 0, 1 / 3, None, 0.5)])
    assert read_rows(history) == [
        {
            "iteration": "1",
            "epoch": "2",
            "running_accuracy": "0.5",
            "train_accuracy": "0.25",
            "test_accuracy": "",
            "train_loss": "1.5",
            "test_loss": "",
        }
    ]
    (row,) = read_rows(by_class)
    assert list(row)[:4] == ["iteration", "class", "train_accuracy", "test_accuracy"]
    assert (row["train_accuracy"], row["test_accuracy"], row["running_accuracy"]) == ("0.333333", "", "0.5")
