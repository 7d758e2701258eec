import json
import os

import pytest

from neurons.data import identity
from neurons.data.fetch import fetch
from neurons.data.identity import content, dataset_content, kept_content, stamp, unpublished_files

NPZ = {"source": "npz", "path": "own.npz"}
FOLDER = {"source": "image_folder", "path": "photos"}


@pytest.fixture
def raw(tmp_path):
    """A folder of raw data: an archive of arrays, and two classes of images with what other programs leave."""
    folder = tmp_path / "raw"
    names = ("own.npz", "photos/ant/1.png", "photos/bee/1.png", "photos/bee/2.jpg", "photos/.thumbs/1.png")
    for name in (*names, "photos/bee/notes.txt", "photos/ant/._1.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def put(path, text: str, **times) -> None:
    """Write a file and give it the time it had, or another one."""
    before = path.stat()
    path.write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + times.get("later", 0)))


def test_the_unpublished_files_of_each_source(raw):
    assert unpublished_files({"source": "digits"}, raw)[1] == unpublished_files({"source": "cifar10"}, raw)[1] == []
    assert unpublished_files(NPZ, raw) == (raw, [raw / "own.npz"])
    names = ["ant/1.png", "bee/1.png", "bee/2.jpg"]
    assert unpublished_files(FOLDER, raw) == (raw / "photos", [raw / "photos" / name for name in names])
    assert unpublished_files(FOLDER | {"classes": ["bee", "cow"]}, raw)[1] == [
        raw / "photos" / name for name in names[1:]
    ]


def test_archives_of_published_data_are_fixed_by_their_checksums_and_unpacked_ones_are_not(raw):
    folder = raw / "MNIST/raw"
    folder.mkdir(parents=True)
    assert len(unpublished_files({"source": "mnist"}, raw)[1]) == 4
    (folder / "train-images-idx3-ubyte.gz").touch()
    assert folder / "train-images-idx3-ubyte" not in unpublished_files({"source": "mnist"}, raw)[1]


@pytest.mark.parametrize("dataset, name", [(NPZ, "own.npz"), (FOLDER, "photos/bee/1.png")])
def test_content_follows_what_the_files_hold_and_not_when_or_where(raw, tmp_path, dataset, name):
    cache, manifest = tmp_path / "cache.json", tmp_path / "manifest.json"

    def of(folder):
        return dataset_content(dataset, folder, manifest, cache)

    first = of(raw)
    assert first == of(raw) == content(*unpublished_files(dataset, raw))
    put(raw / name, (raw / name).read_text(), later=10**9)
    assert of(raw) == first
    moved = raw.rename(tmp_path / "moved")
    assert of(moved) == first
    put(moved / name, "another, longer text")  # of the same time
    second = of(moved)
    put(moved / name, "another, longer TEXT", later=-(10**9))  # older, of the same size
    assert len({first, second, of(moved)}) == 3


def test_a_file_more_or_under_another_name_is_other_content(raw, tmp_path):
    found = {dataset_content(FOLDER, raw, tmp_path / "m", tmp_path / "c")}
    (raw / "photos/ant/2.png").write_text("x")
    found.add(dataset_content(FOLDER, raw, tmp_path / "m", tmp_path / "c"))
    (raw / "photos/ant/2.png").rename(raw / "photos/bee/3.png")
    found.add(dataset_content(FOLDER, raw, tmp_path / "m", tmp_path / "c"))
    assert len(found) == 3


def test_nothing_is_read_twice(raw, tmp_path, monkeypatch):
    first = dataset_content(NPZ, raw, tmp_path / "m", tmp_path / "c.json")
    monkeypatch.setattr(identity, "content", lambda *_: pytest.fail("read again"))
    assert dataset_content(NPZ, raw, tmp_path / "m", tmp_path / "c.json") == first


@pytest.mark.parametrize("text", ["", "[]", "{", "\0"])
def test_a_damaged_cache_is_no_cache(raw, tmp_path, text):
    (tmp_path / "c.json").write_text(text)
    assert dataset_content(NPZ, raw, tmp_path / "m", tmp_path / "c.json") == content(raw, [raw / "own.npz"])
    assert len(json.loads((tmp_path / "c.json").read_text())) == 1


def test_a_cache_that_cannot_be_written_is_done_without(raw, tmp_path):
    (tmp_path / "file").touch()
    assert kept_content(raw, [raw / "own.npz"], tmp_path / "file/c.json") == content(raw, [raw / "own.npz"])


@pytest.mark.parametrize("dataset", [NPZ, FOLDER])
def test_converted_data_outlive_the_raw_ones(raw, tmp_path, dataset):
    manifest, cache = tmp_path / "manifest.json", tmp_path / "cache.json"
    fetch("own", dataset, raw, False, manifest)
    before = dataset_content(dataset, raw, manifest, cache)
    assert before and before == json.loads(manifest.read_text())["content"]
    raw.rename(tmp_path / "gone")
    assert dataset_content(dataset, raw, manifest, cache) == before
    manifest.unlink()
    assert dataset_content(dataset, raw, manifest, cache) is None


def test_a_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "own.npz")
    assert dataset_content(NPZ, tmp_path, tmp_path / "m", tmp_path / "c") is None


def test_a_stamp_follows_size_and_time(tmp_path):
    path = tmp_path / "01.h5"
    assert stamp(path) is None
    path.write_text("one")
    found = [stamp(path)]
    put(path, "two")
    assert stamp(path) == found[0] == stamp(path.rename(tmp_path / "moved.h5"))
    path = tmp_path / "moved.h5"
    put(path, "three")
    found.append(stamp(path))
    put(path, "three", later=-5)
    assert len({*found, stamp(path)}) == 3
