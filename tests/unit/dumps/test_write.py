import h5py
import numpy as np
import pytest
import torch
from samples import files_in

from neurons.core.errors import InputError
from neurons.data.dataset import mixed
from neurons.dumps.format import Dump
from neurons.dumps.write import dump, sorted_rows
from neurons.networks.build import build
from neurons.networks.plain import initialise


@pytest.fixture
def chain(small_data, tmp_path):
    """A function that dumps the activations of a fresh model on the small data set; returns (model, dumped arrays)."""

    def run(filters=(), labels="given", dtype="float32", spoil=None, hidden=None, per_class=None):
        settings = {"model": {"filters": [*filters], "hidden": [6, 4], "dropout": 0.5}, "labels": labels}
        settings["dumps"] = {"dtype": dtype} | ({"samples_per_class": per_class} if per_class else {})
        model = build(settings["model"], (4, 5), 3)
        initialise(model, 1)
        if spoil is not None:
            with torch.no_grad():
                next(model.parameters()).fill_(spoil)
        state = {"model": model.state_dict(), "run": "toy", "seed": 9, "iteration": 3, "epoch": 6}
        torch.save(state, tmp_path / "03.pt")
        settings["model"] = settings["model"] | ({"hidden": hidden} if hidden else {})
        output = tmp_path / "out" / "03.h5"
        dump(tmp_path / "03.pt", small_data[0], settings, "digest", output, torch.device("cpu"))
        arrays = {}
        with h5py.File(output) as file:
            file.visititems(lambda name, item: arrays.update({name: item[:]}) if hasattr(item, "shape") else None)
            arrays["attributes"] = {key: np.asarray(value).tolist() for key, value in file.attrs.items()}
        with Dump(output):  # the reader's own checks
            return model.eval(), arrays

    return run


@pytest.mark.parametrize("filters", [(), (3,)])
@pytest.mark.parametrize("labels", ["given", "mixed"])
def test_dump_is_the_models_own_output_sorted_by_class(chain, small_data, filters, labels):
    model, arrays = chain(filters, labels)
    layers = ["conv_1"] * bool(filters) + ["dense_1", "dense_2"]
    for split in ("train", "test"):
        images, own = (small_data[1][f"{split}/{part}"] for part in ("images", "labels"))
        own = mixed(own, 9, split) if labels == "mixed" else own
        index, sorted_labels = arrays[f"{split}/index"], arrays[f"{split}/labels"]
        assert sorted(index) == list(range(len(own)))
        np.testing.assert_array_equal(sorted_labels, np.sort(own))
        np.testing.assert_array_equal(own[index], sorted_labels)
        for c in range(3):  # stable: sample numbers ascend within a class
            assert (np.diff(index[sorted_labels == c]) > 0).all()
        with torch.no_grad():
            expected, logits = model.activations(torch.from_numpy(images[index]) / 255)
        for name, values in zip(layers, expected, strict=True):
            np.testing.assert_allclose(arrays[f"{split}/layers/{name}"], values.numpy(), rtol=1e-5, atol=1e-6)
        odds = np.exp(logits.numpy())
        probabilities = arrays[f"{split}/probabilities"]
        np.testing.assert_allclose(probabilities, odds / odds.sum(axis=1, keepdims=True), rtol=1e-5)
        assert probabilities.dtype == np.float32


def test_attributes(chain):
    assert chain()[1]["attributes"] == {
        "run": "toy",
        "seed": 9,
        "iteration": 3,
        "epoch": 6,
        "classes": ["a", "b", "c"],
        "layers": ["dense_1", "dense_2"],
        "config_digest": "digest",
    }


@pytest.mark.parametrize("labels", ["given", "mixed"])
def test_a_subset_is_a_part_of_the_whole_dump(chain, labels):
    """Five of each class (the test set has 8, 8 and 7): the very rows of the whole dump, and recorded."""
    (_, whole), (_, part) = chain(labels=labels), chain(labels=labels, per_class=5)
    assert part["attributes"] == whole["attributes"] | {"samples_per_class": 5}
    for split in ("train", "test"):
        assert part[f"{split}/labels"].tolist() == [0] * 5 + [1] * 5 + [2] * 5
        rows = np.searchsorted(whole[f"{split}/labels"], [0, 1, 2, 3])
        for c in range(3):
            index = part[f"{split}/index"][5 * c : 5 * c + 5]
            assert (np.diff(index) > 0).all()
            assert set(index) < set(whole[f"{split}/index"][rows[c] : rows[c + 1]])
        at = [whole[f"{split}/index"].tolist().index(number) for number in part[f"{split}/index"]]
        for name in ("layers/dense_1", "layers/dense_2", "probabilities"):
            np.testing.assert_allclose(part[f"{split}/{name}"], whole[f"{split}/{name}"][at], rtol=1e-5, atol=1e-6)


def test_more_samples_than_a_class_has_are_all(chain):
    (_, whole), (_, part) = chain(), chain(per_class=8)
    assert np.bincount(part["test/labels"]).tolist() == [8, 8, 7]
    np.testing.assert_array_equal(part["test/index"], whole["test/index"])
    assert part["attributes"]["samples_per_class"] == 8


def test_subsets_are_drawn_by_seed_and_split_and_hold_the_smaller_ones():
    labels = np.random.default_rng(0).integers(0, 4, 400)
    small, large = (sorted_rows(labels, n, 3, "train") for n in (10, 30))
    assert set(small) < set(large) and len(large) == 120
    np.testing.assert_array_equal(small, sorted_rows(labels, 10, 3, "train"))
    others = [sorted_rows(labels, 10, 4, "train"), sorted_rows(labels, 10, 3, "test")]
    assert all(len(set(small) & set(other)) < 20 for other in others)
    np.testing.assert_array_equal(sorted_rows(labels, None, 3, "train"), np.argsort(labels, kind="stable"))


def test_every_sample_of_a_class_is_drawn_alike():
    """Over 2,000 seeds, three of six samples: each half of the time (a binomial's sd is 22)."""
    labels = np.repeat([0, 1], 6)
    drawn = np.bincount(np.concatenate([sorted_rows(labels, 3, seed, "train") for seed in range(2000)]))
    assert np.abs(drawn - 1000).max() < 100


def test_many_blocks_give_the_same(chain, monkeypatch):
    whole = chain(filters=(3,))[1]
    monkeypatch.setattr("neurons.dumps.write.BLOCK_ROWS", 7)
    blocked = chain(filters=(3,))[1]
    for key in whole.keys() - {"attributes"}:
        np.testing.assert_allclose(blocked[key], whole[key], rtol=1e-5, atol=1e-6)


def test_half_precision(chain):
    full, half = chain()[1]["train/layers/dense_1"], chain(dtype="float16")[1]["train/layers/dense_1"]
    assert half.dtype == np.float16
    np.testing.assert_array_equal(half, full.astype(np.float16))


@pytest.mark.parametrize("value, kind", [(np.nan, "NaN"), (3e38, "infinite")])
def test_activations_that_are_not_finite_leave_no_file(chain, tmp_path, value, kind):
    with pytest.raises(InputError, match=f"train, layer dense_1: an activation is {kind}"):
        chain(spoil=value)
    assert files_in(tmp_path / "out") == []


def test_a_snapshot_of_another_architecture(chain, tmp_path):
    with pytest.raises(InputError, match="03.pt: a snapshot of another architecture: hidden.0.weight"):
        chain(hidden=[7, 4])
    assert not (tmp_path / "out").exists()
