"""The columns of a run's history files (the output contract), and writing them."""

from neurons.core.files import write_csv

HISTORY = ("iteration", "epoch", "running_accuracy", "train_accuracy", "test_accuracy", "train_loss", "test_loss")
CLASS_ACCURACY = ("iteration", "class", "train_accuracy", "test_accuracy", "running_accuracy")


def write_history(history, rows, class_accuracy, class_rows) -> None:
    """Write accuracies and losses (nats) per iteration, and accuracies per iteration and class; None = not known."""
    write_csv(history, HISTORY, rows)
    write_csv(class_accuracy, CLASS_ACCURACY, class_rows)
