"""Reading a folder with one sub-folder of images per class."""

import os
from pathlib import Path

import numpy as np

from neurons.core.errors import InputError
from neurons.data.dataset import stratified_split

HIDDEN = (".", "__")  # beginnings of names that other programs give: .thumbs, .ipynb_checkpoints, __MACOSX, ._1.png
PIXELS_VARIABLE = "NEURONS_MAX_PIXELS"  # of the environment: the most pixels of an image
MAX_PIXELS = 178_956_970  # where the variable is not set; Pillow's limit against decompression bombs
SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I;16N")  # Pillow's modes
# Formats whose mode "I", 32-bit integers, holds 16-bit values.
SIXTEEN_BIT_FORMATS = ("PNG", "PPM")


def class_folders(root: Path) -> list[str]:
    """Return the names of the class folders of a data set, sorted: its sub-folders but for those of other programs.

    Raises
    ------
    InputError
        If `root` is no folder.
    """
    if not root.is_dir():
        raise InputError(f"{root}: not a folder; set the data set's 'path' to a folder with one sub-folder per class")
    return sorted(path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith(HIDDEN))


def image_files(folder: Path) -> list[Path]:
    """Return the images of a class folder by their endings, sorted, without those of other programs (`._1.png`)."""
    from PIL import Image

    endings = Image.registered_extensions()
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in endings and not p.name.startswith(HIDDEN))


def listed_images(root: Path, dataset: dict) -> tuple[list[str], list[Path]]:
    """Return the classes of a data set, as given or by their folders, and the images in those folders that exist."""
    classes = dataset.get("classes") or class_folders(root)
    return classes, [path for name in classes if (root / name).is_dir() for path in image_files(root / name)]


def max_pixels() -> int:
    """Return the most pixels that an image may have.

    Raises
    ------
    InputError
        If the environment's variable is no whole number.
    """
    text = os.environ.get(PIXELS_VARIABLE, str(MAX_PIXELS))
    if not text.isdecimal():
        raise InputError(f"the environment variable {PIXELS_VARIABLE} is {text!r}; it must be a whole number of pixels")
    return int(text)


def _eight_bit(image):
    """Return a Pillow image of 8 bits a channel: 16-bit values v become v / 257, rounded.

    Raises
    ------
    InputError
        If the range of its values is not known; the caller adds the file's name.
    """
    from PIL import Image

    if image.mode in SIXTEEN_BIT or image.mode == "I" and image.format in SIXTEEN_BIT_FORMATS:
        return Image.fromarray(((np.asarray(image).astype(np.uint32) + 128) // 257).astype(np.uint8))
    if image.mode in ("I", "F"):
        kind = "32-bit whole numbers" if image.mode == "I" else "floating-point numbers"
        raise InputError(f"its pixels are {kind}, whose range is not known; save it with 8 or 16 bits a channel")
    return image


def read_image(path: Path, mode: str, size: tuple[int, int] | None = None) -> np.ndarray:
    """Return an image as uint8, (H, W) for mode 'L' and (H, W, 3) for 'RGB', resized to `size` (width, height) if given.

    Raises
    ------
    InputError
        If it is no regular file, cannot be decoded, is too large, or holds numbers of an unknown range.
    """
    from PIL import Image

    if not path.is_file():  # a named pipe would be waited for
        raise InputError(f"{path}: not a regular file; delete it")
    Image.MAX_IMAGE_PIXELS = None  # checked here, where the limit can be raised
    try:
        with Image.open(path) as image:
            if image.width * image.height > (most := max_pixels()):
                raise InputError(
                    f"{image.width} x {image.height} pixels, more than {most}; make it smaller, or set the environment "
                    f"variable {PIXELS_VARIABLE} to a larger number if the file can be trusted"
                )
            image = _eight_bit(image).convert(mode)
            return np.asarray(image if size in (None, image.size) else image.resize(size))
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except Exception as error:  # Pillow's decoders let nearly every kind of error through
        raise InputError(f"{path}: not a readable image ({error}); replace or delete it") from None


def read_image_folder(dataset: dict, data_dir: Path):
    """Return (images, labels) of train and of test, and the names of the classes, of a data set's `path`.

    Raises
    ------
    InputError
        If a class folder is missing or has fewer than two images, an image cannot be read, or sizes differ.
    """
    root = data_dir / dataset["path"]
    classes = dataset.get("classes") or class_folders(root)
    if len(classes) < 2:
        raise InputError(f"{root}: {len(classes)} class folders; one sub-folder of images per class is needed")
    mode = "L" if dataset.get("grayscale") else "RGB"
    size = tuple(reversed(dataset["size"])) if "size" in dataset else None
    images, labels = [], []
    for label, name in enumerate(classes):
        if not (root / name).is_dir():
            raise InputError(f"{root / name}: no such class folder; fix the list 'classes' or the path")
        paths = image_files(root / name)
        if len(paths) < 2:
            raise InputError(f"{root / name}: {len(paths)} images; every class needs two or more")
        for path in paths:
            images.append(read_image(path, mode, size))
            if images[-1].shape != images[0].shape:
                shapes = f"{images[-1].shape[:2]} and {images[0].shape[:2]}"
                raise InputError(f"{path}: images differ in size ({shapes}); set the data set's key 'size'")
            labels.append(label)
    return *stratified_split(np.stack(images), np.array(labels), dataset), classes
