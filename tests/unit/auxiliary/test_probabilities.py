"""P, U* and Y_proposed against loops over samples."""

from math import log

import h5py
import numpy as np
import pytest
from dump_files import WIDTHS, write_dump

from neurons.auxiliary.probabilities import (
    activation_probability,
    choice_label,
    chosen_layers,
    proposed,
    read_patterns,
    write_patterns,
)
from neurons.core.errors import InputError
from neurons.dumps.format import Dump

CHOICES = ["all", "last2", "last1", ["three", "one"]]
LAYERS = {"all": ["one", "two", "three"], "last2": ["two", "three"], "last1": ["three"], "three+one": ["one", "three"]}


def loop_probability(labels, values):
    """Eq. 14, sample by sample."""
    result = np.zeros((labels.max() + 1, values.shape[1]))
    for c in range(labels.max() + 1):
        own = [row for label, row in zip(labels, values) if label == c]
        for row in own:
            for j, v in enumerate(row):
                result[c, j] += (1 if v > 0 else 0) / len(own)
    return result


@pytest.fixture
def files(tmp_path):
    splits = write_dump(tmp_path / "01.h5")
    write_patterns(tmp_path / "01.h5", tmp_path / "patterns.h5", CHOICES)
    return splits, read_patterns(tmp_path / "patterns.h5"), tmp_path / "01.h5"


def test_probability_is_share_of_active_samples(files):
    (labels, layers, _), found, path = files[0]["train"], files[1], files[2]
    for name, values in layers.items():
        np.testing.assert_allclose(found.probability[name], loop_probability(labels, values), rtol=1e-12)
        with Dump(path) as dump:
            np.testing.assert_array_equal(activation_probability(dump, name), found.probability[name])


@pytest.mark.parametrize("split", ["train", "test"])
def test_scores_equal_a_loop_over_samples(files, split):
    splits, found, _ = files
    train_labels, train_layers, _ = splits["train"]
    _, layers, predicted = splits[split]
    counts = np.bincount(train_labels)
    for choice, names in LAYERS.items():
        p = np.hstack([loop_probability(train_labels, train_layers[name]) for name in names])
        values = np.hstack([layers[name] for name in names])
        for d, row in enumerate(values):
            active = [1 if v > 0 else 0 for v in row]
            agreement = [sum(p[c, j] * u for j, u in enumerate(active)) for c in range(3)]
            np.testing.assert_allclose(found.splits[split].agreement[choice][d], agreement, rtol=1e-6)
            product = [a * y for a, y in zip(agreement, predicted[d])]
            mine = proposed(found.splits[split].agreement[choice], predicted)[d]
            expected = np.array(product) / sum(product) if sum(product) else predicted[d]
            np.testing.assert_allclose(mine, expected, rtol=1e-5)
            if split == "test":
                for c in range(3):
                    smooth = [(p[c, j] * counts[c] + 0.5) / (counts[c] + 1) for j in range(len(row))]
                    chance = sum(log(q) if u else log(1 - q) for q, u in zip(smooth, active))
                    assert found.splits["test"].likelihood[choice][d, c] == pytest.approx(chance, rel=1e-5)
    assert (found.splits["train"].likelihood == {}) and found.layers == LAYERS


def test_last_layers_are_the_hand_picked_ones():
    names = list(WIDTHS)
    assert chosen_layers("last2", names) == ["two", "three"]
    assert chosen_layers("last1", names) == ["three"]
    assert chosen_layers("last2", ["only"]) == ["only"]
    assert chosen_layers(["three", "one"], names) == ["one", "three"]
    assert choice_label(["three", "one"]) == "three+one"


def test_unknown_layer_is_named():
    with pytest.raises(InputError, match="no hidden layer 'tow', did you mean 'two'"):
        chosen_layers(["tow"], list(WIDTHS))


def test_silent_sample_keeps_its_prediction():
    predicted = np.array([[0.2, 0.8]], np.float32)
    np.testing.assert_array_equal(proposed(np.zeros((1, 2)), predicted), predicted)


def test_same_dump_gives_the_same_bytes(tmp_path):
    """Over several blocks of rows, too."""
    write_dump(tmp_path / "01.h5", sizes=(2500, 1300))
    write_patterns(tmp_path / "01.h5", tmp_path / "a.h5", ["all"])
    write_patterns(tmp_path / "01.h5", tmp_path / "b.h5", ["all"])
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()


def test_a_dump_whose_names_are_byte_strings(tmp_path):
    write_dump(tmp_path / "01.h5")
    write_patterns(tmp_path / "01.h5", tmp_path / "text.h5", ["all"])
    with h5py.File(tmp_path / "01.h5", "a") as file:
        for key in ("classes", "layers"):
            file.attrs[key] = np.array([str(name).encode() for name in file.attrs[key]])
    write_patterns(tmp_path / "01.h5", tmp_path / "bytes.h5", ["all"])
    text, found = read_patterns(tmp_path / "text.h5"), read_patterns(tmp_path / "bytes.h5")
    assert found.classes == text.classes and found.layers == text.layers
    assert {name: p.tolist() for name, p in found.probability.items()} == {
        name: p.tolist() for name, p in text.probability.items()
    }
