"""Image folders: depths of pixels, and what lies in such folders beside images."""

import os
import struct
import zlib

import h5py
import numpy as np
import pytest
from PIL import Image
from samples import files_in

from neurons.core.errors import InputError
from neurons.data.convert import convert
from neurons.data.fetch import fetch
from neurons.data.images import MAX_PIXELS, class_folders, image_files, read_image

FOLDER = {"source": "image_folder", "path": "photos"}


def converted(tmp_path, **options) -> dict[str, int]:
    """Convert the folder `photos` and return the number of images per class."""
    convert("toy", FOLDER | options, tmp_path, tmp_path / "data.h5")
    with h5py.File(tmp_path / "data.h5") as file:
        labels = np.concatenate([file[f"{split}/labels"][:] for split in ("train", "test")])
        return dict(zip(file.attrs["classes"], np.bincount(labels).tolist()))


def refused(tmp_path, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        converted(tmp_path)
    assert "\n" not in str(error.value)
    str(error.value).encode()
    assert not [name for name in files_in(tmp_path) if "data.h5" in name]


@pytest.fixture
def photos(tmp_path, rng):
    """Two class folders of 6 gray images each."""
    for name in ("ant", "bee"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for i in range(6):
            picture = rng.integers(0, 256, (4, 5), np.uint8)
            Image.fromarray(picture).save(tmp_path / "photos" / name / f"{i}.png")
    return tmp_path / "photos"


def save_pgm(values, path):
    height, width = values.shape
    path.write_bytes(b"P5 %d %d 65535\n" % (width, height) + values.astype(">u2").tobytes())


def save(values, path):
    Image.fromarray(values).save(path)


EVERY = np.arange(65536, dtype=np.uint16).reshape(256, 256)


@pytest.mark.parametrize("name, write", [("a.png", save), ("a.tif", save), ("a.pgm", save_pgm)])
def test_16_bit_images_are_scaled_to_8_bits(tmp_path, name, write):
    write(EVERY, tmp_path / name)
    expected = np.rint(EVERY * (255 / 65535))
    np.testing.assert_array_equal(read_image(tmp_path / name, "L"), expected)
    np.testing.assert_array_equal(read_image(tmp_path / name, "RGB"), np.stack([expected] * 3, axis=2))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr"])
@pytest.mark.parametrize("wanted", ["L", "RGB"])
def test_8_bit_images_are_what_pillow_makes(tmp_path, rng, mode, wanted):
    image = Image.fromarray(rng.integers(0, 256, (6, 7, 3), np.uint8)).convert(mode)
    path = tmp_path / ("a.tif" if mode in ("CMYK", "YCbCr") else "a.png")
    image.save(path)
    np.testing.assert_array_equal(read_image(path, wanted), np.asarray(image.convert(wanted)))


@pytest.mark.parametrize(
    "dtype, kind", [(np.float32, "floating-point numbers"), (np.int32, "32-bit whole numbers")], ids=["float", "int32"]
)
def test_images_of_an_unknown_range_are_refused_by_name(tmp_path, photos, dtype, kind):
    save(np.ones((4, 5), dtype), photos / "bee" / "x.tif")
    refused(tmp_path, f"bee/x.tif: its pixels are {kind}, whose range is not known; save it with 8 or 16 bits")


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bomb(path, width: int, height: int) -> None:
    """Write a PNG that declares many pixels and holds hardly any."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))))


def test_an_image_bomb_is_refused_with_the_limit_and_how_to_raise_it(tmp_path, photos):
    bomb(photos / "ant" / "9.png", 60000, 60000)
    words = f"ant/9.png: 60000 x 60000 pixels, more than {MAX_PIXELS}; .*environment variable NEURONS_MAX_PIXELS"
    refused(tmp_path, words)


def test_the_limit_can_be_raised_and_lowered(tmp_path, photos, monkeypatch):
    monkeypatch.setenv("NEURONS_MAX_PIXELS", "20")
    assert converted(tmp_path) == {"ant": 6, "bee": 6}
    monkeypatch.setenv("NEURONS_MAX_PIXELS", "19")
    (tmp_path / "data.h5").unlink()
    refused(tmp_path, "ant/0.png: 5 x 4 pixels, more than 19")
    monkeypatch.setenv("NEURONS_MAX_PIXELS", "many")
    refused(tmp_path, "NEURONS_MAX_PIXELS is 'many'; it must be a whole number")
    monkeypatch.setenv("NEURONS_MAX_PIXELS", str(10**10))
    bomb(photos / "ant" / "9.png", 20000, 10000)
    refused(tmp_path, "ant/9.png: not a readable image")


@pytest.mark.parametrize("name", [".thumbs", "__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git"])
def test_folders_of_other_programs_are_no_classes(tmp_path, photos, name):
    (photos / name).mkdir()
    (photos / name / "0.png").write_bytes(b"no image")
    assert converted(tmp_path) == {"ant": 6, "bee": 6}


def test_such_a_folder_that_is_listed_is_a_class(tmp_path, photos):
    (photos / "bee").rename(photos / ".bee")
    assert converted(tmp_path, classes=["ant", ".bee"]) == {"ant": 6, ".bee": 6}


@pytest.mark.parametrize("name", ["._0.png", ".0.png", "notes.txt", "Thumbs.db"])
def test_files_of_other_programs_are_no_images(tmp_path, photos, name):
    (photos / "ant" / name).write_bytes(b"no image")
    assert converted(tmp_path) == {"ant": 6, "bee": 6}


def pipe(path):
    os.mkfifo(path)


def dangling(path):
    path.symlink_to("nowhere.png")


@pytest.mark.parametrize("make", [pipe, dangling, os.mkdir])
def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path, photos, make):
    make(photos / "bee" / "x.png")
    refused(tmp_path, "bee/x.png: not a regular file; delete it")


def test_a_link_to_an_image_is_one(tmp_path, photos):
    (photos / "bee" / "x.png").symlink_to(photos / "ant" / "0.png")
    assert converted(tmp_path) == {"ant": 6, "bee": 7}


def test_names_of_files_that_are_not_utf8(tmp_path, photos):
    name = os.fsdecode(b"caf\xe9.png")
    (photos / "ant" / "0.png").rename(photos / "ant" / name)
    assert converted(tmp_path) == {"ant": 6, "bee": 6}
    fetch("toy", FOLDER, tmp_path, False, tmp_path / "manifest.json")
    (tmp_path / "data.h5").unlink()
    (photos / "ant" / name).write_bytes(b"no image")
    refused(tmp_path, r"ant/caf\\udce9.png: not a readable image")


@pytest.mark.parametrize("name", [b"caf\xe9", b"line\nbreak", b"bell\x07"])
def test_names_of_classes_that_cannot_be_written(tmp_path, photos, name):
    (photos / "bee").rename(photos / os.fsdecode(name))
    refused(tmp_path, "data set toy: class .*: the name holds a control character or is not UTF-8; rename it")


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "photos").write_text("no folder")
    refused(tmp_path, "photos: not a folder")


def test_the_listing_is_sorted(photos):
    assert class_folders(photos) == ["ant", "bee"]
    assert [path.name for path in image_files(photos / "ant")] == [f"{i}.png" for i in range(6)]


@pytest.mark.parametrize(
    "damage", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0\xff\xff\xff\xff", b"BM" + bytes(60), b"P5 -3 4 255\n"]
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("ending", ["png", "gif", "tif", "bmp", "pgm", "jpg", "webp"])
def test_damaged_images_are_refused_by_name(tmp_path, damage, ending):
    (tmp_path / f"x.{ending}").write_bytes(damage)
    with pytest.raises(InputError, match=f"x.{ending}: not a readable image"):
        read_image(tmp_path / f"x.{ending}", "L")
