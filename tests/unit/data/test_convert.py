import gzip

import h5py
import numpy as np
import pytest
from idx_files import idx
from PIL import Image
from samples import files_in

from neurons.core.errors import InputError
from neurons.data.convert import convert, read_idx, to_gray


def converted(tmp_path, dataset: dict, name="toy") -> dict:
    """Convert and return the arrays and class names of the written file."""
    convert(name, dataset, tmp_path, tmp_path / "out" / "data.h5")
    with h5py.File(tmp_path / "out" / "data.h5") as file:
        arrays = {f"{s}/{part}": file[f"{s}/{part}"][:] for s in ("train", "test") for part in ("images", "labels")}
        return arrays | {"classes": list(file.attrs["classes"]), "name": file.attrs["name"]}


def refused(tmp_path, dataset: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        convert("toy", dataset, tmp_path, tmp_path / "out" / "data.h5")
    assert not (tmp_path / "out").exists() or files_in(tmp_path / "out") == []


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_read_idx(tmp_path, rng, shape, suffix):
    array, path = rng.integers(0, 256, shape, np.uint8), tmp_path / f"images-idx-ubyte{suffix}"
    path.write_bytes(gzip.compress(idx(array)) if suffix else idx(array))
    np.testing.assert_array_equal(read_idx(path), array)


WHOLE = idx(np.arange(60, dtype=np.uint8).reshape(3, 4, 5))


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("a", WHOLE[:-1], "a: cut short: 59 bytes where its header says 60"),
        ("a", WHOLE + b"x", "a: cut short: 61 bytes where its header says 60"),
        ("a", b"<html>not found</html>", "a: not an IDX file of bytes or 32-bit integers"),
        ("a", b"\0\0\x0d\x01" + bytes(8), "a: not an IDX file of bytes or 32-bit integers"),  # floats
        ("a", b"", "a: not an IDX file of bytes or 32-bit integers"),
        ("a", b"\0\0\x08\x03\0\0", "a: not an IDX file of bytes or 32-bit integers"),  # ends within its header
        ("a.gz", gzip.compress(WHOLE, mtime=0)[:-12], "a.gz: cannot be read"),
        ("a.gz", WHOLE, "a.gz: cannot be read"),
        ("a.gz", gzip.compress(WHOLE, mtime=0)[:12] + b"\xff" * 40, "a.gz: cannot be read"),
        ("a.gz", None, "a.gz: cannot be read"),
        ("a", None, "a: cannot be read"),
    ],
)
def test_read_idx_refuses(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_idx(tmp_path / name)


@pytest.mark.parametrize("source, folder", [("mnist", "MNIST"), ("fashion_mnist", "FashionMNIST")])
@pytest.mark.parametrize("zipped", [True, False])
def test_mnist(tmp_path, rng, source, folder, zipped):
    raw = tmp_path / folder / "raw"
    raw.mkdir(parents=True)
    expected = {}
    for split, prefix, n in (("train", "train", 30), ("test", "t10k", 20)):
        expected[f"{split}/images"] = rng.integers(0, 256, (n, 28, 28), np.uint8)
        expected[f"{split}/labels"] = rng.permutation(np.arange(n) % 10).astype(np.uint8)
        for part, kind in (("images", "images-idx3"), ("labels", "labels-idx1")):
            content = idx(expected[f"{split}/{part}"])
            path = raw / f"{prefix}-{kind}-ubyte{'.gz' if zipped else ''}"
            path.write_bytes(gzip.compress(content) if zipped else content)
    result = converted(tmp_path, {"source": source})
    for key, array in expected.items():
        np.testing.assert_array_equal(result[key], array)
    assert result["train/images"].dtype == np.uint8 and result["train/labels"].dtype == np.int64
    assert len(result["classes"]) == 10 and result["name"] == "toy"


def npz_arrays(rng, n_classes=3, **others) -> dict:
    arrays = {}
    for split, n in (("train", 12), ("test", 6)):
        arrays[f"x_{split}"] = rng.integers(0, 256, (n, 4, 5, 3), np.uint8)
        arrays[f"y_{split}"] = np.arange(n) % n_classes
    return {key: value for key, value in (arrays | others).items() if value is not None}


@pytest.mark.parametrize("classes", [None, ["cat", "dog", "eel"]])
def test_npz(tmp_path, rng, classes):
    arrays = npz_arrays(rng, classes=classes, y_test=np.arange(6)[:, None] % 3)  # Keras keeps labels in a column
    np.savez_compressed(tmp_path / "toy.npz", **arrays)
    result = converted(tmp_path, {"source": "npz", "path": "toy.npz"})
    for split in ("train", "test"):
        np.testing.assert_array_equal(result[f"{split}/images"], arrays[f"x_{split}"])
        np.testing.assert_array_equal(result[f"{split}/labels"], arrays[f"y_{split}"].ravel())
    assert result["classes"] == (classes or ["0", "1", "2"])


@pytest.mark.parametrize(
    "others, message",
    [
        ({"y_test": None}, "the array 'y_test' is missing; it holds x_train, y_train, x_test"),
        ({"x_train": np.zeros((12, 4, 5))}, "x_train is float64; pixels must be uint8"),
        ({"y_train": np.zeros(12)}, "y_train is float64; labels must be whole numbers"),
        ({"x_train": np.array([[1], [{"a": 2}]], object)}, "toy.npz: not a readable .npz of plain arrays"),
        ({"y_test": np.arange(6) % 3 - 1}, "toy, test: label -1 lies outside the 3 classes"),
        ({"y_test": np.arange(6)}, "toy, test: label 5 lies outside the 3 classes"),
        ({"y_test": np.zeros(6, int)}, "toy, test: class 1 has no sample"),
        ({"classes": ["a", "b"]}, "label 2 lies outside the 2 classes"),
        ({"classes": ["a", "b", "c", "d"]}, "class 3 has no sample"),
        ({"y_train": np.arange(9) % 3}, r"images \(12, 4, 5, 3\) and labels \(9,\) do not fit"),
        ({"x_test": np.zeros((6, 4, 4, 3), np.uint8)}, r"test: images are \(4, 4, 3\), those of train \(4, 5, 3\)"),
        ({"x_train": np.zeros((0, 4, 5), np.uint8), "y_train": np.zeros(0, int)}, "y_train is empty"),
        ({"x_test": np.zeros((6, 20), np.uint8)}, r"test: images \(6, 20\)"),
        ({"x_test": np.zeros((6, 4, 5, 4), np.uint8)}, r"test: images \(6, 4, 5, 4\)"),
    ],
)
def test_npz_refused(tmp_path, rng, others, message):
    np.savez(tmp_path / "toy.npz", **npz_arrays(rng, **others))
    refused(tmp_path, {"source": "npz", "path": "toy.npz"}, message)


@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda raw: b"", lambda raw: b"text\n" * 100])
def test_damaged_npz(tmp_path, rng, damage):
    np.savez(tmp_path / "toy.npz", **npz_arrays(rng))
    (tmp_path / "toy.npz").write_bytes(damage((tmp_path / "toy.npz").read_bytes()))
    refused(tmp_path, {"source": "npz", "path": "toy.npz"}, "toy.npz: not a readable .npz")


