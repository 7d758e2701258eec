"""The records of data sources against torchvision's own, and how little a new one takes."""

import gzip
import hashlib

import h5py
import numpy as np
import pytest
import torchvision.datasets
import yaml
from idx_files import idx

from neurons.data.convert import READERS, convert
from neurons.data.fetch import fetch
from neurons.data.size import size_of
from neurons.data.sources import SOURCES, Size, idx_source
from neurons.workflow.config import resolve
from running import REPOSITORY

SCHEMA = yaml.safe_load((REPOSITORY / "config" / "schema.yaml").read_text())


@pytest.mark.parametrize("name", [name for name, source in SOURCES.items() if source.torchvision])
def test_records_are_torchvisions(name):
    source, loader = SOURCES[name], getattr(torchvision.datasets, SOURCES[name].torchvision)
    archives = [(archive.name, archive.md5) for archive in source.archives]
    if source.reader == "idx":
        assert source.folder == f"{loader.__name__}/raw"
        assert archives == loader.resources
        assert all(set(archive.bases) == set(loader.mirrors) for archive in source.archives)
    else:
        assert source.folder == loader.base_folder and archives == [(loader.filename, loader.tgz_md5)]
        assert [base + archives[0][0] for base in source.archives[0].bases] == [loader.url]


def test_class_names_are_torchvisions():
    assert list(SOURCES["fashion_mnist"].classes) == torchvision.datasets.FashionMNIST.classes
    assert list(SOURCES["mnist"].classes) == [name.partition(" ")[0] for name in torchvision.datasets.MNIST.classes]


def test_records_agree_with_themselves():
    for name, source in SOURCES.items():
        assert source.reader in READERS
        assert ("mirror" in source.keys) == bool(source.archives), name
        assert (source.size is None) == ("path" in source.keys), name
        assert not source.classes or len(source.classes) == source.size.classes


def test_every_key_of_a_data_set_is_some_sources():
    keys = set(SCHEMA["$defs"]["dataset"]["properties"]) - {
        "source",
        "grayscale",
        "note",
        "train_samples",
        "train_samples_seed",
    }
    assert keys == {key for source in SOURCES.values() for key in source.keys}


@pytest.mark.parametrize("key", ["path", "classes", "size", "test_share", "split_seed"])
def test_descriptions_name_the_sources_that_take_a_key(key):
    told = SCHEMA["$defs"]["dataset"]["properties"][key]["description"].partition(":")[0]
    assert told == ", ".join(f"`{name}`" for name, source in SOURCES.items() if key in source.keys)


def raw_files(rng, labels_shape, labels_type):
    """Return the four files of a data set in MNIST's format, gzipped, and its images and labels by split."""
    contents, arrays = [], {}
    for split, n in (("train", 30), ("test", 20)):
        images, classes = rng.integers(0, 256, (n, 28, 28), np.uint8), rng.permutation(np.arange(n) % 10)
        labels = np.full((n, *labels_shape), 7, labels_type)
        labels.reshape(n, -1)[:, 0] = classes
        arrays[split] = images, classes
        contents += [gzip.compress(idx(images)), gzip.compress(idx(labels))]
    return contents, arrays


KMNIST, QMNIST = torchvision.datasets.KMNIST, torchvision.datasets.QMNIST


@pytest.mark.parametrize(
    "name, files, labels_shape, labels_type",
    [
        ("KMNIST", [name for name, _ in KMNIST.resources], (), "u1"),
        (
            "QMNIST",
            [url.rsplit("/", 1)[1] for part in ("train", "test") for url, _ in QMNIST.resources[part]],
            (8,),
            ">i4",
        ),
    ],
    ids=["KMNIST", "QMNIST"],
)
def test_one_record_adds_a_data_set(tmp_path, rng, monkeypatch, name, files, labels_shape, labels_type):
    """With its value in the schema: it is configured, found, converted and planned."""
    contents, arrays = raw_files(rng, labels_shape, labels_type)
    checksums = {file: hashlib.md5(content).hexdigest() for file, content in zip(files, contents, strict=True)}
    classes = tuple("abcdefghij")
    source = idx_source(name, ("https://example.org/",), checksums, classes, Size((28, 28), 10, 30, 20))
    monkeypatch.setitem(SOURCES, name.lower(), source)
    monkeypatch.setitem(SCHEMA["$defs"]["dataset"]["properties"]["source"], "enum", list(SOURCES))

    config = {"datasets": {"new": {"source": name.lower()}}, "runs": {"one": {"dataset": "new"}}}
    dataset = resolve(config, SCHEMA)["datasets"]["new"]
    folder = tmp_path / name / "raw"
    folder.mkdir(parents=True)
    for file, content in zip(files, contents):
        (folder / file).write_bytes(content)
    fetch("new", dataset, tmp_path, False, tmp_path / "new.json")
    convert("new", dataset, tmp_path, tmp_path / "new.h5")
    with h5py.File(tmp_path / "new.h5") as file:
        assert list(file.attrs["classes"]) == list(classes)
        for split, (images, labels) in arrays.items():
            np.testing.assert_array_equal(file[f"{split}/images"], images)
            np.testing.assert_array_equal(file[f"{split}/labels"], labels)
    planned = size_of("new", dataset, tmp_path)
    assert (planned.image_shape, planned.classes, planned.train, planned.test) == ((28, 28), 10, 30, 20)