def test_an_npz_with_damaged_bytes_or_a_single_array(tmp_path, rng):
    path = tmp_path / "toy.npz"
    np.savez_compressed(path, **npz_arrays(rng))
    raw = bytearray(path.read_bytes())
    raw[60:90] = b"\xff" * 30
    path.write_bytes(raw)
    refused(tmp_path, {"source": "npz", "path": "toy.npz"}, "toy.npz: not a readable .npz")
    with open(path, "wb") as stream:
        np.save(stream, np.zeros(3))
    refused(tmp_path, {"source": "npz", "path": "toy.npz"}, "toy.npz: not a readable .npz")


def test_too_few_images_to_split(tmp_path, rng):
    for name in ("a/0.png", "a/1.png", "b/0.png", "b/1.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (4, 4), dtype=np.uint8)).save(tmp_path / name)
    refused(tmp_path, {"source": "image_folder", "path": "."}, "4 images cannot be split with test_share 0.2")


@pytest.fixture
def folder(tmp_path, rng):
    """Three class folders of 10 colour images each (JPEG would blur them); returns them by class and file name."""
    images = {}
    for c in ("bee", "ant", "cow"):
        (tmp_path / "photos" / c).mkdir(parents=True)
        for i in range(10):
            images[c, f"{i}.png"] = rng.integers(0, 256, (6, 4, 3), np.uint8)
            Image.fromarray(images[c, f"{i}.png"]).save(tmp_path / "photos" / c / f"{i}.png")
    (tmp_path / "photos" / "ant" / "notes.txt").write_text("no image")
    return images


FOLDER = {"source": "image_folder", "path": "photos"}


def by_label(result: dict) -> dict[int, set[bytes]]:
    """Collect the images of both splits by label."""
    pairs = [(c, i.tobytes()) for s in ("train", "test") for c, i in zip(result[f"{s}/labels"], result[f"{s}/images"])]
    return {c: {image for label, image in pairs if label == c} for c, _ in pairs}


@pytest.mark.parametrize(
    "options, classes, mode, size",
    [
        ({}, ["ant", "bee", "cow"], "RGB", None),
        ({"classes": ["cow", "ant"]}, ["cow", "ant"], "RGB", None),
        ({"grayscale": True}, ["ant", "bee", "cow"], "L", None),
        ({"grayscale": True, "size": [3, 2]}, ["ant", "bee", "cow"], "L", (2, 3)),
        ({"size": [12, 9]}, ["ant", "bee", "cow"], "RGB", (9, 12)),
    ],
)
def test_image_folder_is_what_pillow_makes(tmp_path, folder, options, classes, mode, size):
    result = converted(tmp_path, FOLDER | options)
    assert result["classes"] == classes
    expected = {label: set() for label in range(len(classes))}
    for (c, _), image in folder.items():
        if c in classes:
            made = Image.fromarray(image).convert(mode)
            expected[classes.index(c)].add((made.resize(size) if size else made).tobytes())
    assert by_label(result) == expected


def test_split_is_stratified_and_seeded(tmp_path, folder):
    first, again, other = (converted(tmp_path, FOLDER | {"split_seed": seed, "test_share": 0.3}) for seed in (1, 1, 2))
    assert np.bincount(first["test/labels"]).tolist() == [3, 3, 3]
    assert np.bincount(first["train/labels"]).tolist() == [7, 7, 7]
    np.testing.assert_array_equal(first["test/images"], again["test/images"])
    assert not np.array_equal(first["test/images"], other["test/images"])


def test_image_folder_refused(tmp_path, folder):
    photos = tmp_path / "photos"
    refused(tmp_path, FOLDER | {"classes": ["ant", "dog"]}, "dog: no such class folder")
    refused(tmp_path, FOLDER | {"path": "photos/ant"}, "ant: 0 class folders")
    (photos / "dog").mkdir()
    refused(tmp_path, FOLDER, "dog: 0 images; every class needs two or more")
    (photos / "cow" / "3.png").write_bytes(b"not a picture")
    refused(tmp_path, FOLDER, "3.png: not a readable image")
    Image.fromarray(np.zeros((7, 4, 3), np.uint8)).save(photos / "ant" / "5.png")
    refused(tmp_path, FOLDER, r"5.png: images differ in size .*set the data set's key 'size'")


def test_truncated_image(tmp_path, folder):
    path = tmp_path / "photos" / "bee" / "7.png"
    path.write_bytes(path.read_bytes()[:-40])
    refused(tmp_path, FOLDER, "7.png: not a readable image")


def test_gray_is_pillows(rng):
    images = rng.integers(0, 256, (40, 16, 16, 3), np.uint8)
    expected = np.stack([np.asarray(Image.fromarray(image).convert("L")) for image in images])
    np.testing.assert_array_equal(to_gray(images), expected)
    np.testing.assert_array_equal(to_gray(expected), expected)


def test_gray_in_blocks(rng, monkeypatch):
    images = rng.integers(0, 256, (10, 2, 2, 3), np.uint8)
    whole = to_gray(images)
    monkeypatch.setattr("neurons.data.convert.BLOCK", 3)
    np.testing.assert_array_equal(to_gray(images), whole)


def test_digits(tmp_path):
    from sklearn.datasets import load_digits

    result, digits = converted(tmp_path, {"source": "digits"}), load_digits()
    assert result["train/images"].shape[1:] == (8, 8) and result["classes"] == list("0123456789")
    assert len(result["test/labels"]) == pytest.approx(0.2 * len(digits.target), abs=1)
    both = np.concatenate([result["train/images"], result["test/images"]]).reshape(-1, 64)
    labels = np.concatenate([result["train/labels"], result["test/labels"]])
    expected = np.floor(digits.data / 16 * 255 + 0.5)
    order, own = (np.lexsort(np.column_stack([x, y]).T) for x, y in ((expected, digits.target), (both, labels)))
    np.testing.assert_allclose(both[own], expected[order], atol=1)
    np.testing.assert_array_equal(labels[own], digits.target[order])


@pytest.mark.parametrize("source", ["cifar10", "cifar100"])
def test_missing_cifar_files(tmp_path, source):
    refused(tmp_path, {"source": source}, "files are missing or have the wrong checksum")


def test_a_subset_of_the_training_images_keeps_the_shares_and_the_test_set(tmp_path):
    whole = converted(tmp_path, {"source": "digits"})
    part, again, other = (
        converted(tmp_path, {"source": "digits", "train_samples": 300} | more)
        for more in ({}, {}, {"train_samples_seed": 1})
    )
    counts, expected = np.bincount(part["train/labels"]), np.bincount(whole["train/labels"]) * 300 / 1437
    assert counts.sum() == 300 and np.all(np.abs(counts - expected) < 1)
    known = {image.tobytes(): label for image, label in zip(whole["train/images"], whole["train/labels"])}
    assert all(known[i.tobytes()] == label for i, label in zip(part["train/images"], part["train/labels"]))
    assert len({image.tobytes() for image in part["train/images"]}) == 300
    for name in ("test/images", "test/labels"):
        np.testing.assert_array_equal(part[name], whole[name])
    np.testing.assert_array_equal(part["train/images"], again["train/images"])
    assert not np.array_equal(part["train/images"], other["train/images"])
    np.testing.assert_array_equal(
        converted(tmp_path, {"source": "digits", "train_samples": 1437})["train/images"], whole["train/images"]
    )


def test_a_subset_of_more_images_than_there_are_or_without_a_class_is_refused(tmp_path):
    refused(
        tmp_path, {"source": "digits", "train_samples": 1438}, "toy, train: train_samples is 1438, and .* 1437 images"
    )
    refused(tmp_path, {"source": "digits", "train_samples": 9}, "toy, train, train_samples 9: class . has no sample")
